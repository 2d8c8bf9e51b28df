import { EventEmitter, once } from 'node:events'
import pg from 'pg'

export type Channel = 'latchkey_revocation' | 'latchkey_acknowledged'
const CHANNELS: Channel[] = ['latchkey_revocation', 'latchkey_acknowledged']
const RECONNECT_MS = 250

/**
 * LISTENs for what any issuer on this database did, and reconnects by itself. A notification only cuts a wait
 * short: every waiter also has a time limit and then reads the tables, so a lost one costs time, never truth.
 */
export function createNotifications(url: string) {
  const heard = new EventEmitter().setMaxListeners(0)
  let client: pg.Client | null = null
  let closed = false

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
      application_name: 'latchkey-issuer-listen',
    })
    next.on('error', () => {})
    next.on('end', () => scheduleReconnect())
    next.on('notification', ({ channel }) => heard.emit(channel))
    client = next
    await next.connect()
    for (const channel of CHANNELS) await next.query(`listen ${channel}`)
    // Whatever was said while nobody listened: everyone looks for themselves.
    for (const channel of CHANNELS) heard.emit(channel)
  }

  function scheduleReconnect(): void {
    if (closed) return
    setTimeout(() => {
      if (!closed) connect().catch(() => scheduleReconnect())
    }, RECONNECT_MS).unref()
  }

  /** Resolves at the next notification on the channel, or after `ms`, or when the signal aborts. */
  async function next(channel: Channel, ms: number, signal?: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(Math.ceil(ms))
    await once(heard, channel, { signal: signal ? AbortSignal.any([limit, signal]) : limit }).catch(() => {})
  }

  async function close(): Promise<void> {
    closed = true
    for (const channel of CHANNELS) heard.emit(channel)
    await client?.end().catch(() => {})
  }

  return { connect, next, close }
}
export type Notifications = ReturnType<typeof createNotifications>
