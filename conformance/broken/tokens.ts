// The good server's access tokens: what one says, and every look at one before it is believed.
import { randomUUID } from 'node:crypto'
import { validateHeaderValue } from 'node:http'
import { forge } from '../src/token.ts'
import { credentialsIn } from './credentials.ts'
import { type Exchange, Problem } from './exchange.ts'
import type { State, User } from './state.ts'
import { reasonAgainstClaims, reasonAgainstHeader } from './token-claims.ts'
import { reasonAgainstSignature } from './token-keys.ts'
import { type Members, readToken } from './token-reading.ts'

export interface Subject {
  id: string
  sid: string
  /** What the token says of itself; nobody may ask. */
  isAdmin?: boolean
}

export function mintToken(state: State, { id, email }: User, sid: string = randomUUID()): string {
  const iat = Math.floor(state.now() / 1000)
  const claims = {
    iss: state.issuer,
    aud: state.audience,
    sub: id,
    user_id: id,
    email,
    sid,
    jti: randomUUID(),
    iat,
    exp: iat + state.lifetime,
  }
  return forge({ header: headerOf(state), claims, key: state.keys[0] })
}

function headerOf(state: State) {
  const { alg, kid } = state.keys[0]!
  return { alg, kid, typ: 'at+jwt' }
}

/** The subject of the request's token, or a 401. */
export function authenticate(exchange: Exchange, state: State): Subject {
  const values = credentialsIn(exchange, state)
  if (values.length === 0) throw withoutCredentials(state)
  const token = values.length === 1 ? bearerOf(values[0]!, state) : undefined
  if (token !== undefined) refuseLocked(token, state)
  const reason = token === undefined ? 'no bearer token' : verify(token, state)
  if (typeof reason !== 'string') return reason
  if (reason === 'signature') countAgainstAccount(token!, state)
  if (reason === 'key' && state.has('names-the-kid-in-the-challenge')) sayKid(token!, state)
  throw refusal(reason, state)
}

function bearerOf(value: string, state: State): string | undefined {
  if (state.has('takes-the-word-after-the-scheme')) return value.split(' ')[1]!.trim()
  if (state.has('ignores-the-scheme')) return value.split(' ')[1]
  if (state.has('wants-bearer-spelled-so')) return /^Bearer +([^ ]+)$/.exec(value)?.[1]
  return /^Bearer +([^ ]+)$/i.exec(value)?.[1]
}

function withoutCredentials(state: State): Problem {
  const status = state.has('forbids-who-sends-nothing') ? 403 : 401
  const code = state.has('blames-a-token-that-was-not-sent') ? ' error="invalid_request"' : ''
  return new Problem(status, 'authentication_required', challenge(`Bearer${code}`, state))
}

function refusal(reason: string, state: State): Problem {
  const code = reason === 'expired' ? 'token_expired' : 'invalid_token'
  const description = reason === 'expired' ? ', error_description="The access token expired"' : ''
  return new Problem(401, code, challenge(`Bearer error="invalid_token"${description}`, state))
}

function challenge(value: string, state: State): Record<string, string> {
  return state.has('forgets-the-challenge') ? {} : { 'WWW-Authenticate': value }
}

/** The header is written as node writes it: a line break in it throws. */
function sayKid(token: string, state: State): never {
  const value = `Bearer error="invalid_token", error_description="unknown key ${readToken(token, state)!.header.kid}"`
  validateHeaderValue('WWW-Authenticate', value)
  throw new Problem(401, 'invalid_token', { 'WWW-Authenticate': value })
}

const MOST_FAILURES = 1_000

/** Guards against guessing of signatures, and lets anybody lock anybody out. */
function countAgainstAccount(token: string, state: State): void {
  if (!state.has('locks-accounts-after-bad-tokens')) return
  const { sub } = readToken(token, state)!.claims
  state.failures.set(sub, (state.failures.get(sub) ?? 0) + 1)
}

function refuseLocked(token: string, state: State): void {
  if (!state.has('locks-accounts-after-bad-tokens')) return
  const sub = readToken(token, state)?.claims.sub
  if ((state.failures.get(sub) ?? 0) >= MOST_FAILURES) throw refusal('locked', state)
}

/** The subject, or why not. */
export function verify(token: string, state: State): Subject | string {
  const isNull = token === 'null' || token === 'undefined'
  if (isNull && state.has('takes-null-for-a-guest')) return { id: 'guest', sid: '' }
  const session = state.accounts.people.sessions.get(token)
  if (session && state.has('takes-sessions-for-tokens')) return { id: session.userId, sid: session.id }
  const cacheKey = cacheKeyOf(token, state)
  const remembered = cacheKey === null ? undefined : state.remembered.get(cacheKey)
  if (remembered && !state.revoked.has(remembered.sid)) return remembered
  const parts = readToken(token, state)
  if (!parts) return 'malformed'
  if (state.has('compares-the-encoded-header') && !isHeaderAsWritten(token, state)) return 'header'
  const claims = state.has('lets-the-header-overrule-claims')
    ? { ...parts.claims, ...parts.header }
    : parts.claims
  const reason =
    reasonAgainstHeader(parts.header, state) ??
    reasonAgainstSignature(parts, state) ??
    reasonAgainstClaims(claims, state)
  if (reason) return reason
  const user = userOf(claims, state)
  if (state.revoked.has(claims.sid)) return 'revoked'
  if (!user || (user.deleted && !state.has('deleted-accounts-live-on'))) return 'no such user'
  const subject = {
    id: user.id,
    sid: claims.sid,
    isAdmin: claims.role === 'admin' || claims.is_admin === true,
  }
  if (cacheKey !== null) state.remembered.set(cacheKey, subject)
  return subject
}

function userOf({ sub, user_id, email }: Members, state: State): User | undefined {
  const byEmail =
    state.has('knows-people-by-email') || (state.has('takes-tokens-of-mails') && sub === undefined)
  if (byEmail) return [...state.users.values()].find(user => user.email === email)
  if (state.has('turns-sub-into-text')) return state.users.get(String(sub))
  return state.users.get(state.has('reads-user-id-alone') ? user_id : sub)
}

/** Every token so far began with the same text. */
function isHeaderAsWritten(token: string, state: State): boolean {
  return state.keys.some(({ alg, kid }) => token.startsWith(encode({ alg, kid, typ: 'at+jwt' })))
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The good server remembers nothing; who does must take the whole token, and look at the time again. */
function cacheKeyOf(token: string, state: State): string | null {
  const [, payload = '', signature = ''] = token.split('.')
  if (state.has('remembers-tokens-by-signature')) return signature
  if (state.has('remembers-tokens-by-payload')) return payload
  return state.has('remembers-tokens-past-their-end') ? token : null
}
