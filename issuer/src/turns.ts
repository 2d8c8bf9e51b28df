export class TooManyWaiting extends Error {}

/**
 * At most `concurrent` turns at a time, and `waiting` more in line; beyond that `TooManyWaiting`. Who goes away leaves
 * the line: nothing is done for people who are not there, and no one is turned away for them.
 */
export function createTurns({ concurrent, waiting }: { concurrent: number; waiting: number }) {
  let running = 0
  let refused = 0
  const line: (() => void)[] = []

  /** Resolves when it is one's turn, with the function that ends it. */
  async function take(gone?: AbortSignal): Promise<() => void> {
    if (running < concurrent) running += 1
    else if (line.length >= waiting) {
      refused += 1
      throw new TooManyWaiting()
    } else await standInLine(gone)
    return end
  }

  async function standInLine(gone?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      const place = line.indexOf(resolve)
      if (place < 0) return
      line.splice(place, 1)
      reject(new TooManyWaiting('gone'))
    }
    line.push(resolve)
    gone?.addEventListener('abort', leave)
    if (gone?.aborted) leave()
    await promise.finally(() => gone?.removeEventListener('abort', leave))
  }

  function end(): void {
    const next = line.shift()
    if (next) next()
    else running -= 1
  }

  return { take, figures: () => ({ running, waiting: line.length, refused }) }
}
export type Turns = ReturnType<typeof createTurns>
