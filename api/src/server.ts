import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { type HeaderFields, PROBLEMS, type ProblemCode, problemDocument, problemHeaders } from './problem.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

type Fetch = (request: Request, connection: { remoteAddress: string }) => Promise<Response>

export interface ServerLimits {
  headerBytes: number
  /** Milliseconds until a request's headers, and until all of it, must have arrived. */
  headersTimeout: number
  requestTimeout: number
  keepAliveTimeout: number
  /** Milliseconds without a byte in either direction. */
  idleTimeout: number
  /** A longer body nobody asked for is not read to its end: the connection ends instead. */
  unreadBytes: number
  /** Milliseconds a client may go on sending after its last answer. */
  lingering: number
  /** Milliseconds that requests under way have to end once the server closes. */
  closing: number
}

interface Options {
  log: Logger
  limits?: Partial<ServerLimits>
  /** Whether the server stands behind https, which its own refusals then insist on too. */
  https?: boolean
}

const LIMITS: ServerLimits = {
  headerBytes: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  idleTimeout: 120_000,
  unreadBytes: 65_536,
  lingering: 500,
  closing: 10_000,
}

/** Between the last accepted connection and the close of idle ones, for requests already on their way. */
const DRAIN_MS = 100

/**
 * Fields that say who asks whom, and where a body ends. Given twice, two readers may each believe another one
 * (RFC 9110 §5.3, RFC 9112 §3.2 and §6.3).
 */
const SINGULAR = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'origin',
  'transfer-encoding',
])

