// A PostgreSQL server as a process: is it there, is it ready, end it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

type PidFile = { pid: number; isReady: boolean }

/** What the running server says of itself in `postmaster.pid` (line 1 its pid, line 8 its state). */
export async function readPidFile(cluster: string): Promise<PidFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, isReady: lines[7]?.trim() === 'ready' } : null
}

/**
 * Ends a server that a killed Latchkey left behind. A pid that meanwhile belongs to another program is
 * forgotten, for PostgreSQL itself would take it for a running server.
 */
export async function stopOrphan(cluster: string): Promise<void> {
  const { pid } = (await readPidFile(cluster)) ?? {}
  if (pid === undefined) return
  const isServer = () => commandLine(pid).includes(cluster)
  if (isServer()) await endServer(pid, isServer)
  else await rm(join(cluster, 'postmaster.pid'))
}

/** SIGINT ends sessions and writes everything out; SIGQUIT leaves that to the recovery of the next start. */
export async function endServer(
  pid: number,
  isRunning: () => boolean,
  { force = false } = {},
): Promise<void> {
  const steps = [
    { signal: 'SIGINT', patience: force ? 0 : 15_000 },
    { signal: 'SIGQUIT', patience: 5_000 },
    { signal: 'SIGKILL', patience: 5_000 },
  ] as const
  for (const { signal, patience } of steps) {
    if (patience > 0 && (await signalAndWait(pid, signal, isRunning, patience))) return
  }
  throw new StartError(`PostgreSQL (pid ${pid}) does not end`)
}

async function signalAndWait(
  pid: number,
  signal: NodeJS.Signals,
  isRunning: () => boolean,
  patience: number,
) {
  const deadline = performance.now() + patience
  if (isRunning()) process.kill(pid, signal)
  while (isRunning() && performance.now() < deadline) await sleep(10)
  return !isRunning()
}

/** Empty for a process that has ended, also when nobody has collected it yet. */
function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
