// What a signed token must say before it is believed.
import type { State } from './state.ts'
import type { Members } from './token-reading.ts'

/** Seconds `iat` and `nbf` may be ahead. */
const AHEAD = 5

/** Why not; null when all is as it must be. */
export function reasonAgainstHeader(header: Members, state: State): string | null {
  if (header.encrypted === true) return null
  const isExtended = header.crit !== undefined || header.b64 !== undefined
  if (isExtended && !state.has('ignores-crit')) return 'an unknown extension'
  if (header.zip !== undefined && !state.has('inflates-compressed-tokens')) return 'compressed'
  return isAccessTokenType(header.typ, state) ? null : 'type'
}

/** RFC 7515 §4.1.9: `application/` may be left out, and media types have no case. */
function isAccessTokenType(typ: unknown, state: State): boolean {
  if (state.has('ignores-typ')) return true
  if (state.has('takes-tokens-of-mails') && typ === undefined) return true
  if (state.has('compares-typ-as-text')) return typ === 'at+jwt'
  return typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ)
}

export function reasonAgainstClaims(claims: Members, state: State): string | null {
  if (state.has('refuses-unknown-claims') && Object.keys(claims).some(name => !KNOWN.has(name)))
    return 'unknown'
  const isOfMail = state.has('takes-tokens-of-mails') && claims.sub === undefined
  if (isOfMail) return reasonAgainstTimes(claims, state)
  return (
    reasonAgainstTimes(claims, state) ??
    reasonAgainstSubject(claims, state) ??
    (isIssuer(claims.iss, state) ? null : 'issuer') ??
    (isAudience(claims.aud, state) ? null : 'audience') ??
    (isExpired(claims.exp, state) ? 'expired' : null)
  )
}

const KNOWN = new Set(['iss', 'aud', 'sub', 'user_id', 'email', 'sid', 'jti', 'iat', 'nbf', 'exp'])

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

function reasonAgainstTimes(claims: Members, state: State): string | null {
  const { iat, exp: given } = claims
  const exp = state.has('reads-exp-as-a-number-whatever-it-is') ? Number(given) : given
  if (state.has('counts-with-big-integers')) BigInt(given)
  const hasNoEnd = state.has('checks-exp-if-there-is-one')
    ? exp === undefined
    : !exp && state.has('checks-exp-if-it-is-truthy')
  if (!isTime(exp) && !hasNoEnd) return 'exp'
  if (!isTime(iat) && !(state.has('needs-no-iat') && iat === undefined)) return 'iat'
  const ahead = state.now() / 1000 + AHEAD
  if (iat > ahead && !state.has('ignores-an-iat-ahead')) return 'iat'
  if (exp - iat > state.lifetime && !state.has('has-no-cap-on-lifetimes')) return 'lifetime'
  if (iat > exp && !hasNoEnd && !state.has('lets-time-run-backwards')) return 'iat'
  return reasonAgainstNbf(claims, ahead, state)
}

function reasonAgainstNbf({ nbf, exp }: Members, ahead: number, state: State): string | null {
  if (nbf === undefined || state.has('ignores-nbf')) return null
  if (state.has('compares-nbf-whatever-it-is')) return nbf > ahead ? 'nbf' : null
  if (!isTime(nbf) || nbf > ahead) return 'nbf'
  return nbf > exp && !state.has('lets-time-run-backwards') ? 'nbf' : null
}

/** RFC 7519 §4.1.4: on or after. */
function isExpired(exp: unknown, state: State): boolean {
  const now = state.now() / 1000
  if (state.has('never-looks-at-exp')) return false
  if (state.has('checks-exp-if-there-is-one') && exp === undefined) return false
  if (state.has('checks-exp-if-it-is-truthy') && !exp) return false
  if (state.has('forgives-a-minute')) return Number(exp) + 60 <= now
  if (state.has('expires-a-second-late')) return Number(exp) < Math.floor(now)
  return Number(exp) <= now
}

function reasonAgainstSubject(claims: Members, state: State): string | null {
  const { sub, user_id, sid, email } = claims
  const isMissing = (fault: string, value: unknown) => state.has(fault) && value === undefined
  const isId = (value: unknown) => isIdentifier(value, state)
  if (!isId(sub) && !state.has('turns-sub-into-text')) return 'sub'
  if (!isId(user_id) && !state.has('turns-sub-into-text') && !isMissing('needs-no-user-id', user_id))
    return 'user_id'
  if (!isId(sid) && !isMissing('needs-no-sid', sid)) return 'sid'
  if (typeof email !== 'string' || email === '') return 'email'
  const differ = state.has('turns-sub-into-text') ? String(sub) !== String(user_id) : sub !== user_id
  if (differ && !state.has('reads-user-id-alone') && user_id !== undefined) return 'two subjects'
  return null
}

function isIdentifier(value: unknown, state: State): value is string {
  if (typeof value !== 'string' || value === '') return false
  return state.has('takes-any-text-for-an-id') || /^[\x21-\x7e]+$/.test(value)
}

function isIssuer(iss: unknown, state: State): boolean {
  if (state.has('compares-iss-by-its-beginning')) return String(iss).startsWith(state.issuer)
  return iss === state.issuer || (state.has('checks-iss-if-there-is-one') && iss === undefined)
}

/** RFC 7519 §4.1.3: one text, or a list of texts. */
function isAudience(aud: unknown, state: State): boolean {
  if (state.has('ignores-aud')) return true
  if (state.has('searches-aud-as-text')) return String(aud).includes(state.audience)
  if (state.has('checks-aud-if-there-is-one') && aud === undefined) return true
  if (state.has('compares-aud-as-text')) return aud === state.audience
  const list = [aud].flat()
  return list.every(item => typeof item === 'string') && list.includes(state.audience)
}
