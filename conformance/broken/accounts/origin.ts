import { type Exchange, Problem } from '../exchange.ts'
import type { State } from '../state.ts'
import { header } from './http.ts'

/** A change must come from the own page, or from no page at all and then without a cookie. */
export function requireOwnOrigin(exchange: Exchange, own: string, state: State): void {
  if (state.has('origin-unchecked')) return
  const origin = header(exchange, 'origin')
  const site = header(exchange, 'sec-fetch-site')
  const hasCookie = header(exchange, 'cookie') !== undefined
  if (state.has('origin-checked-only-beside-a-cookie') && !hasCookie) return
  const isForeign = origin === undefined ? hasCookie && !state.has('missing-origin-allowed') : !isOwn(origin)
  if (isForeign || (site === 'cross-site' && !state.has('fetch-metadata-unchecked')))
    throw new Problem(403, 'invalid_origin')

  function isOwn(origin: string): boolean {
    if (state.has('origin-null-allowed') && origin === 'null') return true
    if (state.has('origin-by-prefix')) return origin.startsWith(own.replace(/:\d+$/, ''))
    return origin === own
  }
}

/** Where a link may lead after sign-in: a place of the own page. */
export function requireOwnPlace(target: unknown, own: string, state: State): void {
  if (target === undefined) return
  if (typeof target !== 'string') throw new Problem(400, 'invalid_callback_url')
  if (state.has('open-redirect') && (target.startsWith('/') || target.startsWith(own))) return
  // The character set is that of a plain path: a browser reads a backslash as a slash and drops tabs.
  const isPath = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(target) && !/^\/%(2f|5c)/i.test(target)
  if (!isPath && !isWithin(target, own)) throw new Problem(403, 'invalid_callback_url')
}

function isWithin(target: string, own: string): boolean {
  return URL.canParse(target) && new URL(target).origin === own && target.startsWith(`${own}/`)
}

/** The text when the types are right; an object or a number is no e-mail. */
export function requireText(value: unknown, code: string, state: State): string {
  if (state.has('any-type-is-text') && value !== undefined) return String(value)
  if (state.has('wrong-types-crash')) return (value as string).slice()
  if (typeof value !== 'string' || value === '' || value.includes('\0')) throw new Problem(400, code)
  return value
}

/** One spelling of an address, or a refusal. ASCII only: what looks alike is not the same mailbox. */
export function readEmail(value: unknown, state: State): string {
  const email = requireText(value, 'INVALID_EMAIL', state).slice(0, 10_000)
  if (state.has('email-case-counts') && /^[^\s@,<>]+@[^\s@,<>]+$/.test(email)) return email
  if (state.has('anything-with-an-at-is-an-email') && email.includes('@')) return email.toLowerCase()
  const isAddress = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(email)
  if (!isAddress || email.length > 254) throw new Problem(400, 'invalid_email')
  return email.toLowerCase()
}
