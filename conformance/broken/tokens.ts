// The good server's access tokens: what one says, and every look at one before it is believed.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { credentialsIn } from './credentials.ts'
import { type Exchange, Problem } from './exchange.ts'
import type { State, User } from './state.ts'

export interface Subject {
  id: string
  sid: string
}

interface Parts {
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known of them until they were looked at.
  header: any
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  claims: any
  signed: string
  signature: Buffer
}

const MAX_SIZE = 4096
/** Seconds `iat` and `nbf` may be ahead. */
const AHEAD = 5

export function mintToken(state: State, { id, email }: User, sid: string = randomUUID()): string {
  const iat = Math.floor(state.now() / 1000)
  const { kid, secret } = state.keys[0]!
  const header = { alg: 'HS256', kid, typ: 'at+jwt' }
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
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

/** The subject of the request's token, or a 401. */
export function authenticate(exchange: Exchange, state: State): Subject {
  const values = credentialsIn(exchange, state)
  if (values.length === 0) throw new Problem(401, 'authentication_required', { 'WWW-Authenticate': 'Bearer' })
  const token = values.length === 1 ? /^Bearer +([^ ]+)$/i.exec(values[0]!)?.[1] : undefined
  const reason = token === undefined ? 'no bearer token' : verify(token, state)
  if (typeof reason !== 'string') return reason
  throw refusal(reason)
}

function refusal(reason: string): Problem {
  const code = reason === 'expired' ? 'token_expired' : 'invalid_token'
  const description = reason === 'expired' ? ', error_description="The access token expired"' : ''
  return new Problem(401, code, { 'WWW-Authenticate': `Bearer error="invalid_token"${description}` })
}

/** The subject, or why not. */
export function verify(token: string, state: State): Subject | string {
  if (token.length > MAX_SIZE) return 'too large'
  const parts = read(token)
  if (!parts) return 'malformed'
  const reason = reasonAgainstHeader(parts, state) ?? reasonAgainstClaims(parts.claims, state)
  if (reason) return reason
  const { sub, sid } = parts.claims
  if (state.revoked.has(sid)) return 'revoked'
  const user = state.users.get(sub)
  return user && (!user.deleted || state.has('deleted-accounts-live-on')) ? { id: sub, sid } : 'no such user'
}

function read(token: string): Parts | null {
  const segments = token.split('.')
  if (segments.length !== 3 || !segments.every(isCanonical)) return null
  const [header, claims] = segments.slice(0, 2).map(decodeObject)
  if (!header || !claims) return null
  const [first, second, third] = segments as [string, string, string]
  return { header, claims, signed: `${first}.${second}`, signature: Buffer.from(third, 'base64url') }
}

function isCanonical(segment: string): boolean {
  return /^[\w-]+$/.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment
}

function decodeObject(segment: string): object | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(segment, 'base64url'),
    )
    const value = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function reasonAgainstHeader({ header, signed, signature }: Parts, state: State): string | null {
  if (header.alg !== 'HS256' && !state.has('trusts-the-tokens-own-alg')) return 'algorithm'
  if (state.has('trusts-the-tokens-own-alg') && /^none$/i.test(String(header.alg))) return null
  if (header.crit !== undefined || header.b64 !== undefined || header.zip !== undefined) return 'header'
  if (!isAccessTokenType(header.typ, state)) return 'type'
  const key = state.keys.find(({ kid }) => kid === header.kid)
  if (!key) return 'key'
  const expected = createHmac('sha256', key.secret).update(signed).digest()
  return signature.length === expected.length && timingSafeEqual(signature, expected) ? null : 'signature'
}

/** RFC 7515 §4.1.9: `application/` may be left out, and media types have no case. */
function isAccessTokenType(typ: unknown, state: State): boolean {
  if (state.has('compares-typ-as-text')) return typ === 'at+jwt'
  return typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ)
}

// biome-ignore lint/suspicious/noExplicitAny: every claim is looked at here.
function reasonAgainstClaims(claims: any, state: State): string | null {
  const now = state.now() / 1000
  const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > 0
  const isText = (value: unknown) => typeof value === 'string' && /^[^\s\0]+$/.test(value)
  if (!isTime(claims.exp) || !isTime(claims.iat)) return 'times'
  if (
    claims.nbf !== undefined &&
    (!isTime(claims.nbf) || claims.nbf > now + AHEAD || claims.nbf > claims.exp)
  )
    return 'nbf'
  if (claims.iat > now + AHEAD || claims.iat > claims.exp) return 'iat'
  if (claims.exp - claims.iat > state.lifetime) return 'lifetime'
  if (![claims.sub, claims.user_id, claims.sid, claims.email].every(isText)) return 'types'
  if (claims.sub !== claims.user_id) return 'two subjects'
  if (claims.iss !== state.issuer) return 'issuer'
  if (!isAudience(claims.aud, state)) return 'audience'
  return claims.exp <= now ? 'expired' : null
}

/** RFC 7519 §4.1.3: one text, or a list of texts. */
function isAudience(aud: unknown, state: State): boolean {
  if (state.has('compares-aud-as-text')) return aud === state.audience
  const list = [aud].flat()
  return list.every(item => typeof item === 'string') && list.includes(state.audience)
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
