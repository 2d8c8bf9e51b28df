import type { Faults } from './fault-names.ts'
import { header, type Incoming } from './http.ts'

export interface Log {
  /** One line of what happened in this request; `client` is the TCP peer unless said. */
  write(incoming: Incoming | undefined, event: Record<string, unknown>): void
  /** The same under a flood: the first of a second are written, then how many were not. */
  sample(incoming: Incoming, event: Record<string, unknown>): void
  text(): string
}

export function createLog(faults: Faults): Log {
  let lines: string[] = []
  let second = 0
  let inThisSecond = 0
  let suppressed = 0

  function write(incoming: Incoming | undefined, event: Record<string, unknown>): void {
    if (faults.has('nothing-is-logged')) return
    const request = incoming && { request_id: incoming.requestId, client: clientOf(incoming) }
    const line = { level: 'info', time: new Date().toISOString(), ...request, ...event, ...rawOf(incoming) }
    lines.push(
      faults.has('log-lines-by-hand')
        ? Object.entries(line).map(([name, value]) => `${name}=${value}`).join(' ')
        : JSON.stringify(line),
    )
    if (lines.length > 200_000) lines = lines.slice(-100_000)
  }

  function clientOf(incoming: Incoming): string {
    return (faults.has('trusts-x-forwarded-for') && header(incoming, 'x-forwarded-for')) || incoming.peer
  }

  function rawOf(incoming: Incoming | undefined) {
    return faults.has('headers-are-logged') && incoming ? { headers: incoming.headers } : {}
  }

  function sample(incoming: Incoming, event: Record<string, unknown>): void {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) [second, inThisSecond] = [now, 0]
    inThisSecond += 1
    if (inThisSecond > 20 && !faults.has('every-bad-token-is-logged')) {
      suppressed += 1
      return
    }
    write(incoming, { ...event, ...(suppressed > 0 && { suppressed }) })
    suppressed = 0
  }

  return { write, sample, text: () => lines.map(line => `${line}\n`).join('') }
}
