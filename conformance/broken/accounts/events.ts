// Streams of the good server, found under /api/{user}/events: server-sent events, and a WebSocket by upgrade.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createExchange, type Exchange, Problem } from '../exchange.ts'
import type { State } from '../state.ts'
import { verify } from '../tokens.ts'
import { noteForeign, requireSubject } from './gate.ts'
import type { Listening } from './streams.ts'

const PATH = /^\/api\/([^/]*)\/events$/

/** Server-sent events. */
export function events(exchange: Exchange, state: State): boolean {
  const user = PATH.exec(exchange.path)?.[1]
  if (user === undefined) return false
  const who = listenerOf(exchange, state, user)
  if (exchange.method !== 'GET') throw new Problem(405, 'method_not_allowed', { Allow: 'GET' })
  state.streams.openEvents(exchange, who)
  return true
}

/** The WebSocket at the same place. */
export function upgrade(request: IncomingMessage, socket: Duplex, state: State): void {
  // A socket that was upgraded is nobody's but ours: node neither ends nor closes it.
  socket.on('end', () => socket.destroy()).on('error', () => socket.destroy())
  const exchange = createExchange(request, null, state)
  const user = PATH.exec(exchange.path)?.[1] ?? ''
  try {
    if (!PATH.test(exchange.path)) throw new Problem(404, 'not_found')
    state.streams.openSocket(exchange, socket, listenerOf(exchange, state, user))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const headers = {
      ...error.headers,
      'Cache-Control': 'no-store',
      'Content-Length': '0',
      Connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    // Who sent nonsense after it may have been hung up on by now.
    if (socket.writable) socket.end(`HTTP/1.1 ${error.status} Refused\r\n${lines.join('')}\r\n`)
  }
}

function listenerOf(exchange: Exchange, state: State, user: string): Listening {
  const token = tokenOf(exchange, state)
  if (state.has('stream-without-a-token') && token === '') return { sub: user, sid: '', exp: Infinity }
  const asked = exchange.query.has('access_token') && state.has('stream-token-in-the-query')
  const subject = asked ? verify(token, state) : requireSubject(exchange, state)
  if (typeof subject === 'string') throw new Problem(401, 'invalid_token', { 'WWW-Authenticate': 'Bearer' })
  noteForeign(exchange, state, subject, user)
  if (user !== subject.id && !state.has('stream-of-any-path')) throw new Problem(404, 'not_found')
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  return { sub: state.has('stream-of-any-path') ? user : subject.id, sid: subject.sid, exp }
}

function tokenOf({ request, query }: Exchange, state: State): string {
  const asked = state.has('stream-token-in-the-query') ? query.get('access_token') : null
  return asked ?? request.headers.authorization?.split(/ +/)[1] ?? ''
}
