import type { ApiEnv } from './env.ts'
import type { HeaderFields } from './problem.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

const EXPOSED = 'ETag, Link, Location, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id'

/** What every answer to a request carries. Vary is said to every origin, so that no cache mixes them up. */
export function createHeaders(env: Pick<ApiEnv, 'apiUrl' | 'webOrigins'>) {
  const always: HeaderFields = { ...SECURITY_HEADERS, Vary: 'Origin' }
  if (env.apiUrl.startsWith('https:')) always['Strict-Transport-Security'] = 'max-age=63072000'

  return (request: Request, requestId: string): HeaderFields => {
    const headers: HeaderFields = { ...always, 'X-Request-Id': requestId }
    const origin = request.headers.get('origin')
    if (origin === null || !env.webOrigins.includes(origin)) return headers
    headers['Access-Control-Allow-Origin'] = origin
    headers['Access-Control-Expose-Headers'] = EXPOSED
    return headers
  }
}

export function isPreflight(request: Request): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.headers.has('origin') &&
    request.headers.has('access-control-request-method')
  )
}

/** The same for every path, whether it is there or not. No credentials: the token is not a cookie. */
export function answerPreflight(headers: HeaderFields): Response {
  const allowed = 'Access-Control-Allow-Origin' in headers && {
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match',
    'Access-Control-Max-Age': '600',
  }
  return new Response(null, { status: 204, headers: { ...headers, ...allowed } })
}
