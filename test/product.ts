// The product as its user meets it: a process, a port, a data folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const root = join(import.meta.dirname, '..')

export type Place = { dataDir: string; port: number; url: string; remove(): Promise<void> }

export type Product = {
  url: string
  pid: number
  /** What it has said so far: the log, and the words for a person. */
  log(): string
  words(): string
  /** Closes both, as a terminal does that goes away. */
  stopReading(): void
  kill(signal: NodeJS.Signals): void
  /** As the terminal's Ctrl-C does: every process of the group gets it. */
  killGroup(signal: NodeJS.Signals): void
  /** Its exit code (null: it was killed). */
  exit: Promise<number | null>
}

type Start = { command?: string[]; cwd?: string; env?: NodeJS.ProcessEnv }

/** A data folder that does not exist yet and a port that nobody has. */
export async function createPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-product-'))
  const port = await freePort()
  const remove = () => rm(folder, { recursive: true, force: true })
  return { dataDir: join(folder, 'data'), port, url: `http://localhost:${port}`, remove }
}

export const byNode = ['node', 'standalone/src/main.ts']
export const byNpm = ['npm', 'start']

/** Starts a process of the product without waiting for anything. */
export function launch(place: Place, { command = byNode, cwd = root, env = {} }: Start = {}): Product {
  const [program = '', ...args] = command
  const all = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: place.dataDir,
    PORT: `${place.port}`,
    ...env,
  }
  const child = spawn(program, args, { cwd, env: all, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const texts = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => (texts.stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (texts.stderr += text))
  return {
    url: place.url,
    pid: child.pid!,
    log: () => texts.stdout,
    words: () => texts.stderr,
    stopReading: () => {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    kill: signal => void child.kill(signal),
    killGroup: signal => void process.kill(-child.pid!, signal),
    exit: exitOf(child),
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'close')
  return code
}

/** Starts the product and waits until it is ready, or throws what it said. */
export async function start(place: Place, how: Start = {}): Promise<Product> {
  const product = launch(place, how)
  const ended = product.exit.then(code => {
    throw new Error(`it ended with ${code}: ${product.words()}`)
  })
  const waiting = new AbortController()
  try {
    await Promise.race([ended, untilReady(place.url, waiting.signal)])
  } finally {
    waiting.abort()
    ended.catch(() => {})
  }
  return product
}

async function untilReady(url: string, waiting: AbortSignal): Promise<void> {
  const deadline = performance.now() + 60_000
  while (performance.now() < deadline && !waiting.aborted) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null)
    if (answer?.status === 200) return
    await sleep(20)
  }
  throw new Error('it did not become ready within a minute')
}

/** The process of the embedded PostgreSQL, while there is one. */
export async function postgresPid({ dataDir }: Place): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postgres-18/postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 0 && isRunning(pid) ? pid : null
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
