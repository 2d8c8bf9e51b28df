import type { Exchange } from '../exchange.ts'
import type { State } from '../state.ts'
import { header } from './http.ts'

/** The page's origin may call the API from a browser, nobody else; the issuer is for its own origin alone. */
export function cors(exchange: Exchange, state: State): boolean {
  const origin = header(exchange, 'origin')
  if (origin === undefined || !isShared(exchange, state)) return false
  const { response } = exchange
  if (!state.has('cors-without-vary')) response.setHeader('Vary', 'Origin')
  if (!isAllowed(origin, state)) return false
  response.setHeader('Access-Control-Allow-Origin', state.has('cors-star-with-credentials') ? '*' : origin)
  if (state.has('cors-star-with-credentials')) response.setHeader('Access-Control-Allow-Credentials', 'true')
  if (exchange.method !== 'OPTIONS' || !header(exchange, 'access-control-request-method')) return false
  return exchange.json(204, undefined, {
    'Access-Control-Allow-Methods': state.has('cors-star-with-credentials')
      ? '*'
      : 'GET, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match, Idempotency-Key',
    'Access-Control-Max-Age': '600',
  })
}

function isShared({ path }: Exchange, state: State): boolean {
  return path.startsWith('/api/') || (path.startsWith('/auth/') && state.has('cors-at-the-issuer-too'))
}

function isAllowed(origin: string, state: State): boolean {
  if (state.has('cors-reflects-any-origin') || state.has('cors-at-the-issuer-too')) return true
  if (state.has('cors-null-allowed') && origin === 'null') return true
  if (state.has('cors-by-suffix')) return origin.endsWith(new URL(state.origin).hostname.slice(-9))
  return origin === state.origin
}
