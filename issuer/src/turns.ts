export class TooManyWaiting extends Error {}

/** At most `concurrent` turns at a time, and `waiting` more in line; beyond that `TooManyWaiting`. */
export function createTurns({ concurrent, waiting }: { concurrent: number; waiting: number }) {
  let running = 0
  let refused = 0
  const line: (() => void)[] = []

  /** Resolves when it is one's turn, with the function that ends it. */
  async function take(): Promise<() => void> {
    if (running < concurrent) running += 1
    else if (line.length >= waiting) {
      refused += 1
      throw new TooManyWaiting()
    } else await new Promise<void>(resolve => line.push(resolve))
    return end
  }

  function end(): void {
    const next = line.shift()
    if (next) next()
    else running -= 1
  }

  return { take, figures: () => ({ running, waiting: line.length, refused }) }
}
export type Turns = ReturnType<typeof createTurns>
