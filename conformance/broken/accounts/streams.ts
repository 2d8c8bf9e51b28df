// Server-sent events and WebSockets of the good server: everyone hears of their own tasks.
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { State } from '../state.ts'
import type { Reader } from './feed.ts'
import { readFrames, type Frame, frameOf } from './frames.ts'

export const STREAMS_PER_USER = 8
const LONGEST_FRAME = 65_536
const FRAMES_PER_SECOND = 500
const UNREAD_BYTES = 1_000_000

export interface Listening {
  sub: string
  sid: string
  /** Seconds. */
  exp: number
}

interface Event {
  id: number
  topic: string
  text: string
}

interface Stream extends Listening {
  topic: string
  send(event: Event): void
  close(): void
}

export interface StreamParts {
  state: State
  reader: Reader
  /** Milliseconds. */
  now(): number
  origin: string
}

export function createStreams({ state, reader, now, origin }: StreamParts) {
  const streams = new Set<Stream>()
  const events: Event[] = []
  const timer = setInterval(closeExpired, 100)
  timer.unref()
  if (!state.has('stream-outlives-sign-out')) {
    reader.onRevoked(sid => {
      for (const stream of streams) if (stream.sid === sid) stream.close()
    })
  }

  function closeExpired(): void {
    if (state.has('stream-outlives-its-token')) return
    for (const stream of streams) if (now() >= stream.exp * 1000) stream.close()
  }

  function publish(userId: string, text: string): void {
    const event = { id: events.length + 1, topic: userId, text }
    events.push(event)
    if (events.length > 20_000) events.shift()
    for (const stream of streams) if (stream.topic === '*' || stream.topic === event.topic) stream.send(event)
  }

  /** What this person may hear: the topic is theirs, whatever was asked for. */
  function topicOf({ sub }: Listening, query: URLSearchParams): string {
    const asked = query.get('topic') ?? query.get('channel')
    if (state.has('topic-from-the-query') && asked) return asked.replace(/^user:/, '')
    if (state.has('wildcard-topic') && asked?.includes('*')) return '*'
    return sub
  }

  function isFull({ sub }: Listening): boolean {
    const own = [...streams].filter(stream => stream.sub === sub)
    return own.length >= STREAMS_PER_USER && !state.has('streams-unlimited')
  }

  function openEvents(request: IncomingMessage, response: ServerResponse, who: Listening): void {
    const query = new URL(request.url!, 'http://here').searchParams
    if (isFull(who)) return void response.writeHead(429, { 'Retry-After': '5' }).end()
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
    const stream: Stream = {
      ...who,
      topic: topicOf(who, query),
      send: event => {
        response.write(`id: ${event.id}\ndata: ${event.text}\n\n`)
        if (response.writableLength > UNREAD_BYTES) response.destroy()
      },
      close: () => response.destroy(),
    }
    response.write(': welcome\n\n')
    replay(stream, request.headers['last-event-id'])
    keep(stream, response)
  }

  function replay(stream: Stream, lastEventId: string | string[] | undefined): void {
    if (lastEventId === undefined) return
    const after = Number(lastEventId)
    for (const event of events) {
      const isTheirs = event.topic === stream.topic || state.has('everybodys-events-are-replayed')
      if (isTheirs && event.id > after) stream.send(event)
    }
  }

  function keep(stream: Stream, connection: { on(event: 'close', listen: () => void): unknown }): void {
    streams.add(stream)
    connection.on('close', () => streams.delete(stream))
  }

  function openSocket(request: IncomingMessage, socket: Duplex, who: Listening): void {
    const refuse = (status: string) => void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    const isOwn = request.headers.origin === origin
    if (!isOwn && !state.has('websocket-from-anywhere')) return refuse('403 Forbidden')
    if (isFull(who)) return refuse('429 Too Many Requests\r\nRetry-After: 5')
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    const query = new URL(request.url!, 'http://here').searchParams
    const stream: Stream = {
      ...who,
      topic: topicOf(who, query),
      send: event => {
        socket.write(frameOf(1, Buffer.from(event.text)))
        if (socket.writableLength > UNREAD_BYTES) socket.destroy()
      },
      close: () => socket.destroy(),
    }
    keep(stream, socket)
    listenTo(socket, stream)
  }

  function listenTo(socket: Duplex, stream: Stream): void {
    let unread: Buffer = Buffer.alloc(0)
    let inThisSecond = 0
    let second = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk])
      const { frames, rest, tooLong } = readFrames(unread, limitOf())
      unread = rest
      if (tooLong) return void socket.destroy()
      for (const frame of frames) obey(socket, stream, frame)
      if (Math.floor(performance.now() / 1000) !== second) [second, inThisSecond] = [Math.floor(performance.now() / 1000), 0]
      inThisSecond += frames.length
      if (inThisSecond > FRAMES_PER_SECOND && !state.has('websocket-frames-unbounded')) socket.destroy()
    })
  }

  function limitOf(): number {
    return state.has('websocket-frames-unbounded') ? Infinity : LONGEST_FRAME
  }

  function obey(socket: Duplex, stream: Stream, { opcode, payload }: Frame): void {
    if (opcode === 8) socket.destroy()
    if (opcode === 9) socket.write(frameOf(10, payload))
    if (opcode !== 1 || !state.has('topic-from-the-message')) return
    stream.topic = /"(?:topic|channel)":"(?:user:)?([^"]+)"/.exec(payload.toString())?.[1] ?? stream.topic
  }

  function close(): void {
    clearInterval(timer)
    for (const stream of streams) stream.close()
  }

  return { publish, openEvents, openSocket, close, count: () => streams.size }
}
export type Streams = ReturnType<typeof createStreams>
