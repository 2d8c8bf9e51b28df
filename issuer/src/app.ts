import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Logger } from 'pino'
import { type Auth, CLIENT_HEADER } from './auth.ts'
import { clientAddress } from './client-address.ts'
import { isWorthRetrying } from './database.ts'
import type { IssuerEnv } from './env.ts'
import type { Excess } from './load.ts'
import type { Metrics } from './metrics.ts'
import type { Page } from './page.ts'
import { type RequestScope, requestScope } from './request-scope.ts'
import type { Poll, Revocations } from './revocations.ts'
import { createSampledWarnings, logOutcome } from './security-log.ts'
import { resignCookies } from './session-cookie.ts'

export interface Connection {
  /** The TCP peer's address. */
  remoteAddress: string
}

interface Endpoint {
  method: 'GET' | 'POST'
  /** Reads change no session, so their answers wait for nobody. */
  read?: true
  /** Ends sessions and does no more when done twice: served first, and tried again. */
  repeatable?: true
}
/** Every endpoint of Better Auth that this issuer has; any other is 404, whatever Better Auth would say. */
export const ENDPOINTS: Record<string, Endpoint> = {
  '/sign-up/email': { method: 'POST' },
  '/sign-in/email': { method: 'POST' },
  '/sign-out': { method: 'POST', repeatable: true },
  '/get-session': { method: 'GET', read: true },
  '/token': { method: 'GET', read: true },
  '/jwks': { method: 'GET', read: true },
  '/ok': { method: 'GET', read: true },
  '/list-sessions': { method: 'GET', read: true },
  '/revoke-session': { method: 'POST', repeatable: true },
  '/revoke-sessions': { method: 'POST', repeatable: true },
  '/revoke-other-sessions': { method: 'POST', repeatable: true },
  '/change-password': { method: 'POST' },
  '/delete-user': { method: 'POST' },
}
const BASE_PATH = '/api/auth'
/**
 * All that Better Auth sees of a request's headers. Not Sec-Fetch-*: Node's fetch sends it without an Origin, which
 * Better Auth takes for a forged form; `isForeign` has looked at it before.
 */
const PASSED_ON = ['accept', 'content-type', 'cookie', 'origin', 'referer', 'user-agent']
const BODY_LIMIT = 65_536
/** Revocations are kept a token's life and ten minutes more; a token handed out late would outlive its entry. */
const TOKEN_HANDOUT_MS = 30_000

interface Parts {
  env: IssuerEnv
  /** Better Auth with the secrets of this moment. */
  current: () => { auth: Auth; authSecrets: readonly string[] }
  revocations: Revocations
  page: Page
  log: Logger
  metrics: Metrics
  /** Whether one request more could not be served in time. */
  excess: () => Excess | null
}

