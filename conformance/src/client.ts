// HTTP/1.1 over raw sockets, because an attacker is not held to what `fetch` allows: duplicate headers, bare line
// feeds, NUL, wrong lengths, any target. Requests are written as given; answers are kept byte for byte.
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import type { Identity } from './check.ts'
import { KitFault, TargetFault } from './faults.ts'
import { type Message, readMessage } from './message.ts'
import { RAW_TARGET } from './reproduction.ts'

/** A server of the profile; `replica:0` is the first of `api.replicas`. */
export type Destination = 'api' | 'issuer' | `replica:${number}`

export interface Request {
  to?: Destination
  method: string
  /** The request target as it is: nothing is encoded or resolved. */
  target: string
  headers?: [name: string, value: string | Buffer][]
  body?: Buffer | string
  /** Adds neither Host nor Content-Length. */
  bare?: boolean
  /** On a connection of its own, closed afterwards. */
  fresh?: boolean
  /** Whom a right answer may speak to: someone else's canary in it is a breach. The owner of the token unless said. */
  as?: Identity | null
  /** ms; 10,000 unless said. */
  timeout?: number
  /** The local address to come from: on loopback, one machine is many clients. */
  from?: string
}

export interface Answer {
  /** 0: there was no answer; `closed` or `timedOut` says what there was. */
  status: number
  reason: string
  /** Names as sent, in their order. */
  headers: [name: string, value: string][]
  /** The values of this header, joined; undefined when it is not there. */
  header(name: string): string | undefined
  body: Buffer
  text: string
  /** Undefined when the body is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the target said.
  json: any
  /** The whole answer. */
  bytes: Buffer
  /** From the last byte written to the last byte read, in ms. */
  ms: number
  /** The moment it was sent, by `performance.now()`. */
  sentAt: number
  /** The target closed the connection. */
  closed: boolean
  timedOut: boolean
  /** Statuses like 100 and 103 that came before. */
  informational: number[]
  /** What followed the answer on the connection. */
  extra: Buffer
  request: Request
}

export interface RawAnswers {
  answers: Answer[]
  closed: boolean
  bytes: Buffer
  ms: number
}

export interface Client {
  send(request: Request): Promise<Answer>
  sendRaw(bytes: Buffer | string, options: RawSend): Promise<RawAnswers>
  /** A socket of the caller's own, for what this file has no word for. */
  open(to?: Destination): Promise<Socket>
  bytesOf(request: Request): Buffer
  readonly count: number
  close(): void
}

export interface RawSend {
  to?: Destination
  method?: string
  wait?: number
  answers?: number
}

/** The only hosts that are ever spoken to. */
export type Origins = Partial<Record<Destination, string>>

export interface ClientOptions {
  origins: Origins
  /** PEM of who signed the target's certificate. */
  ca?: string
  /** Requests a run may send at all. */
  limit?: number
}

interface Connection {
  socket: Socket
  used: boolean
}

export function createClient({ origins, ca, limit = 2_000_000 }: ClientOptions): Client {
  const idle = new Map<string, Connection[]>()
  let count = 0

  return {
    get count() {
      return count
    },
    async send(request) {
      const url = urlOf(request.to)
      const bytes = serialise(request, url.host)
      countOne()
      for (;;) {
        const connection = await take(url, request.fresh === true || request.from !== undefined, request.from)
        const answer = await exchange(connection.socket, bytes, request)
        // A server may close an idle connection at any moment: nothing was judged yet, so it is asked again.
        if (answer.status === 0 && answer.closed && connection.used) continue
        if (isReusable(answer) && !request.fresh && request.from === undefined) give(url, connection.socket)
        else connection.socket.destroy()
        return answer
      }
    },
    async sendRaw(bytes, options) {
      countOne()
      const socket = await open(urlOf(options.to))
      return await exchangeRaw(socket, Buffer.from(bytes as string), options)
    },
    open: to => open(urlOf(to)),
    bytesOf,
    close() {
      for (const connections of idle.values()) for (const { socket } of connections) socket.destroy()
      idle.clear()
    },
  }

  function countOne(): void {
    count += 1
    if (count > limit) throw new KitFault(`more than ${limit} requests`)
  }

  function urlOf(to: Destination = 'api'): URL {
    const origin = origins[to]
    if (origin === undefined) throw new KitFault(`the profile has no ${to}`)
    return new URL(origin)
  }

  function bytesOf(request: Request): Buffer {
    return serialise(request, urlOf(request.to).host)
  }

  async function take(url: URL, fresh: boolean, from?: string): Promise<Connection> {
    const waiting = fresh ? undefined : idle.get(url.host)
    for (let connection = waiting?.pop(); connection; connection = waiting!.pop()) {
      connection.socket.removeAllListeners()
      connection.socket.on('error', () => {})
      if (!connection.socket.destroyed && connection.socket.readyState === 'open') return connection
    }
    return { socket: await open(url, from), used: false }
  }

  function give(url: URL, socket: Socket): void {
    const connections = idle.get(url.host) ?? []
    idle.set(url.host, connections)
    const connection = { socket, used: true }
    connections.push(connection)
    socket.once('close', () => {
      const index = connections.indexOf(connection)
      if (index >= 0) connections.splice(index, 1)
    })
  }

  function open(url: URL, localAddress?: string): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    const secure = url.protocol === 'https:'
    const place = { host, port, localAddress, ...(localAddress && { family: 4 }) }
    const socket = secure ? connectSecure({ ...place, servername: host, ca }) : connectPlain(place)
    socket.setNoDelay(true)
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.removeListener('error', refuse)
      socket.on('error', () => {})
      resolve(socket)
    })
    const refuse = (error: Error) =>
      reject(new TargetFault(`${url.origin} cannot be reached: ${error.message}`))
    socket.once('error', refuse)
    return promise
  }
}

