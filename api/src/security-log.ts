import type { Logger } from 'pino'

/** `reason` is one of a short list: together with `event` it is the kind by which events are counted. */
export type SecurityEvent = { event: string; reason?: string } & Record<string, unknown>
export type RecordEvent = ReturnType<typeof createSecurityLog>

interface Allowance {
  left: number
  at: number
  suppressed: number
}

const BURST = 50
const PER_SECOND = 10
const MAX_TEXT = 128

/**
 * Security events, one JSON line each. A flood of one kind is sampled: the next line that is written says how many
 * were not, so neither the disk nor whoever reads it drowns.
 */
export function createSecurityLog(log: Logger, monotonic: () => number) {
  const allowances = new Map<string, Allowance>()

  return function record(event: SecurityEvent, message: string, level: 'warn' | 'error' = 'warn'): void {
    const kind = `${event.event} ${event.reason}`
    const allowance = allowances.get(kind) ?? { left: BURST, at: monotonic(), suppressed: 0 }
    allowances.set(kind, allowance)
    refill(allowance, monotonic())
    if (allowance.left < 1) {
      allowance.suppressed += 1
      return
    }
    allowance.left -= 1
    log[level](allowance.suppressed > 0 ? { ...event, suppressed: allowance.suppressed } : event, message)
    allowance.suppressed = 0
  }
}

function refill(allowance: Allowance, now: number): void {
  allowance.left = Math.min(BURST, allowance.left + ((now - allowance.at) * PER_SECOND) / 1000)
  allowance.at = now
}

/** What a stranger wrote, made fit for a log line: printable ASCII, bounded. */
export function sanitised(text: string | undefined): string | undefined {
  return text?.slice(0, MAX_TEXT).replace(/[^\x20-\x7e]/g, '?')
}
