import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Verdict } from './access-token.ts'
import { type ApiContext, type ApiRequest, answerProblem } from './answer.ts'
import { type RecordEvent, sanitised } from './security-log.ts'

type Guard = MiddlewareHandler<ApiContext>

// RFC 6750 §2.1 with RFC 9110 §11.1: the scheme ignores case. What follows is the verifier's to judge.
const CREDENTIALS = /^bearer +([^\s,]+)$/i

/** 401 without a token that passes every check; 503 while nobody can say whether it was revoked. */
export function requireToken(
  verify: (token: string) => Promise<Verdict>,
  record: RecordEvent,
  monotonic: () => number,
): Guard {
  return async function tokenGuard(c, next) {
    const credentials = c.req.header('authorization')
    const token = CREDENTIALS.exec(credentials ?? '')?.[1]
    if (token === undefined) {
      const none = credentials === undefined
      rejected(c, record, none ? 'no_credentials' : 'malformed_credentials')
      return answerProblem(c, none ? 'authentication_required' : 'invalid_token')
    }
    const began = monotonic()
    const verdict = await verify(token)
    c.env.authTook = monotonic() - began
    if (verdict.kind === 'accepted') {
      c.set('subject', verdict.claims.subject)
      c.set('judgeAgain', verdict.judgeAgain)
      return await next()
    }
    if (verdict.kind === 'unavailable') return answerProblem(c, 'unavailable')
    rejected(c, record, verdict.reason, verdict)
    return answerProblem(c, verdict.reason === 'expired' ? 'token_expired' : 'invalid_token')
  }
}

/** `known` holds a subject only when the signature was good: nobody can be accused by a forged token. */
function rejected(
  c: ApiRequest,
  record: RecordEvent,
  reason: string,
  known: { kid?: string; claims?: { subject: string } } = {},
): void {
  const kid = sanitised(known.kid)
  const sub = known.claims?.subject
  const event = {
    event: 'authn_token_rejected',
    reason,
    ...about(c),
    ...(kid && { kid }),
    ...(sub && { sub }),
  }
  record(event, 'An access token was rejected')
}

/** Someone else's path and a path of nobody are one thing: not there (FR-015). */
export function requireOwnPath(record: RecordEvent): Guard {
  return async function pathGuard(c, next) {
    const owner = c.req.param('user_id')
    const actor = c.get('subject')
    if (owner === actor) return await next()
    const event = { event: 'authz_fail', ...about(c), actor, target: sanitised(owner) }
    record(event, "A request for another account's data")
    return answerProblem(c, 'not_found')
  }
}

function about(c: ApiRequest) {
  const route = matchedRoutes(c).at(-1)?.path
  return { request_id: c.env.requestId, client: c.env.client, method: c.req.method, route }
}
