import type { Logger } from 'pino'
import type { RequestScope } from './request-scope.ts'

/** Event names in the style of the OWASP Logging Vocabulary, by endpoint: what a good and a bad answer mean. */
const EVENTS: Record<string, { good: string; bad?: string }> = {
  '/sign-up/email': { good: 'user_created', bad: 'user_create_fail' },
  '/sign-in/email': { good: 'authn_login_success', bad: 'authn_login_fail' },
  '/sign-out': { good: 'session_revoked', bad: 'session_revoke_fail' },
  '/token': { good: 'authn_token_created', bad: 'authn_token_refused' },
  '/revoke-session': { good: 'session_revoked', bad: 'session_revoke_fail' },
  '/revoke-sessions': { good: 'session_revoked', bad: 'session_revoke_fail' },
  '/revoke-other-sessions': { good: 'session_revoked', bad: 'session_revoke_fail' },
  '/change-password': { good: 'authn_password_change', bad: 'authn_password_change_fail' },
  '/delete-user': { good: 'user_deleted', bad: 'user_delete_fail' },
}

/** One line for what an endpoint answered. It names ids and addresses, never a token, cookie, password or email. */
export function logOutcome(log: Logger, path: string, response: Response, scope: RequestScope): void {
  const known = EVENTS[path]
  if (!known) return
  const fields = {
    request_id: scope.requestId,
    client: scope.client,
    endpoint: path,
    status: response.status,
    ...(scope.actor && { actor: scope.actor }),
    ...(scope.sid && { sid: scope.sid }),
    ...(scope.databaseError && { reason: 'database_unavailable' }),
  }
  if (response.status === 429)
    log.warn({ event: 'excess_rate_limit_exceeded', ...fields }, 'too many attempts')
  else if (response.ok) log.info({ event: known.good, ...fields }, known.good)
  else if (known.bad) log.warn({ event: known.bad, ...fields }, known.bad)
}

type Warning = { event: string; reason?: string } & Record<string, unknown>
export type Warn = (warning: Warning, message: string) => void

const BURST = 50
const PER_SECOND = 10

/**
 * Warnings that any stranger can cause. A flood of one kind is sampled: the next line that is written says how many
 * were not, so neither the disk nor whoever reads it drowns.
 */
export function createSampledWarnings(log: Logger, monotonic = () => performance.now()): Warn {
  const allowances = new Map<string, { left: number; at: number; suppressed: number }>()

  return function warn(warning, message) {
    const kind = `${warning.event} ${warning.reason}`
    const now = monotonic()
    const allowance = allowances.get(kind) ?? { left: BURST, at: now, suppressed: 0 }
    allowances.set(kind, allowance)
    allowance.left = Math.min(BURST, allowance.left + ((now - allowance.at) * PER_SECOND) / 1000)
    allowance.at = now
    if (allowance.left < 1) {
      allowance.suppressed += 1
      return
    }
    allowance.left -= 1
    const { suppressed } = allowance
    log.warn(suppressed > 0 ? { ...warning, suppressed } : warning, message)
    allowance.suppressed = 0
  }
}