/** The issuer as one function from request to response: Better Auth's endpoints, the revocation feed, the page. */
export function createIssuer({ env, current, revocations, page, log, metrics, excess }: Parts) {
  const feedDigest = digest(`Bearer ${env.feedSecret}`)
  const warn = createSampledWarnings(log)

  async function fetch(request: Request, connection: Connection): Promise<Response> {
    const began = performance.now()
    const path = new URL(request.url).pathname
    const client = clientAddress(request.headers, connection.remoteAddress, env.trustedProxies)
    const scope: RequestScope = { requestId: randomUUID(), client, gone: request.signal }
    return await requestScope.run(scope, async () => {
      const response = await route(request, path, scope)
      response.headers.set('x-request-id', scope.requestId)
      if (env.issuerUrl.startsWith('https:'))
        response.headers.set('strict-transport-security', 'max-age=63072000')
      metrics.answered(routeOf(path), response.status, performance.now() - began)
      return response
    })
  }

  async function route(request: Request, path: string, scope: RequestScope): Promise<Response> {
    if (!path.startsWith(`${BASE_PATH}/`)) return page.answer(request, path)
    if (path === `${BASE_PATH}/revocations`) return await answerPoll(request, scope)
    return await answerEndpoint(request, path.slice(BASE_PATH.length), scope)
  }

  async function answerEndpoint(request: Request, path: string, scope: RequestScope): Promise<Response> {
    const arrived = performance.now()
    const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined
    if (!endpoint) return await finish(say(404, 'NOT_FOUND', 'There is nothing here.'), scope)
    const refusal = refuse(request, endpoint, scope)
    if (refusal) return await finish(refusal, scope)
    scope.first = endpoint.repeatable === true
    const tooMuch = scope.first ? null : excess()
    if (tooMuch) {
      metrics.shed(tooMuch)
      return await finish(unavailable(), scope)
    }
    const body = await readBody(request)
    if (body instanceof Response) return await finish(body, scope)

    let response = await runBetterAuth(request, body, endpoint, scope).finally(() => scope.endTurn?.())
    if (scope.databaseError) response = unavailable()
    // Nobody is locked out for what went wrong here.
    if (response.status >= 500 && !scope.wrongPassword) void scope.takeBack?.().catch(() => {})
    // Sign-out, password change, deletion, a replaced session: whatever ended, no API accepts it from here on. An
    // answer that the database could not be asked says of nothing that it has ended.
    if (!endpoint.read && !scope.databaseError) await waitForBarrier()
    if (performance.now() - arrived > TOKEN_HANDOUT_MS) response = unavailable()
    logOutcome(log, path, response, scope)
    return await finish(response, scope)
  }

  async function waitForBarrier(): Promise<void> {
    const began = performance.now()
    await revocations.barrier()
    metrics.waited(performance.now() - began)
  }

  function refuse(request: Request, endpoint: Endpoint, scope: RequestScope): Response | null {
    if (request.method !== endpoint.method)
      return say(405, 'METHOD_NOT_ALLOWED', `Use ${endpoint.method} here.`, { allow: endpoint.method })
    if (endpoint.method === 'GET' || !isForeign(request.headers)) return null
    const { requestId: request_id, client } = scope
    warn({ event: 'authz_fail', reason: 'foreign_origin', request_id, client }, 'a request of another site')
    return say(403, 'INVALID_ORIGIN', 'This request comes from another site.')
  }

  /** Better Auth looks at the origin only beside a cookie; a foreign page has no business here without one either. */
  function isForeign(headers: Headers): boolean {
    const origin = headers.get('origin')
    const site = headers.get('sec-fetch-site')
    return (origin !== null && !env.webOrigins.includes(origin)) || site === 'cross-site'
  }

  async function runBetterAuth(
    request: Request,
    body: string | null,
    endpoint: Endpoint,
    scope: RequestScope,
  ): Promise<Response> {
    const { auth, authSecrets } = current()
    const { authCookies } = await auth.$context
    const headers = new Headers({ [CLIENT_HEADER]: scope.client })
    for (const name of PASSED_ON) {
      const value = request.headers.get(name)
      if (value !== null) headers.set(name, value)
    }
    const { sessionToken, dontRememberToken } = authCookies
    resignCookies(headers, [sessionToken.name, dontRememberToken.name], authSecrets)
    const url = new URL(new URL(request.url).pathname + new URL(request.url).search, env.issuerUrl)
    const answer = () => auth.handler(new Request(url, { method: request.method, headers, body }))

    let response = await answer()
    for (
      let tries = 1;
      tries < 3 && endpoint.repeatable && isWorthRetrying(scope.databaseError);
      tries += 1
    ) {
      scope.databaseError = undefined
      response = await answer()
    }
    return response
  }

  /** The feed that API instances poll. */
  async function answerPoll(request: Request, scope: RequestScope): Promise<Response> {
    if (request.method !== 'POST') return say(405, 'METHOD_NOT_ALLOWED', 'Use POST here.', { allow: 'POST' })
    if (!timingSafeEqual(digest(request.headers.get('authorization') ?? ''), feedDigest)) {
      warn(
        { event: 'authn_feed_rejected', request_id: scope.requestId, client: scope.client },
        'revocation feed asked with a wrong secret',
      )
      return say(401, 'UNAUTHORIZED', 'The feed secret is wrong.', { 'www-authenticate': 'Bearer' })
    }
    const body = await readBody(request)
    if (body instanceof Response) return body
    const poll = parsePoll(body)
    if (!poll)
      return say(
        400,
        'INVALID_POLL',
        'Send { "instance": uuid, "after"?: "epoch.seq", "nonce"?: text, "hold"?: boolean }.',
      )
    try {
      const answer = await revocations.poll(poll, request.signal)
      return Response.json({ ...answer, nonce: poll.nonce }, { headers: PRIVATE })
    } catch {
      return unavailable()
    }
  }

  async function finish(response: Response, scope: RequestScope): Promise<Response> {
    const headers = new Headers(response.headers)
    for (const [name, value] of Object.entries(PRIVATE)) headers.set(name, value)
    // An answer that failed sets no cookie and takes none away: a sign-out that did not happen keeps the session.
    if (!response.ok) headers.delete('set-cookie')
    if (response.status === 404) return say(404, 'NOT_FOUND', 'There is nothing here.')
    if (response.status < 500 || response.status === 503)
      return new Response(response.body, { status: response.status, headers })
    const message = 'Something went wrong on the server.'
    return say(500, 'INTERNAL_SERVER_ERROR', message, {}, { request_id: scope.requestId })
  }

  return { fetch }
}

