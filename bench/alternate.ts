// Requests to some targets in turn, one at a time: whatever else the machine does falls on all of them alike.
import { median, quantile } from './load.ts'
import { openWire, type Wire } from './wire.ts'

export interface Target {
  port: number
  /** Asked for in turn, as they go over the wire. */
  requests: string[]
}

/** Milliseconds of the requests that were answered 2xx: medians of the rounds. */
export interface Latency {
  p50: number
  p95: number
  p99: number
  /** The others, by status; 0 is a connection that ended. */
  failed: Record<number, number>
}

export async function alternate(
  targets: Target[],
  { rounds, requests }: { rounds: number; requests: number },
): Promise<Latency[]> {
  const asked = targets.map(createAsker)
  try {
    // What warms caches, plans and the compiler is not counted.
    await askInTurn(asked, requests / 2)
    for (const one of asked) one.forget()
    for (let round = 0; round < rounds; round += 1) await askWithoutErrors(asked, requests)
  } finally {
    for (const { end } of asked) end()
  }
  return asked.map(({ rounds, failed }) => {
    const of = (share: number) => median(rounds.map(times => quantile(times, share)))
    return { p50: of(0.5), p95: of(0.95), p99: of(0.99), failed: Object.fromEntries(failed) }
  })
}

/** Of a round in which requests failed. */
const TRIES = 3

/** A machine with other work can starve a server until it refuses; a round in which it did says nothing of speed. */
async function askWithoutErrors(asked: Asker[], requests: number): Promise<void> {
  for (let left = TRIES - 1; ; left -= 1) {
    await askInTurn(asked, requests)
    const statuses = asked.flatMap(({ failed }) => [...failed.keys()])
    if (statuses.length === 0 || left === 0) return
    console.log(`Requests failed (${[...new Set(statuses)].join(', ')}): the round is done again`)
    for (const { rounds, failed } of asked) {
      rounds.pop()
      failed.clear()
    }
  }
}

type Asker = ReturnType<typeof createAsker>

async function askInTurn(asked: Asker[], requests: number): Promise<void> {
  for (const { rounds } of asked) rounds.push([])
  for (let n = 0; n < requests; n += 1)
    for (let turn = 0; turn < asked.length; turn += 1) await asked[(turn + n) % asked.length]!.ask(n)
  for (const { rounds } of asked) rounds.at(-1)!.sort((a, b) => a - b)
}

function createAsker({ port, requests }: Target) {
  let wire: Wire = openWire(port)
  const rounds: number[][] = []
  const failed = new Map<number, number>()

  async function ask(n: number): Promise<void> {
    if (!wire.open) wire = openWire(port)
    const began = performance.now()
    const answer = await wire.send(requests[n % requests.length]!)
    const took = performance.now() - began
    const status = answer?.status ?? 0
    if (status >= 200 && status < 300) rounds.at(-1)!.push(took)
    else failed.set(status, (failed.get(status) ?? 0) + 1)
  }

  function forget(): void {
    rounds.length = 0
    failed.clear()
  }

  return { rounds, failed, ask, forget, end: () => wire.end() }
}
