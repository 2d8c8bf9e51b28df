// The good server's reading of a path: split first, each segment decoded once, compared as it is.
import { validateHeaderValue } from 'node:http'
import { posix } from 'node:path'
import { Problem } from './exchange.ts'
import type { State } from './state.ts'

/** The segments after the leading slash, decoded; null for a path that cannot be decoded. */
export function segmentsOf(path: string, state: State): string[] | null {
  const plain = withoutHost(path, state)
  if (state.has('decodes-the-path-before-splitting')) return splitDecoded(plain)
  const segments = plain
    .split('/')
    .slice(1)
    .map(segment => decode(segment, state))
  return segments.includes(null) ? null : (segments as string[])
}

/** RFC 9112 §3.2.2: a server accepts the absolute form; its host says nothing here. */
function withoutHost(path: string, state: State): string {
  const plain = path.replace(/^https?:\/\/[^/]*/i, '')
  return state.has('normalises-dots-after-the-check')
    ? posix.normalize(plain.replace(/%2e/gi, '.').replaceAll('\\', '/'))
    : plain
}

function splitDecoded(path: string): string[] | null {
  try {
    return posix.normalize(decodeURIComponent(path)).split('/').slice(1)
  } catch {
    return null
  }
}

function decode(segment: string, state: State): string | null {
  if (state.has('decodes-without-catching')) return decodeURIComponent(segment)
  try {
    const once = decodeURIComponent(state.has('drops-matrix-parameters') ? segment.split(';')[0]! : segment)
    return state.has('decodes-twice') ? decodeURIComponent(once) : once
  } catch {
    return null
  }
}

/** Whether the path's user is the token's. */
export function isOwn(user: string, subject: string, state: State): boolean {
  if (user === subject || state.has('trusts-the-path-user')) return true
  // As node writes headers of a request of its own: what may not be in one throws.
  if (state.has('passes-the-id-on-in-a-header')) validateHeaderValue('X-User', user)
  if (state.has('ids-fit-the-column') && user.length > 100)
    throw new Error('value too long for type character varying(100)')
  if (state.has('compares-ids-without-case') && user.toLowerCase() === subject.toLowerCase()) return true
  if (state.has('normalises-ids') && user.normalize('NFKC') === subject) return true
  return state.has('me-is-an-alias') && user === 'me'
}

/** The one answer for what is not there, whoever's it is. */
export function nothingHere(): Problem {
  return new Problem(404, 'not_found')
}
