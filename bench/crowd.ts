// A crowd in which everybody holds a connection of their own and asks when it is their turn: open loop, with arrival
// times that are fixed beforehand, and latency counted from them.
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, openWire, type Wire } from './wire.ts'

export interface Task {
  /** Milliseconds after the start. */
  due: number
  /** Who asks: one thing at a time, as over one connection. */
  who: number
  run(note: Note, due: number): Promise<void>
}

/** Takes note of something that was due `since`, and of what went wrong with it. */
export type Note = (kind: string, since: number, fault?: string) => void

export interface Tally {
  /** Milliseconds from when each was due, ascending. */
  took: number[]
  failed: number
}

export interface Outcome {
  tallies: Map<string, Tally>
  /** How late the generator itself was, in milliseconds, ascending. */
  late: number[]
  /** What went wrong, with how often. */
  faults: Map<string, number>
}

/** Whoever waits longer has failed. */
const PATIENCE_MS = 20_000

export async function play(tasks: Task[]): Promise<Outcome> {
  const outcome: Outcome = { tallies: new Map(), late: [], faults: new Map() }
  const note = createNote(outcome)
  const last = new Map<number, Promise<void>>()
  const start = performance.now()
  for (let next = 0; next < tasks.length; ) {
    for (; next < tasks.length && start + tasks[next]!.due <= performance.now(); next += 1) {
      const { due, who, run } = tasks[next]!
      outcome.late.push(performance.now() - start - due)
      const before = last.get(who) ?? Promise.resolve()
      last.set(
        who,
        before.then(() => inTime(run(note, start + due), note, start + due)),
      )
    }
    await delay(1)
  }
  await Promise.all(last.values())
  outcome.late.sort((a, b) => a - b)
  for (const { took } of outcome.tallies.values()) took.sort((a, b) => a - b)
  return outcome
}

async function inTime(work: Promise<void>, note: Note, due: number): Promise<void> {
  const patience = new AbortController()
  const late = delay(PATIENCE_MS, true, { signal: patience.signal }).catch(() => false)
  const isLate = await Promise.race([work.then(() => false), late])
  patience.abort()
  if (isLate) note('without an answer', due, `after ${PATIENCE_MS} ms`)
}

const createNote =
  ({ tallies, faults }: Outcome): Note =>
  (kind, since, fault) => {
    const tally = tallies.get(kind) ?? { took: [], failed: 0 }
    tallies.set(kind, tally)
    tally.took.push(performance.now() - since)
    if (!fault) return
    tally.failed += 1
    const name = `${kind}: ${fault}`
    faults.set(name, (faults.get(name) ?? 0) + 1)
  }

/** A connection that is opened again when the server has ended it, as a browser does. */
export class Line {
  readonly port: number
  readonly address: string
  #wire: Wire | null = null

  constructor(port: number, address: string) {
    this.port = port
    this.address = address
  }

  get open(): boolean {
    return this.#wire?.open === true
  }

  async send(request: string): Promise<Answer | null> {
    if (!this.#wire?.open) this.#wire = openWire(this.port, this.address)
    return await this.#wire.send(request)
  }

  end(): void {
    this.#wire?.end()
  }
}

/** Moments of people who know nothing of each other: `rate` a second on average, the same for the same seed. */
export function arrivals(rate: number, seconds: number, seed: number): number[] {
  const random = createRandom(seed)
  const moments: number[] = []
  for (let at = 0; at < seconds * 1000; at += (-Math.log(1 - random()) * 1000) / rate) moments.push(at)
  return moments
}

/** mulberry32 */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
