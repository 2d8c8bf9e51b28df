// Two ways to ask a server: as fast as some connections can, and at a rate that does not care how it fares.
import { setTimeout as delay } from 'node:timers/promises'
import { openWire, type Wire } from './wire.ts'

export interface Result {
  seconds: number
  sent: number
  /** By status; 0 is a request that got no answer in time. */
  statuses: Record<number, number>
  /** Milliseconds of those answered 2xx, ascending, from the moment they were due. */
  good: number[]
}

interface Plan {
  port: number
  seconds: number
  /** The nth request, as it goes over the wire. */
  request(n: number): string
  /** Later than this nobody is there any more to read the answer. */
  patienceMs?: number
}

const PATIENCE_MS = 3_000

export async function askAtFullSpeed(plan: Plan & { connections: number }): Promise<Result> {
  const result = emptyResult(plan.seconds)
  const end = performance.now() + plan.seconds * 1000
  await Promise.all(
    Array.from({ length: plan.connections }, async () => {
      let wire = openWire(plan.port)
      while (performance.now() < end) {
        if (!wire.open) wire = openWire(plan.port)
        await askOnce(wire, plan, result, performance.now())
      }
      wire.end()
    }),
  )
  return finished(result)
}

/** Open loop: a request goes out when it is due, on a connection of its own if all others wait. */
export async function askAtRate(plan: Plan & { rate: number }): Promise<Result> {
  const result = emptyResult(plan.seconds)
  const idle: Wire[] = []
  const all = new Set<Wire>()
  const under: Promise<void>[] = []
  const start = performance.now()

  async function ask(due: number): Promise<void> {
    let wire = idle.pop()
    while (wire && !wire.open) wire = idle.pop()
    wire ??= openWire(plan.port)
    all.add(wire)
    await askOnce(wire, plan, result, due)
    if (wire.open) idle.push(wire)
    else all.delete(wire)
  }

  for (let next = 0; next < plan.rate * plan.seconds; ) {
    const due = Math.floor(((performance.now() - start) / 1000) * plan.rate)
    for (; next < due && next < plan.rate * plan.seconds; next += 1)
      under.push(ask(start + (next / plan.rate) * 1000))
    await delay(1)
  }
  const patience = delay(plan.patienceMs ?? PATIENCE_MS, undefined, { ref: false })
  await Promise.race([Promise.all(under), patience])
  for (const wire of all) wire.end()
  await Promise.all(under)
  return finished(result)
}

async function askOnce(wire: Wire, plan: Plan, result: Result, due: number): Promise<void> {
  const request = plan.request(result.sent)
  result.sent += 1
  const answer = await wire.send(request)
  const took = performance.now() - due
  const status = answer && took <= (plan.patienceMs ?? PATIENCE_MS) ? answer.status : 0
  result.statuses[status] = (result.statuses[status] ?? 0) + 1
  if (status >= 200 && status < 300) result.good.push(took)
}

const emptyResult = (seconds: number): Result => ({ seconds, sent: 0, statuses: {}, good: [] })

function finished(result: Result): Result {
  result.good.sort((a, b) => a - b)
  return result
}

/** Of ascending values. */
export function quantile(values: number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}

export function median(values: number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}
