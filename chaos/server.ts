// A server as a process of its own that can be ended and started again at the same place.
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type Process, startProcess } from './processes.ts'

export interface ServerPlace {
  name: string
  command: readonly string[]
  port: number
  env: NodeJS.ProcessEnv
  logFile: string
  /** For what it says to people; without it, that goes to the log file too. */
  wordsFile?: string
}

interface Start {
  /** Variables over those of its place. */
  env?: NodeJS.ProcessEnv
  pipe?: boolean
  /** It has started when this answers 200. */
  until?: '/readyz' | '/healthz'
}

export interface Server {
  name: string
  /** Its own address, whatever is put in front of it. */
  url: string
  start(options?: Start): Promise<void>
  /** With SIGTERM, or with SIGKILL. */
  stop(how?: { force: boolean }): Promise<void>
  readonly process: Process
}

export const commandOf = (role: 'issuer' | 'api') => [process.execPath, 'standalone/src/serve.ts', role]

export function createServer({ name, command, port, env: given, logFile, wordsFile }: ServerPlace): Server {
  const url = `http://127.0.0.1:${port}`
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), API_URL: url }
  let running: Process | null = null

  return {
    name,
    url,
    async start({ env = {}, pipe = false, until = '/readyz' } = {}) {
      running = await startProcess(command, { env: { ...own, ...given, ...env }, logFile, wordsFile, pipe })
      await untilGood(name, `${url}${until}`, running)
    },
    async stop({ force } = { force: false }) {
      if (!running?.isRunning()) return
      running.signal('SIGCONT')
      running.signal(force ? 'SIGKILL' : 'SIGTERM')
      await running.exit
      while (isAlive(running.pid)) await sleep(5)
    },
    get process() {
      return running!
    },
  }
}

/** Resolves when the address answers 200; rejects when its process has ended or a minute is over. */
export async function untilGood(name: string, url: string, process: Process): Promise<void> {
  const deadline = performance.now() + 60_000
  while (process.isRunning() && performance.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await sleep(10)
  }
  throw new Error(`${name} did not become ready`)
}
