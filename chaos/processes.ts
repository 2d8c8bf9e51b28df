// Processes as an operator sees them: started, stopped, frozen, killed, and measured through /proc.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const root = join(import.meta.dirname, '..')

const FAKETIME = ['x86_64', 'aarch64'].map(
  machine => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`,
)

export interface Process {
  pid: number
  /** Its standard output, when it goes to a pipe. */
  stdout: Readable | null
  signal(name: NodeJS.Signals): void
  isRunning(): boolean
  /** Resolves with its exit code; null when a signal killed it. */
  exit: Promise<number | null>
}

interface Start {
  env: NodeJS.ProcessEnv
  /** Gets standard output and standard error. */
  logFile: string
  /** Gets standard error instead, where the log must hold nothing else. */
  wordsFile?: string
  /** Standard output goes to a pipe instead, and nobody has to read it. */
  pipe?: boolean
}

export async function startProcess(command: readonly string[], how: Start): Promise<Process> {
  const [program = '', ...args] = command
  const log = await open(how.logFile, 'a')
  const words = how.wordsFile === undefined ? log : await open(how.wordsFile, 'a')
  const stdio = ['ignore', how.pipe ? 'pipe' : log.fd, words.fd] as const
  // A group of its own: Ctrl-C is for the runner, which ends everything in order.
  const child = spawn(program, args, { cwd: root, env: how.env, detached: true, stdio: [...stdio] })
  const exit = exitOf(child)
  await log.close()
  if (words !== log) await words.close()
  return {
    pid: child.pid!,
    stdout: child.stdout,
    signal: name => void child.kill(name),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    exit,
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit')
  return code
}

/** A wall clock of one process's own; its monotonic clock stays the machine's. */
export interface FakeClock {
  env: NodeJS.ProcessEnv
  set(seconds: number): Promise<void>
}

/** Null where Debian's package `faketime` is not installed. */
export async function createFakeClock(file: string, seconds: number): Promise<FakeClock | null> {
  const library = FAKETIME.find(isThere)
  if (!library) return null
  // In a draft first: the process may look at any moment.
  const set = (offset: number) => writeFile(file, `${offset < 0 ? '' : '+'}${offset}\n`)
  await set(seconds)
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  }
  return { env, set }
}

function isThere(path: string): boolean {
  try {
    return readFileSync(path).length > 0
  } catch {
    return false
  }
}

/** A process and all that descend from it, itself first. */
export function familyOf(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter(isNumber)
      .map(name => [Number(name), parentOf(name)]),
  )
  const family = [pid]
  for (const member of family)
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  return family
}

const isNumber = (name: string) => /^\d+$/.test(name)

/** Not a zombie either, which nobody may have collected yet. */
export function isAlive(pid: number): boolean {
  const stat = readProc(String(pid), 'stat')
  return stat !== '' && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
}

/** The fourth field of `stat`; the second is a name in brackets that may hold anything. */
function parentOf(pid: string): number {
  const stat = readProc(pid, 'stat')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Open files and sockets of a process, and the memory it holds, in bytes. */
export function usageOf(pid: number): { descriptors: number; memory: number } {
  const pages = Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(String(pid), 'status'))?.[1] ?? 0)
  return { descriptors: countDescriptors(pid), memory: pages * 1024 }
}

function countDescriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
