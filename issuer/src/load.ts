/** Who would wait longer for a connection is told to come back, before any work is done. Most wait several times. */
const WAIT_MS = 250
/** However fast the database is believed to be. */
const MAX_WAITING = 10_000
/** A process that comes to its timers so late has more to do than it can. */
const LAG_MS = 500
const LOOK_MS = 50
/** The share of the newest turn in the average of all. */
const WEIGHT = 0.05

interface Parts {
  /** Requests that can be served at once. */
  slots: number
  waiting(): number
  monotonic?: () => number
}

export type Excess = 'queue' | 'event_loop'

/**
 * Whether one request more would only make all of them late. Beyond its capacity a server that takes everything in
 * ends up answering nothing in time; one that refuses the excess at once goes on at its best.
 */
export function createLoad({ slots, waiting, monotonic = () => performance.now() }: Parts) {
  let turn = 0
  let lag = 0
  let looked = monotonic()
  const timer = setInterval(() => {
    const now = monotonic()
    lag = now - looked - LOOK_MS
    looked = now
  }, LOOK_MS)
  timer.unref()

  return {
    excess(): Excess | null {
      if (lag > LAG_MS) return 'event_loop'
      const ahead = waiting()
      return ahead >= MAX_WAITING || (ahead * turn) / slots > WAIT_MS ? 'queue' : null
    },
    /** Takes note of how long a request held its slot, in milliseconds. */
    served(milliseconds: number): void {
      turn += (milliseconds - turn) * WEIGHT
    },
    close: () => clearInterval(timer),
  }
}