/** The bytes of a request, with the Host and the length it needs to be one. */
export function serialise({ method, target, headers = [], body, bare }: Request, host: string): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body as string)
  const has = (name: string) => headers.some(([key]) => key.toLowerCase() === name)
  const added: [string, string][] = []
  if (!bare && !has('host')) added.push(['Host', host])
  if (!bare && bytes && !has('content-length') && !has('transfer-encoding')) {
    added.push(['Content-Length', String(bytes.length)])
  }
  const lines = [...added, ...headers].flatMap(([name, value]) => [
    Buffer.from(`${name}: `),
    Buffer.from(value as string),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n`),
    ...lines,
    Buffer.from('\r\n'),
    ...(bytes ? [bytes] : []),
  ])
}

function exchange(socket: Socket, bytes: Buffer, request: Request): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const sentAt = performance.now()
  const chunks: Buffer[] = []
  let informational: number[] = []
  const timer = setTimeout(() => finish(null, { timedOut: true }), request.timeout ?? 10_000)
  socket.on('data', onData).on('close', onClose).on('end', onClose)
  socket.write(bytes)
  return promise

  function onData(chunk: Buffer): void {
    chunks.push(chunk)
    const read = readMessage(Buffer.concat(chunks), request.method, false)
    informational = read.informational
    if (read.message) finish(read.message, {})
  }

  function onClose(): void {
    const read = readMessage(Buffer.concat(chunks), request.method, true)
    informational = read.informational
    finish(read.message, { closed: true })
  }

  function finish(message: Message | null, { closed = false, timedOut = false }): void {
    clearTimeout(timer)
    socket.off('data', onData).off('close', onClose).off('end', onClose)
    resolve(
      answerOf(message, { sentAt, closed, timedOut, informational, request, all: Buffer.concat(chunks) }),
    )
  }
}

interface Circumstances extends Pick<Answer, 'sentAt' | 'closed' | 'timedOut' | 'informational' | 'request'> {
  all: Buffer
}

function answerOf(message: Message | null, circumstances: Circumstances): Answer {
  const { all, sentAt, ...rest } = circumstances
  const { status = 0, reason = '', headers = [], body = Buffer.alloc(0) } = message ?? {}
  const header = (name: string) => {
    const values = headers.filter(([key]) => key.toLowerCase() === name.toLowerCase())
    return values.length > 0 ? values.map(([, value]) => value).join(', ') : undefined
  }
  let text: string | undefined
  return {
    ...rest,
    status,
    reason,
    headers,
    header,
    body,
    bytes: message ? message.bytes : all,
    extra: message ? message.extra : Buffer.alloc(0),
    ms: performance.now() - sentAt,
    sentAt,
    get text() {
      text ??= body.toString('utf8')
      return text
    },
    get json() {
      try {
        return JSON.parse(this.text)
      } catch {
        return undefined
      }
    },
  }
}

function isReusable(answer: Answer): boolean {
  if (answer.status === 0 || answer.closed || answer.extra.length > 0) return false
  return !/\bclose\b/i.test(answer.header('connection') ?? '') && answer.status !== 101
}

function exchangeRaw(socket: Socket, bytes: Buffer, options: RawSend): Promise<RawAnswers> {
  const { promise, resolve } = Promise.withResolvers<RawAnswers>()
  const { wait = 300, answers: enough = Infinity, method = methodOf(bytes) } = options
  const sentAt = performance.now()
  let all: Buffer = Buffer.alloc(0)
  let timer = setTimeout(() => finish(false), wait)
  socket.on('data', (chunk: Buffer) => {
    all = Buffer.concat([all, chunk])
    clearTimeout(timer)
    timer = setTimeout(() => finish(false), wait)
    if (readAll(false).length >= enough) finish(false)
  })
  socket.on('end', () => finish(true)).on('close', () => finish(true))
  socket.write(bytes)
  return promise

  function finish(closed: boolean): void {
    clearTimeout(timer)
    resolve({ answers: readAll(closed), closed, bytes: all, ms: performance.now() - sentAt })
    socket.destroy()
  }

  function readAll(closed: boolean): Answer[] {
    const answers: Answer[] = []
    const request: Request = { to: options.to, method, target: RAW_TARGET, body: bytes, bare: true }
    for (let rest = all; rest.length > 0; ) {
      const { message, informational } = readMessage(rest, method, closed)
      if (!message) break
      answers.push(answerOf(message, { sentAt, closed, timedOut: false, informational, request, all }))
      rest = Buffer.from(message.extra)
    }
    return answers
  }
}

function methodOf(bytes: Buffer): string {
  return bytes.subarray(0, 20).toString('latin1').split(' ')[0]!
}
