// One link of the network between two processes, as something that can break. It carries TCP and knows of HTTP
// only where an answer has its middle.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export type Mode =
  | 'pass'
  /** Nobody listens. */
  | 'refuse'
  /** Connections stand, and nothing travels; what is on its way arrives when this ends. */
  | 'freeze'
  /** Every piece takes `delayMs` longer. */
  | 'slow'
  /** Each answer ends, and its connection, in the middle of its body. */
  | 'cut-mid-body'
  /** Every byte towards the server reaches it a second time, on a connection of its own. */
  | 'duplicate-requests'
  /** Every byte of an answer reaches the client twice. */
  | 'duplicate-answers'
  /** Every request is answered with what an earlier one was answered; its own answer gets lost. */
  | 'replay-answers'

export type Target = { port: number } | { path: string }

/** An answer that got through whole: when its request was sent, when it was delivered. */
export interface Delivery {
  sentAt: number
  deliveredAt: number
}

export interface ChaosProxy {
  port: number
  set(mode: Mode, options?: { delayMs: number }): Promise<void>
  /** Ends every connection there is; new ones are welcome. */
  cut(): void
  readonly connections: number
  readonly deliveries: readonly Delivery[]
  close(): Promise<void>
}

interface Link {
  client: Socket
  server: Socket
  /** A second connection that gets the same bytes. */
  shadow: Socket | null
  askedAt: number | null
}

const KEPT_DELIVERIES = 200
/** A little later than the request, which may come in two pieces. */
const REPLAY_MS = 10

export async function createProxy(target: Target): Promise<ChaosProxy> {
  const links = new Set<Link>()
  const deliveries: Delivery[] = []
  let mode: Mode = 'pass'
  let delayMs = 0
  let lastAnswer: Buffer = Buffer.alloc(0)
  let listener = createListener()
  const port = await listen(listener, 0)

  function createListener(): Server {
    return createServer({ noDelay: true }, accept)
  }

  function accept(client: Socket): void {
    const link: Link = { client, server: connect(target), shadow: null, askedAt: null }
    links.add(link)
    client.on('data', bytes => towardsServer(link, bytes as Buffer))
    link.server.on('data', bytes => towardsClient(link, bytes as Buffer))
    for (const socket of [client, link.server]) {
      socket.on('error', () => {})
      socket.on('end', () => (socket === client ? link.server : client).end())
      socket.on('close', () => drop(link))
      if (mode === 'freeze') socket.pause()
    }
  }

  function drop(link: Link): void {
    links.delete(link)
    for (const socket of [link.client, link.server, link.shadow]) socket?.destroy()
  }

  function towardsServer(link: Link, bytes: Buffer): void {
    if (mode === 'replay-answers' && link.askedAt === null) setTimeout(() => replay(link), REPLAY_MS)
    link.askedAt ??= performance.now()
    if (mode === 'duplicate-requests') shadowOf(link).write(bytes)
    write(link.server, bytes)
  }

  function towardsClient(link: Link, bytes: Buffer): void {
    if (mode === 'cut-mid-body') return void link.client.write(firstPart(bytes), () => drop(link))
    if (mode === 'replay-answers') return
    if (mode === 'duplicate-answers') link.client.write(bytes)
    lastAnswer = bytes
    write(link.client, bytes, () => noteDelivery(link))
  }

  function replay(link: Link): void {
    link.askedAt = null
    if (!link.client.destroyed) link.client.write(lastAnswer)
  }

  function noteDelivery(link: Link): void {
    if (link.askedAt === null) return
    deliveries.push({ sentAt: link.askedAt, deliveredAt: performance.now() })
    if (deliveries.length > KEPT_DELIVERIES) deliveries.shift()
    link.askedAt = null
  }

  function write(socket: Socket, bytes: Buffer, then = () => {}): void {
    const send = () => {
      if (!socket.destroyed) socket.write(bytes)
      then()
    }
    if (mode === 'slow') setTimeout(send, delayMs)
    else send()
  }

  function shadowOf(link: Link): Socket {
    link.shadow ??= connect(target).on('error', () => {})
    link.shadow.resume()
    return link.shadow
  }

  function cut(): void {
    for (const link of links) drop(link)
  }

  async function set(next: Mode, options = { delayMs: 0 }): Promise<void> {
    const before = mode
    mode = next
    delayMs = options.delayMs
    for (const { client, server } of links)
      for (const socket of [client, server]) mode === 'freeze' ? socket.pause() : socket.resume()
    if (mode === 'refuse') {
      cut()
      listener.close()
    } else if (before === 'refuse') {
      listener = createListener()
      await listen(listener, port)
    }
  }

  return {
    port,
    set,
    cut,
    get connections() {
      return links.size
    },
    deliveries,
    close: async () => {
      cut()
      listener.close()
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The head and half the body of an answer that came in one piece. */
function firstPart(bytes: Buffer): Buffer {
  const body = bytes.indexOf('\r\n\r\n') + 4
  return bytes.subarray(0, body + Math.floor((bytes.length - body) / 2))
}
