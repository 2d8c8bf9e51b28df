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
