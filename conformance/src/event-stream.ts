// Long answers: a request whose answer does not end, and a WebSocket, byte by byte.
import { randomBytes } from 'node:crypto'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import type { Request } from './client.ts'
import { TargetFault } from './faults.ts'
import type { Profile } from './profile.ts'

export interface EventStream {
  /** Of the answer's first line; 0 while there is none. */
  status: number
  /** All that has come, head included. */
  text: string
  closed: boolean
  /** By `performance.now()`; the last bytes, and the end. */
  lastAt: number
  closedAt: number
  write(bytes: Buffer): boolean
  /** Stops reading what comes. */
  pause(): void
  close(): void
  socket: Socket
}

/** Sends the request and resolves when the head of the answer is there. */
export async function openStream(profile: Profile, bytes: Buffer, patienceMs = 5_000): Promise<EventStream> {
  const socket = await connect(profile)
  const stream: EventStream = {
    status: 0,
    text: '',
    closed: false,
    lastAt: 0,
    closedAt: 0,
    socket,
    write: data => !socket.destroyed && socket.write(data),
    pause: () => void socket.pause(),
    close: () => void socket.destroy(),
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patienceMs)
  socket.on('data', chunk => {
    stream.text += chunk.toString('latin1')
    stream.lastAt = performance.now()
    stream.status ||= Number(/^HTTP\/1\.1 (\d{3}).*?\r\n\r\n/s.exec(stream.text)?.[1] ?? 0)
    if (stream.status > 0) resolve()
  })
  const end = () => {
    if (!stream.closed) Object.assign(stream, { closed: true, closedAt: performance.now() })
    resolve()
  }
  socket.on('end', end).on('close', end).on('error', end)
  socket.write(bytes)
  await promise
  clearTimeout(timer)
  return stream
}

async function connect({ api, ca }: Profile): Promise<Socket> {
  const { protocol, hostname, port } = new URL(api.url)
  const isSecure = protocol === 'https:'
  const place = { host: hostname, port: Number(port || (isSecure ? 443 : 80)) }
  const socket = isSecure ? connectSecure({ ...place, servername: hostname, ca }) : connectPlain(place)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.once(isSecure ? 'secureConnect' : 'connect', () => resolve()).once('error', reject)
  await promise.catch(error => {
    throw new TargetFault(`${api.url} cannot be reached: ${error.message}`)
  })
  return socket
}

/** RFC 6455 §4.1. */
export function upgraded(request: Request, origin: string | undefined): Request {
  return {
    ...request,
    method: 'GET',
    body: undefined,
    headers: [
      ...(request.headers ?? []).filter(([name]) => !/^(content-type|origin)$/i.test(name)),
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
      ...(origin === undefined ? [] : [['Origin', origin] as [string, string]]),
    ],
  }
}

/** A masked frame, as clients send; `length` may claim more than there is. */
export function frame(
  opcode: number,
  payload: Buffer,
  { isLast = true, length = payload.length } = {},
): Buffer {
  const first = (isLast ? 0x80 : 0) | opcode
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = first
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2)
  const mask = randomBytes(4)
  return Buffer.concat([head, mask, Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4]!))])
}
