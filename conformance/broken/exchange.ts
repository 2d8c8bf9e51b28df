// One request and its answer: reading the body, and every error there is.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Part, State } from './state.ts'

export interface Exchange {
  /** Sent back as X-Request-Id, and in the log. */
  id: string
  request: IncomingMessage
  response: ServerResponse
  method: string
  /** The path as sent, undecoded. */
  path: string
  query: URLSearchParams
  body(): Promise<Buffer>
  json(status: number, value: unknown, headers?: Headers): true
  text(status: number, body: string | undefined, headers?: Headers): true
  problem(status: number, code: string, headers?: Headers, detail?: string): true
}

export type Headers = Record<string, string>

const JSON_TYPE = 'application/json; charset=utf-8'
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

const TITLES: Record<string, string> = {
  invalid_request: 'The request is not valid.',
  authentication_required: 'An access token is required.',
  invalid_token: 'The access token is not valid.',
  token_expired: 'The access token has expired.',
  not_found: 'There is nothing here.',
  forbidden: 'This is not yours.',
  no_such_route: 'There is no such route.',
  method_not_allowed: 'This method is not allowed here.',
  content_too_large: 'The body is too large.',
  unsupported_media_type: 'The body must be JSON in UTF-8.',
  precondition_failed: 'The task is not in the state the request expects.',
  idempotency_key_reused: 'This Idempotency-Key was used with another body.',
  internal_error: 'Something went wrong.',
}

/** Thrown to answer with a problem from wherever it is noticed. */
export class Problem extends Error {
  readonly status: number
  readonly headers: Headers
  readonly detail: string | undefined

  constructor(status: number, code: string, headers: Headers = {}, detail?: string) {
    super(code)
    this.status = status
    this.headers = headers
    this.detail = detail
  }
}

export async function answerTo(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  parts: Part[],
): Promise<void> {
  const exchange = createExchange(request, response, state)
  try {
    for (const part of parts) if (await part(exchange, state)) return
    exchange.problem(404, 'not_found')
  } catch (error) {
    if (error instanceof Problem)
      exchange.problem(error.status, error.message, error.headers, detailOf(error, exchange, state))
    else answerUnexpected(exchange, state, error as Error)
  }
}

function answerUnexpected(exchange: Exchange, state: State, error: Error): void {
  if (!state.has('failures-not-logged')) state.log.write({ event: 'sys_error', error: error.name }, exchange)
  if (state.has('stack-in-the-500')) exchange.json(500, { error: error.message, stack: error.stack })
  else exchange.problem(500, 'internal_error', {}, detailOf(error, exchange, state))
}

/** Of an upgrade there is no response: who answers it writes to the socket. */
export function createExchange(
  request: IncomingMessage,
  response: ServerResponse | null,
  state: State,
): Exchange {
  const [path, query = ''] = request.url!.split(/\?(.*)/s)
  const id = randomUUID()
  const exchange: Exchange = {
    id,
    request,
    response: response!,
    method: request.method!,
    path: state.has('endings-are-ignored') ? path!.replace(/\/?[\w-]*\.(css|js)$/, '') : path!,
    query: new URLSearchParams(query),
    body: () => readBody(request),
    json(status, value, headers = {}) {
      const body = value === undefined ? undefined : JSON.stringify(value)
      const isTyped = body !== undefined && !(state.has('types-are-left-out') && status < 300)
      return exchange.text(status, body, { ...(isTyped && { 'Content-Type': JSON_TYPE }), ...headers })
    },
    text(status, body, headers = {}) {
      const bytes = body === undefined ? undefined : Buffer.from(body)
      response!.writeHead(status, {
        ...securityHeaders(status, state),
        'X-Request-Id': id,
        ...(bytes && { 'Content-Length': bytes.length }),
        ...headers,
      })
      response!.end(request.method === 'HEAD' ? undefined : bytes)
      return true
    },
    problem(status, code, headers = {}, detail) {
      if (status === 405 && state.has('a-405-of-the-frameworks-own'))
        return exchange.json(405, { statusCode: 405, error: 'Method Not Allowed' }, headers)
      const isRepeated = status === 404 && state.has('the-404-repeats-the-url') && !path!.includes('/tasks')
      const title = isRepeated ? `Route ${exchange.path} not found` : TITLES[code]
      const document = { type: `urn:good:problem:${code}`, title, status, code, detail }
      return exchange.json(status, document, { 'Content-Type': PROBLEM_TYPE, ...headers })
    },
  }
  return exchange
}

/** For those who develop against it, it was thought. */
function detailOf(error: Error, { path }: Exchange, state: State): string | undefined {
  if (state.has('errors-repeat-the-path')) return `Cannot answer ${path}`
  if (error instanceof Problem) return error.detail
  return state.has('builds-sql-by-hand') ? error.message : undefined
}

function securityHeaders(status: number, state: State): Headers {
  if (status >= 400 && state.has('errors-without-the-headers')) return { 'Cache-Control': 'no-store' }
  return {
    ...(!state.has('answers-may-be-stored') && { 'Cache-Control': 'no-store' }),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    ...(state.has('names-its-software') && { 'X-Powered-By': 'Express', Server: 'good/1.2.3' }),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