/** An endpoint that is known, or one word for all the others: addresses are as many as people can type. */
function routeOf(path: string): string {
  if (!path.startsWith(`${BASE_PATH}/`)) return 'page'
  const isKnown =
    path === `${BASE_PATH}/revocations` || Object.hasOwn(ENDPOINTS, path.slice(BASE_PATH.length))
  return isKnown ? path : 'none'
}

const PRIVATE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

function say(status: number, code: string, message: string, headers = {}, more = {}): Response {
  return Response.json({ code, message, ...more }, { status, headers: { ...PRIVATE, ...headers } })
}

function unavailable(): Response {
  const message = 'The server cannot do this right now. Try again in a moment.'
  return say(503, 'SERVICE_UNAVAILABLE', message, { 'retry-after': '1' })
}

/** The body as text, null when there is none, or the answer that refuses it. */
async function readBody(request: Request): Promise<string | null | Response> {
  if (request.method === 'GET' || !request.body) return null
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(request.headers.get('content-type') ?? ''))
    return say(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json.')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > BODY_LIMIT) return say(413, 'PAYLOAD_TOO_LARGE', `A body has at most ${BODY_LIMIT} bytes.`)
    chunks.push(chunk)
  }
  return readJsonObject(Buffer.concat(chunks)) ?? say(400, 'INVALID_JSON', 'The body must be a JSON object.')
}

function readJsonObject(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : null
  } catch {
    return null
  }
}

interface NamedPoll extends Poll {
  /** Comes back in the answer, so that nobody takes the answer to an earlier poll for this one's. */
  nonce: string | undefined
}

function parsePoll(body: string | null): NamedPoll | null {
  const { instance, after, nonce, hold = true } = JSON.parse(body ?? '{}') as Record<string, unknown>
  if (typeof instance !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(instance))
    return null
  if (nonce !== undefined && (typeof nonce !== 'string' || nonce.length > 64)) return null
  if (typeof hold !== 'boolean') return null
  if (after === undefined) return { instance, after: null, nonce, hold }
  const [, epoch, seq] = /^([0-9-]{1,64})\.(\d{1,15})$/.exec(String(after)) ?? []
  return epoch && seq ? { instance, after: { epoch, seq: Number(seq) }, nonce, hold } : null
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
