// What the API sees of an issuer: a revocation feed over HTTP, and tokens signed with a key made for the test.
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export const ISSUER = 'https://issuer.test'
export const AUDIENCE = 'latchkey-api'
export const FEED_SECRET = randomBytes(32).toString('base64url')
export const KEYS = ['k2', 'k1'].map(kid => ({ kid, secret: randomBytes(32) }))

type Json = Record<string, unknown>

export function base64url(value: string | Uint8Array): string {
  return Buffer.from(value).toString('base64url')
}

/** Signs whatever it is given; text and bytes are taken as they are. */
export function sign(
  header: Json | string | Uint8Array,
  payload: Json | string | Uint8Array,
  key = KEYS[0]!.secret,
) {
  const encode = (part: Json | string | Uint8Array) =>
    base64url(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part))
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

export const HEADER = { alg: 'HS256', typ: 'at+jwt', kid: KEYS[0]!.kid }

export function claims(subject: string, changed: Json = {}): Json {
  const iat = Math.floor(Date.now() / 1000)
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: subject,
    user_id: subject,
    email: `${subject}@example.org`,
    sid: randomUUID(),
    jti: randomUUID(),
    iat,
    exp: iat + 3600,
    ...changed,
  }
}

export function mint(subject: string, changed: Json = {}, header: Json = {}): string {
  return sign({ ...HEADER, ...header }, claims(subject, changed))
}

export interface Poll {
  instance: string
  after?: string
  nonce: string
  hold: boolean
}

/** A feed that answers as it is told to; `answer` may be replaced at any time. */
export async function startFeed() {
  const polls: Poll[] = []
  const entries: { sid: string; expires_at: number }[] = []
  const feed = {
    url: '',
    polls,
    /** How long a poll without news is held, in milliseconds. */
    hold: 20,
    leaseMs: 2_000,
    epoch: 'e1',
    now: () => Date.now(),
    /** Takes a response over instead of the feed. */
    fault: null as null | ((response: http.ServerResponse, poll: Poll) => void),
    revoke: (sid: string) => {
      entries.push({ sid, expires_at: Date.now() + 3_600_000 })
      waiting.splice(0).forEach(wake => {
        wake()
      })
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  const waiting: (() => void)[] = []

  const server = http.createServer(async (request, response) => {
    const poll = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Poll
    if (feed.fault) return feed.fault(response, poll)
    if (request.headers.authorization !== `Bearer ${FEED_SECRET}`) return response.writeHead(401).end()
    polls.push(poll)
    const [epoch, seq] = (poll.after ?? '').split('.')
    const from = epoch === feed.epoch ? Number(seq) : 0
    if (epoch === feed.epoch && from === entries.length) {
      await new Promise<void>(resolve => {
        setTimeout(resolve, feed.hold).unref()
        waiting.push(resolve)
      })
    }
    const body = {
      now: feed.now(),
      epoch: feed.epoch,
      seq: entries.length,
      entries: entries.slice(from),
      lease_ms: feed.leaseMs,
      nonce: poll.nonce,
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  feed.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/auth/revocations`
  return feed
}
