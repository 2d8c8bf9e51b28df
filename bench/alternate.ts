// Requests to some targets in turn, one at a time: whatever else the machine does falls on all of them alike.
import { median, quantile } from './load.ts'
import { openWire, type Wire } from './wire.ts'

export interface Target {
  port: number
  /** Asked for in turn, as they go over the wire. */
  requests: string[]
}

/** Milliseconds: medians of the rounds. */
export interface Latency {
  p50: number
  p95: number
  p99: number
  failed: number
}

export async function alternate(
  targets: Target[],
  { rounds, requests }: { rounds: number; requests: number },
): Promise<Latency[]> {
  const wires = targets.map(({ port }) => openWire(port))
  const failed = targets.map(() => 0)
  const measured: number[][][] = targets.map(() => [])
  const ask = async (at: number, n: number) => {
    const began = performance.now()
    const isGood = await send(wires[at]!, targets[at]!.requests, n)
    if (!isGood) failed[at]! += 1
    return performance.now() - began
  }
  try {
    // What warms caches, plans and the compiler is not counted.
    for (let round = -1; round < rounds; round += 1) {
      const times: number[][] = targets.map(() => [])
      for (let n = 0; n < (round < 0 ? requests / 2 : requests); n += 1)
        for (let turn = 0; turn < targets.length; turn += 1) {
          const at = (turn + n) % targets.length
          times[at]!.push(await ask(at, n))
        }
      if (round >= 0) for (const [at, all] of times.entries()) measured[at]!.push(all.sort((a, b) => a - b))
    }
  } finally {
    for (const wire of wires) wire.end()
  }
  return measured.map((all, at) => {
    const of = (share: number) => median(all.map(times => quantile(times, share)))
    return { p50: of(0.5), p95: of(0.95), p99: of(0.99), failed: failed[at]! }
  })
}

async function send(wire: Wire, requests: string[], n: number): Promise<boolean> {
  const answer = await wire.send(requests[n % requests.length]!)
  return answer !== null && answer.status >= 200 && answer.status < 300
}
