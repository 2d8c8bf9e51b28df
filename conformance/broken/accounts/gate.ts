// Before anybody reaches tasks: a token that is good, of a session that is known to be alive. What is refused is noted.
import { type Exchange, Problem } from '../exchange.ts'
import type { State } from '../state.ts'
import { authenticate, type Subject, verify } from '../tokens.ts'
import { retryAfter } from './limits.ts'

export function requireSubject(exchange: Exchange, state: State): Subject {
  const subject = authenticated(exchange, state)
  if (!state.revoked.knows()) throw new Problem(503, 'unavailable', retryAfter(1, state))
  if (!state.accounts.isDatabaseUp) throw new Problem(503, 'unavailable', retryAfter(1, state))
  return subject
}

function authenticated(exchange: Exchange, state: State): Subject {
  try {
    const subject = authenticate(exchange, state)
    if (!state.revoked.has(tokenOf(exchange))) return subject
    throw new Problem(401, 'invalid_token', { 'WWW-Authenticate': 'Bearer error="invalid_token"' })
  } catch (error) {
    if (error instanceof Problem && !state.has('bad-tokens-not-logged')) noteRejection(exchange, state)
    throw error
  }
}

/** Said only where the signature was good: a forged token accuses nobody. */
const SIGNED = ['expired', 'revoked', 'no such user']

function noteRejection(exchange: Exchange, state: State): void {
  const token = tokenOf(exchange)
  const verdict = token ? verify(token, state) : 'no token'
  const reason = typeof verdict === 'string' ? verdict : 'revoked'
  const { kid } = decode(token.split('.')[0])
  const { sub } = decode(token.split('.')[1])
  const isNamed = SIGNED.includes(reason) || state.has('forged-subjects-are-logged')
  state.log.sample(
    {
      event: 'authn_token_rejected',
      reason,
      route: templateOf(exchange),
      ...(kid !== undefined && { kid: state.has('log-lines-by-hand') ? kid : clean(kid) }),
      ...(isNamed && { sub }),
    },
    exchange,
  )
}

/** Short, and without what moves a cursor. */
function clean(kid: unknown): string {
  return String(kid)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 64)
}

function decode(segment = ''): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(segment, 'base64url').toString()) ?? {}
  } catch {
    return {}
  }
}

function tokenOf({ request }: Exchange): string {
  return request.headers.authorization?.split(/ +/)[1] ?? ''
}

export function templateOf({ path }: Exchange): string {
  return path.replace(
    /^(\/api)\/[^/]*\/(tasks|events)(\/[^/]+)?/,
    (_, api, kind, id) => `${api}/{user}/${kind}${id ? '/{id}' : ''}`,
  )
}

/** A request for another account's data is answered as one for nothing, and noted as what it is. */
export function noteForeign(exchange: Exchange, state: State, { id }: Subject, target: string): void {
  if (state.has('foreign-requests-not-logged') || target === id) return
  const named = state.users.has(target) ? target : clean(target)
  state.log.sample({ event: 'authz_fail', actor: id, target: named, route: templateOf(exchange) }, exchange)
}
