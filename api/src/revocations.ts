import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Revocations } from './access-token.ts'

/** Milliseconds each. `monotonic` never runs back; `wall` is what the operating system believes. */
export interface Clocks {
  monotonic(): number
  wall(): number
}

interface Parts {
  url: string
  secret: string
  /** The longest life of a token, in seconds. */
  ttl: number
  clocks: Clocks
  fetch: typeof globalThis.fetch
  log: Logger
  /** More sessions than this are not remembered: the lease then ends, and nothing is accepted. */
  maxEntries?: number
}

interface FeedAnswer {
  now: number
  epoch: string
  seq: number
  entries: { sid: string }[]
  lease_ms: number
  nonce?: string
}

export interface RevocationReader extends Revocations {
  start(): void
  /** A first snapshot has been applied and the lease is held. */
  ready(): boolean
  /** Milliseconds since the poll was sent that the lease counts from; null before the first. */
  leaseAge(): number | null
  /** How many ended sessions are remembered. */
  size(): number
  close(): Promise<void>
}

const POLL_MS = 1_000
/** Nothing is accepted before the first snapshot, so it may take its time, however long it is. */
const SNAPSHOT_MS = 10_000
const PAUSE_AFTER_ERROR_MS = 200
/** How much slower than ours the issuers' clock may run: more than any two clocks differ. */
const DRIFT = 1 / 1_000
/** What a revoked token may outlive: its own life, and the slack between issuer and us. */
const RETENTION_SLACK_MS = 600_000

/**
 * The reader of the revocation feed, and the lease it earns. Rule: an answer's entries are applied before its
 * lease counts, and the lease counts from the moment its poll was *sent*: a sign-out that has waited a lease for
 * this instance then knows that nothing is accepted here any more.
 */
export function createRevocationReader(parts: Parts): RevocationReader {
  const { clocks, log, maxEntries = 2_000_000 } = parts
  const instance = randomUUID()
  const stop = new AbortController()
  const revoked = new Map<string, number>()
  let cursor: string | undefined
  let lease: { monotonic: number; wall: number; ms: number } | null = null
  let time: { feed: number; monotonic: number } | null = null
  let lost = false
  let running: Promise<void> | null = null
  let late = false

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const sent = { monotonic: clocks.monotonic(), wall: clocks.wall() }
      try {
        apply(
          await poll(parts, { instance, after: cursor, nonce: randomUUID(), hold: !late }, stop.signal),
          sent,
        )
        late = false
        if (lost) log.info({ event: 'revocation_feed_recovered' }, 'The revocation feed answers again')
        lost = false
      } catch (error) {
        // The lease is half over: the next answer must not wait for news.
        late = true
        if (!stop.signal.aborted && !leased()) lose(error)
        await delay(PAUSE_AFTER_ERROR_MS, undefined, { signal: stop.signal }).catch(() => {})
      }
    }
  }

  /** One poll that fails is no loss: the next may still come in time. */
  function lose(error: unknown): void {
    if (!lost)
      log.warn({ event: 'revocation_feed_lost', reason: reasonOf(error) }, 'The revocation feed is lost')
    lost = true
  }

  function apply(answer: FeedAnswer, sent: { monotonic: number; wall: number }): void {
    const heard = clocks.monotonic()
    prune(heard)
    for (const { sid } of answer.entries) if (!revoked.has(sid)) revoked.set(sid, heard)
    if (revoked.size > maxEntries) throw new FeedError('too_many_entries')
    cursor = `${answer.epoch}.${answer.seq}`
    time = { feed: Math.max(answer.now, slowestTime(heard)), monotonic: heard }
    // A part of very many entries gives no lease; the one there is runs on to its own end.
    if (answer.lease_ms > 0) lease = { ...sent, ms: answer.lease_ms }
  }

  /** Time slows down to where the feed's is, and never runs back: no clock that is set wakes an expired token. */
  function slowestTime(heard: number): number {
    return time ? time.feed + (heard - time.monotonic) * (1 - DRIFT) : 0
  }

  /** In the order heard, so by elapsed monotonic time: no wall clock brings a revoked token back. */
  function prune(now: number): void {
    const retention = parts.ttl * 1000 + RETENTION_SLACK_MS
    for (const [sid, heard] of revoked) {
      if (now - heard <= retention) return
      revoked.delete(sid)
    }
  }

  /** By both clocks: the monotonic one may stand still in a machine that sleeps, the other may be set. */
  function leased(): boolean {
    if (!lease) return false
    return clocks.monotonic() - lease.monotonic < lease.ms && clocks.wall() - lease.wall < lease.ms
  }

  return {
    start: () => {
      running ??= run()
    },
    ready: leased,
    leaseAge: () => lease && clocks.monotonic() - lease.monotonic,
    size: () => revoked.size,
    leased,
    has: sid => revoked.has(sid),
    now: () => time && time.feed + (clocks.monotonic() - time.monotonic),
    close: async () => {
      stop.abort()
      await running
    },
  }
}

class FeedError extends Error {}

interface Poll {
  instance: string
  after: string | undefined
  nonce: string
  /** Whether the answer may wait for news. */
  hold: boolean
}

/** Ends in time whatever `fetch` makes of the signal: the deadline covers the body as well. */
async function poll(parts: Parts, request: Poll, stop: AbortSignal): Promise<FeedAnswer> {
  const time = request.after === undefined ? SNAPSHOT_MS : POLL_MS
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(time)])
  const answer = ask(parts, request, deadline)
  answer.catch(() => {})
  return await Promise.race([answer, rejection(deadline)])
}

/** An answer is one to this very poll: an earlier one, delivered again, would extend the lease and bring no news. */
async function ask({ url, secret, fetch }: Parts, poll: Poll, signal: AbortSignal): Promise<FeedAnswer> {
  const body = JSON.stringify(poll)
  const headers = { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new FeedError(`status_${response.status}`)
  }
  const answer: unknown = await response.json()
  if (!isFeedAnswer(answer)) throw new FeedError('malformed_answer')
  if (answer.nonce !== poll.nonce) throw new FeedError('answer_to_another_poll')
  return answer
}

function isFeedAnswer(value: unknown): value is FeedAnswer {
  const answer = value as FeedAnswer | null
  return (
    typeof answer === 'object' &&
    answer !== null &&
    Number.isFinite(answer.now) &&
    typeof answer.epoch === 'string' &&
    Number.isSafeInteger(answer.seq) &&
    Number.isSafeInteger(answer.lease_ms) &&
    Array.isArray(answer.entries) &&
    answer.entries.every(entry => typeof entry?.sid === 'string')
  )
}

function reasonOf(error: unknown): string {
  if (error instanceof FeedError) return error.message
  return error instanceof Error ? error.name : 'unknown'
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
