// A run that a signal may end at any moment: what it writes lies in one temporary folder, and what it starts are its
// descendants, so that nothing of either stays behind.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const PATIENCE_MS = 5_000

/** From now on this process and its children have a temporary folder that goes with it. */
export function useOwnFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-run-'))
  chmodSync(folder, 0o711) // PostgreSQL may have to run as somebody else.
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopAll)
}

async function stopAll(): Promise<void> {
  console.error('Stopping what was started')
  const deadline = performance.now() + PATIENCE_MS
  for (let all = descendants(); all.length > 0; all = descendants()) {
    const isLate = performance.now() > deadline
    // At SIGQUIT PostgreSQL ends without writing anything out: its data go anyway.
    for (const { pid, name } of all)
      send(pid, isLate ? 'SIGKILL' : name.includes('postgres') ? 'SIGQUIT' : 'SIGTERM')
    await delay(200)
  }
  process.exit(1)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

interface Running {
  pid: number
  parent: number
  state: string
  name: string
}

/** Those this process started, and those they started. */
function descendants(): Running[] {
  const all = processes().filter(({ state, name }) => !state.startsWith('Z') && name !== 'ps')
  const below = (pid: number): Running[] =>
    all.filter(({ parent }) => parent === pid).flatMap(one => [one, ...below(one.pid)])
  return below(process.pid)
}

function processes(): Running[] {
  const [lines, pattern] =
    process.platform === 'linux'
      ? [linesOfProc(), /^(?<pid>\d+) \((?<name>.*)\) (?<state>\S) (?<parent>\d+) /s]
      : [linesOfPs(), /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<state>\S+)\s+(?<name>.*)$/]
  return lines.flatMap(line => {
    const { pid, parent, state = '', name = '' } = pattern.exec(line)?.groups ?? {}
    return pid ? [{ pid: Number(pid), parent: Number(parent), state, name }] : []
  })
}

/** A bare Debian has no `ps`. */
function linesOfProc(): string[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return pids.flatMap(pid => {
    try {
      return [readFileSync(`/proc/${pid}/stat`, 'utf8')]
    } catch {
      return [] // It has ended meanwhile.
    }
  })
}

const linesOfPs = () =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,comm='], { encoding: 'utf8' }).split('\n')