const PARSER_PROBLEMS: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** A node:http server whose every answer, its own refusals included, is made like those of the app behind it. */
export function createServer(fetch: Fetch, { log, https = false, limits: changed }: Options) {
  const limits = { ...LIMITS, ...changed }
  const answering = new WeakMap<Socket, ServerResponse>()
  const ended = new WeakSet<Socket>()
  let closing = false
  let underWay = 0

  const listener = getRequestListener(
    async (request, connection) => {
      const req = connection.incoming as IncomingMessage
      const res = connection.outgoing as ServerResponse
      const response = await answerOf(request, req)
      if (closing) res.shouldKeepAlive = false
      if (isLongUnread(req)) endGently(req, res)
      return response
    },
    { errorHandler: () => problemResponse('malformed_request') },
  )

  /** Nothing an app throws reaches the client, or node:http. */
  async function answerOf(request: Request, req: IncomingMessage): Promise<Response> {
    try {
      return await fetch(request, { remoteAddress: req.socket.remoteAddress ?? '' })
    } catch (error) {
      // Whoever went away before the end of the body gets no answer, and is no fault of ours.
      if (!req.destroyed || req.complete)
        log.error({ event: 'sys_error', err: error }, 'An app failed to answer')
      return problemResponse('internal_error')
    }
  }

  function onRequest(req: IncomingMessage, res: ServerResponse): void {
    // Sent ahead on a connection that has been refused: it never was a request.
    if (ended.has(req.socket)) return
    answering.set(req.socket, res)
    underWay += 1
    res.once('close', () => {
      underWay -= 1
    })
    if (isAmbiguous(req)) refuse(req, res, 'malformed_request')
    else void listener(req, res)
  }

  /** The client is asked for its body only once somebody wants to read it. */
  function onContinue(req: IncomingMessage, res: ServerResponse): void {
    let asked = false
    req.on('newListener', event => {
      if (event !== 'data' || asked || res.headersSent) return
      asked = true
      res.writeContinue()
    })
    onRequest(req, res)
  }

  /** A client that waits to be asked for its body may send it or not: nothing after it could be told apart. */
  function isLongUnread(req: IncomingMessage): boolean {
    if (req.complete) return false
    const length = req.headers['content-length']
    return length === undefined || Number(length) > limits.unreadBytes || req.headers.expect !== undefined
  }

  function refuse(req: IncomingMessage, res: ServerResponse, code: ProblemCode): void {
    endGently(req, res)
    const { status, headers, body } = problemParts(code)
    res.writeHead(status, headers).end(body)
  }

  /**
   * Ends the connection after this answer, and reads on for a moment without keeping anything: closing while the
   * client still sends would reset the connection, and the client might never see the answer (RFC 9112 §9.6).
   */
  function endGently(req: IncomingMessage, res: ServerResponse): void {
    const { socket } = req
    ended.add(socket)
    res.shouldKeepAlive = false
    socket.destroySoon = () => {
      req.removeAllListeners('data')
      req.resume()
      linger(socket)
    }
  }

  function linger(socket: Socket, last?: string): void {
    const timer = setTimeout(() => socket.destroy(), limits.lingering)
    socket.once('close', () => clearTimeout(timer))
    socket.end(last ?? '')
  }

  /** What node:http cannot parse, or did not get in time, never becomes a request. */
  function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const answer = answering.get(socket)
    const halfAnswered = answer?.headersSent === true && !answer.writableFinished
    if (!socket.writable || halfAnswered || error.code === 'ECONNRESET') socket.destroy()
    else if (!ended.has(socket)) endWith(socket, PARSER_PROBLEMS[error.code ?? ''] ?? 'malformed_request')
  }

  function endWith(socket: Socket, code: ProblemCode): void {
    ended.add(socket)
    socket.removeAllListeners('data')
    socket.resume()
    linger(socket, rawProblem(code))
  }

  function problemParts(code: ProblemCode): { status: number; headers: HeaderFields; body: string } {
    const id = randomUUID()
    const document = problemDocument(code, code === 'internal_error' ? { id } : {})
    const body = `${JSON.stringify(document)}\n`
    const headers = {
      ...SECURITY_HEADERS,
      Vary: 'Origin',
      ...(https && { 'Strict-Transport-Security': 'max-age=63072000' }),
      'X-Request-Id': id,
      ...problemHeaders(code),
      'Content-Length': String(Buffer.byteLength(body)),
    }
    return { status: PROBLEMS[code][0], headers, body }
  }

  function problemResponse(code: ProblemCode): Response {
    const { status, headers, body } = problemParts(code)
    return new Response(body, { status, headers })
  }

  function rawProblem(code: ProblemCode): string {
    const { status, headers, body } = problemParts(code)
    const lines = Object.entries({ ...headers, Date: new Date().toUTCString(), Connection: 'close' })
    const fields = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    return `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${fields}\r\n${body}`
  }

  const server = http.createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: 500,
    // node:http would answer a missing Host by itself, without our headers.
    requireHostHeader: false,
  })
  // No header is dropped for being one too many: the size of all is what is limited.
  server.maxHeadersCount = 0
  server.timeout = limits.idleTimeout
  server.on('request', onRequest)
  server.on('checkContinue', onContinue)
  server.on('checkExpectation', (req, res) => refuse(req, res, 'expectation_failed'))
  server.on('connect', (_req, socket) => endWith(socket as Socket, 'malformed_request'))
  server.on('clientError', (error, socket) => onClientError(error, socket as Socket))

  return {
    listen: async (at: { host: string; port: number }): Promise<{ port: number }> => {
      server.listen(at)
      await once(server, 'listening')
      return { port: (server.address() as AddressInfo).port }
    },

    /** Answers what was fully received, then ends. */
    close: async (): Promise<void> => {
      closing = true
      const closed = once(server, 'close')
      // Unlike http.Server.close, this leaves idle connections open: a request may be on its way in them.
      Reflect.apply(net.Server.prototype.close as () => void, server, [])
      await delay(DRAIN_MS)
      server.close(() => {})
      for (const end = Date.now() + limits.closing; underWay > 0 && Date.now() < end; ) await delay(10)
      server.closeAllConnections()
      await closed
    },
  }
}

/** Two readers could disagree about who is asked, by whom, or where the request ends (RFC 9112 §6.1). */
function isAmbiguous({ rawHeaders, headers, httpVersion }: IncomingMessage): boolean {
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    if (SINGULAR.has(name) && seen.size === seen.add(name).size) return true
  }
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return true
  return headers.host === undefined && httpVersion === '1.1'
}
