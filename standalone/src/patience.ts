import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'

const PATIENCE_MS = 10_000

type Waiting = {
  /** Said once, when the waiting begins. */
  what: string
  /** The fault, when it was in vain. */
  giveUp(cause: unknown): string | Promise<string>
  signal: AbortSignal
}

/** Tries again for ten seconds: what is in the way may be a Latchkey that is just stopping. */
export async function retryWhile<T>(
  isInTheWay: (error: unknown) => boolean,
  work: () => T | Promise<T>,
  { what, giveUp, signal }: Waiting,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (cause) {
      if (!isInTheWay(cause)) throw cause
      if (performance.now() > deadline) throw new StartError(await giveUp(cause), { cause })
      if (attempt === 1) say(`${what} (up to ${PATIENCE_MS / 1000} s)`)
      await sleep(50)
      signal.throwIfAborted()
    }
  }
}
