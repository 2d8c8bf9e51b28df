// Who listens to what: everyone hears of their own tasks, until the token ends or the session does.
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { type Exchange, Problem } from '../exchange.ts'
import type { State } from '../state.ts'
import { type Frame, frameOf, readFrames } from './frames.ts'
import { header } from './http.ts'
import { retryAfter } from './limits.ts'

export const STREAMS_PER_USER = 8
const LONGEST_MESSAGE = 65_536
const FRAMES_PER_SECOND = 500
const UNREAD_BYTES = 1_000_000

export interface Listening {
  sub: string
  sid: string
  /** Seconds. */
  exp: number
}

interface StreamEvent {
  id: number
  topic: string
  text: string
}

interface Stream extends Listening {
  topic: string
  send(event: StreamEvent): void
  close(): void
}

export function createStreams(state: State) {
  const streams = new Set<Stream>()
  const events: StreamEvent[] = []
  const timer = setInterval(closeExpired, 50)
  timer.unref()
  state.revoked.onRevoked(sid => {
    for (const stream of streams)
      if (stream.sid === sid && !state.has('stream-outlives-sign-out')) stream.close()
  })

  function closeExpired(): void {
    for (const stream of streams)
      if (state.now() >= stream.exp * 1000 && !state.has('stream-outlives-its-token')) stream.close()
  }

  function publish(userId: string, text: string): void {
    const event = { id: (events.at(-1)?.id ?? 0) + 1, topic: userId, text }
    events.push(event)
    if (events.length > 20_000) events.shift()
    for (const stream of streams) if (stream.topic === '*' || stream.topic === event.topic) stream.send(event)
  }

  /** The topic is that of the token, whatever was asked for. */
  function topicOf({ sub }: Listening, { query }: Exchange): string {
    const asked = query.get('topic') ?? query.get('channel')
    if (state.has('topic-from-the-query') && asked) return asked.replace(/^user:/, '')
    return state.has('wildcard-topic') && asked?.includes('*') ? '*' : sub
  }

  function requireRoom({ sub }: Listening): void {
    const own = [...streams].filter(stream => stream.sub === sub)
    if (own.length >= STREAMS_PER_USER && !state.has('streams-unlimited'))
      throw new Problem(429, 'too_many_streams', retryAfter(5, state))
  }

  function openEvents(exchange: Exchange, who: Listening): void {
    requireRoom(who)
    const { response } = exchange
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    response.write(': welcome\n\n')
    const send = (event: StreamEvent) => {
      response.write(`id: ${event.id}\ndata: ${event.text}\n\n`)
      if (response.writableLength > UNREAD_BYTES) response.destroy()
    }
    const stream = { ...who, topic: topicOf(who, exchange), send, close: () => response.destroy() }
    replay(stream, header(exchange, 'last-event-id'))
    keep(stream, response)
  }

  function replay(stream: Stream, lastEventId: string | undefined): void {
    if (lastEventId === undefined) return
    for (const event of events) {
      const isTheirs = event.topic === stream.topic || state.has('everybodys-events-are-replayed')
      if (isTheirs && event.id > Number(lastEventId)) stream.send(event)
    }
  }

  function keep(stream: Stream, connection: { on(event: 'close', listen: () => void): unknown }): void {
    streams.add(stream)
    connection.on('close', () => streams.delete(stream))
  }

  function openSocket(exchange: Exchange, socket: Duplex, who: Listening): void {
    const isOwn = header(exchange, 'origin') === state.origin
    if (!isOwn && !state.has('websocket-from-anywhere')) throw new Problem(403, 'invalid_origin')
    requireRoom(who)
    const key = `${header(exchange, 'sec-websocket-key')}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
    socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`)
    const send = (event: StreamEvent) => {
      socket.write(frameOf(1, Buffer.from(event.text)))
      if (socket.writableLength > UNREAD_BYTES) socket.destroy()
    }
    const stream = { ...who, topic: topicOf(who, exchange), send, close: () => socket.destroy() }
    keep(stream, socket)
    hear(socket, stream)
  }

  function hear(socket: Duplex, stream: Stream): void {
    const isUnbounded = state.has('websocket-frames-unbounded')
    const window = { second: 0, frames: 0 }
    let unread: Buffer = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      const read = readFrames(Buffer.concat([unread, chunk]), isUnbounded ? Infinity : LONGEST_MESSAGE)
      unread = read.rest
      for (const frame of read.frames) obey(socket, stream, frame)
      const second = Math.floor(performance.now() / 1000)
      if (second !== window.second) Object.assign(window, { second, frames: 0 })
      window.frames += read.frames.length
      if (read.tooLong || (window.frames > FRAMES_PER_SECOND && !isUnbounded)) socket.destroy()
    })
  }

  function obey(socket: Duplex, stream: Stream, { opcode, payload }: Frame): void {
    if (opcode === 8) socket.destroy()
    if (opcode === 9 && !socket.destroyed) socket.write(frameOf(10, payload))
    if (opcode !== 1 || !state.has('topic-from-the-message')) return
    stream.topic = /"(?:topic|channel)":"(?:user:)?([^"]+)"/.exec(payload.toString())?.[1] ?? stream.topic
  }

  function close(): void {
    clearInterval(timer)
    for (const stream of streams) stream.close()
  }

  return { publish, openEvents, openSocket, close }
}
export type Streams = ReturnType<typeof createStreams>
