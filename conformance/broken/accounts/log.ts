import type { Exchange } from '../exchange.ts'
import type { State } from '../state.ts'
import { clientOf } from './limits.ts'

export type LogEvent = { event: string } & Record<string, unknown>

export interface Log {
  /** One line of what happened, in this request if there is one. */
  write(event: LogEvent, exchange?: Exchange): void
  /** The same under a flood: the first of a second are written, then how many were not. */
  sample(event: LogEvent, exchange: Exchange): void
  text(): string
}

const PER_SECOND = 20

export function createLog(state: State): Log {
  const lines: string[] = []
  const window = { second: 0, seen: 0, suppressed: 0 }

  function write(event: LogEvent, exchange?: Exchange): void {
    if (state.has('nothing-is-logged')) return
    const about = exchange && { request_id: exchange.id, client: clientOf(exchange, state) }
    const raw = exchange && state.has('headers-are-logged') && { headers: exchange.request.headers }
    const line = { level: 'info', time: new Date(state.now()).toISOString(), ...about, ...event, ...raw }
    lines.push(state.has('log-lines-by-hand') ? byHand(line) : JSON.stringify(line))
  }

  function sample(event: LogEvent, exchange: Exchange): void {
    const second = Math.floor(performance.now() / 1000)
    if (second !== window.second) Object.assign(window, { second, seen: 0 })
    window.seen += 1
    if (window.seen > PER_SECOND && !state.has('every-bad-token-is-logged')) {
      window.suppressed += 1
      return
    }
    write({ ...event, ...(window.suppressed > 0 && { suppressed: window.suppressed }) }, exchange)
    window.suppressed = 0
  }

  return { write, sample, text: () => lines.map(line => `${line}\n`).join('') }
}

/** The mistake: whoever can put a line feed into a value writes lines of their own. */
function byHand(line: Record<string, unknown>): string {
  const members = Object.entries(line).map(([name, value]) => `"${name}":"${value}"`)
  return `{${members.join(',')}}`
}
