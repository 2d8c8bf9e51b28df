import type { Exchange, Headers } from '../exchange.ts'
import type { State } from '../state.ts'
import { header } from './http.ts'

export function cookieName(state: State): string {
  return state.has('cookie-without-host-prefix') ? 'session' : '__Host-session'
}

export function setCookie(value: string, state: State): Headers {
  const attributes = [
    `${cookieName(state)}=${value}`,
    value ? 'Max-Age=604800' : 'Max-Age=0',
    'Path=/',
    !state.has('cookie-without-httponly') && 'HttpOnly',
    !state.has('cookie-without-host-prefix') && 'Secure',
    !state.has('cookie-without-samesite') && 'SameSite=Lax',
    state.has('cookie-for-all-subdomains') && 'Domain=example.org',
  ]
  return { 'Set-Cookie': attributes.filter(Boolean).join('; ') }
}

/** Two cookies of one name may come of two places: then there is no telling whose request it is. */
export function readCookie(exchange: Exchange, state: State): string | undefined {
  const values = (header(exchange, 'cookie') ?? '')
    .split(/; */)
    .filter(pair => pair.startsWith(`${cookieName(state)}=`))
    .map(pair => pair.slice(pair.indexOf('=') + 1))
  if (state.has('first-cookie-here-last-cookie-there'))
    return exchange.path.endsWith('/token') ? values.at(-1) : values[0]
  return new Set(values).size === 1 ? values[0] : undefined
}
