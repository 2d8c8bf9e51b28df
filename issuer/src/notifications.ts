import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export type Channel = 'latchkey_revocation' | 'latchkey_acknowledged'
const CHANNELS: Channel[] = ['latchkey_revocation', 'latchkey_acknowledged']
const RECONNECT_MS = 250

interface Listener {
  ended: Promise<void>
  end(): Promise<void>
}

/**
 * LISTENs for what any issuer on this database did, and reconnects by itself. A notification only cuts a wait
 * short: every waiter also has a time limit and then reads the tables, so a lost one costs time, never truth.
 */
export function createNotifications(url: string) {
  const heard = new EventEmitter().setMaxListeners(0)
  let listener: Listener | null = null
  let closed = false

  /** Rejects when the first connection fails; after it, a lost one is made again until `close`. */
  async function connect(): Promise<void> {
    listener = await listen()
    void stayConnected()
  }

  // One loop and nothing else makes connections: a failed attempt cannot start two new ones.
  async function stayConnected(): Promise<void> {
    while (!closed) {
      await listener?.ended
      await sleep(RECONNECT_MS, undefined, { ref: false })
      if (!closed) listener = await listen().catch(() => null)
    }
    await listener?.end()
  }

  async function listen(): Promise<Listener> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
      application_name: 'latchkey-issuer-listen',
    })
    const ended = new Promise<void>(resolve => client.once('end', () => resolve()))
    const end = () => client.end().catch(() => {})
    client.on('error', () => {})
    client.on('notification', ({ channel }) => heard.emit(channel))
    try {
      await client.connect()
      for (const channel of CHANNELS) await client.query(`listen ${channel}`)
    } catch (error) {
      void end()
      throw error
    }
    // Whatever was said while nobody listened: everyone looks for themselves.
    for (const channel of CHANNELS) heard.emit(channel)
    return { ended, end }
  }

  /** Resolves at the next notification on the channel, or after `ms`, or when the signal aborts. */
  async function next(channel: Channel, ms: number, signal?: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(Math.ceil(ms))
    await once(heard, channel, { signal: signal ? AbortSignal.any([limit, signal]) : limit }).catch(() => {})
  }

  async function close(): Promise<void> {
    closed = true
    for (const channel of CHANNELS) heard.emit(channel)
    await listener?.end()
  }

  return { connect, next, close }
}
export type Notifications = ReturnType<typeof createNotifications>
