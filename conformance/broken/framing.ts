// The good server's ends of the wire: what node:http cannot parse, what two readers could take for two requests, and
// bodies nobody asked for.
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { State } from './state.ts'

/** Said once or the request is ambiguous (RFC 9110 §5.3, RFC 9112 §3.2 and §6.3). */
const SINGULAR = ['content-encoding', 'content-length', 'content-type', 'host', 'transfer-encoding']

/** ms until a whole request must have arrived. */
const PATIENCE = 1_000

export function serverOptions(state: State): ServerOptions {
  const isPatient = state.has('waits-for-bodies-forever') || state.has('ends-idle-connections-alone')
  const patience = isPatient ? 0 : PATIENCE
  return {
    requireHostHeader: false,
    insecureHTTPParser: state.has('lenient-parser'),
    maxHeaderSize: state.has('headers-of-any-size') ? 10_000_000 : 16_384,
    headersTimeout: patience,
    requestTimeout: patience,
    connectionsCheckingInterval: 200,
  }
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

export function frame(server: Server, state: State, answer: Listener): void {
  const refused = new WeakSet<Duplex>()
  server.maxHeadersCount = 0
  if (state.has('ends-idle-connections-alone')) server.setTimeout(PATIENCE)
  // Whoever goes away in the middle is no fault of the server.
  server.on('connection', socket => socket.on('error', () => {}))
  server.on('request', (request, response) => {
    // Sent ahead on a connection that has been refused: it never was a request.
    if (refused.has(request.socket)) return
    if (isAmbiguous(request, state)) {
      refused.add(request.socket)
      refuse(response)
    } else answer(request, response)
  })
  if (!state.has('asks-for-the-body-first'))
    server.on('checkContinue', (request, response) => onContinue(server, request, response))
  if (state.has('upgrades-to-anything'))
    server.on('upgrade', (_, socket) => socket.end(`${SWITCHING}\r\n\r\n`))
  server.on('connect', (_, socket) => end(socket, 400))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The rest of what was refused is no request either: it gets no answer of its own.
    if (!refused.has(socket)) end(socket, STATUSES[error.code ?? ''] ?? 400)
  })
}

const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c'

const STATUSES: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }
const REASONS: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** The body is asked for when somebody begins to read it. */
function onContinue(server: Server, request: IncomingMessage, response: ServerResponse): void {
  request.on('newListener', event => {
    if ((event === 'data' || event === 'readable') && !response.headersSent) response.writeContinue()
  })
  server.emit('request', request, response)
}

function isAmbiguous({ rawHeaders, headers }: IncomingMessage, state: State): boolean {
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map(name => name.toLowerCase())
  const isRepeated = SINGULAR.some(
    name => names.indexOf(name) !== names.lastIndexOf(name) && !isLax(name, state),
  )
  const coding = headers['transfer-encoding']
  const isCoded = coding !== undefined && coding.toLowerCase() !== 'chunked' && !state.has('lenient-parser')
  const isHostless = headers.host === undefined && !isLax('host', state)
  return isRepeated || isCoded || isHostless
}

function isLax(name: string, state: State): boolean {
  return name === 'host' ? state.has('any-number-of-hosts') : state.has('lenient-parser')
}

function headersFor(body: string): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
}

function problem(status: number): string {
  return JSON.stringify({
    type: 'urn:good:problem:malformed_request',
    title: REASONS[status],
    status,
    code: 'malformed_request',
  })
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, headersFor(problem(400))).end(problem(400))
}

function end(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy()
  const body = problem(status)
  const lines = Object.entries(headersFor(body)).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${body}`)
  // What the client still sends is nobody's: without reading on, the answer might never reach it.
  socket.removeAllListeners('data')
  socket.resume()
}
