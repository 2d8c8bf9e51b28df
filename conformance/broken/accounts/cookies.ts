import type { Faults } from './fault-names.ts'
import { header, type Incoming } from './http.ts'

export function cookieName(faults: Faults): string {
  return faults.has('cookie-without-host-prefix') ? 'session' : '__Host-session'
}

export function setCookie(value: string, faults: Faults): [string, string] {
  const attributes = [
    `${cookieName(faults)}=${value}`,
    value ? 'Max-Age=604800' : 'Max-Age=0',
    'Path=/',
    !faults.has('cookie-without-httponly') && 'HttpOnly',
    !faults.has('cookie-without-host-prefix') && 'Secure',
    !faults.has('cookie-without-samesite') && 'SameSite=Lax',
    faults.has('cookie-for-all-subdomains') && 'Domain=example.org',
  ]
  return ['Set-Cookie', attributes.filter(Boolean).join('; ')]
}

/** Two cookies of one name may come of two places: then there is no telling whose request it is. */
export function readCookie(incoming: Incoming, faults: Faults): string | undefined {
  const values = (header(incoming, 'cookie') ?? '')
    .split(/; */)
    .filter(pair => pair.startsWith(`${cookieName(faults)}=`))
    .map(pair => pair.slice(pair.indexOf('=') + 1))
  if (faults.has('first-cookie-here-last-cookie-there')) {
    return incoming.path.endsWith('/token') ? values.at(-1) : values[0]
  }
  return new Set(values).size === 1 ? values[0] : undefined
}
