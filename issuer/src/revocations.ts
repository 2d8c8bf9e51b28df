import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from './database.ts'
import type { Notifications } from './notifications.ts'

/** How long an API instance may accept tokens after it sent the poll that was answered. */
export const LEASE_MS = 2_000
/** How long a barrier waits for a silent instance: its lease, and 500 ms for clocks that run at other rates. */
export const SILENCE_MS = LEASE_MS + 500
/** How long a barrier takes at worst: what can be read after SILENCE_MS is still read, what cannot is left. */
const BOUND_MS = SILENCE_MS + 500
/** As many entries as an answer takes: a million at once would take longer than any reader waits. */
export const PAGE = 20_000
/** How long a poll without news is held. */
const HOLD_MS = 500
/** A barrier looks at the leases at least this often, should a notification be lost. */
const LOOK_MS = 100

/** What an instance has applied: everything up to `seq`, as numbered by the database start `epoch`. */
export interface Cursor {
  epoch: string
  seq: number
}
export interface Poll {
  instance: string
  after: Cursor | null
  /** Whether the answer may wait for news. */
  hold: boolean
}
export interface FeedAnswer {
  /** The issuers' clock, in milliseconds. */
  now: number
  epoch: string
  seq: number
  entries: { sid: string; expires_at: number }[]
  lease_ms: number
}
interface Lease {
  instance: string
  polls: number
}
interface Parts {
  db: Database
  notifications: Notifications
  log: Logger
  /** How long an entry is kept beyond its revocation, in milliseconds. */
  retentionMs: number
  /** The time that tokens are judged by, in milliseconds. */
  now?: () => number
  /** Milliseconds of a clock that never runs back. */
  monotonic?: () => number
}

// A cursor of another start of the database, or of another database, says nothing about this one.
const EPOCH = sql<string>`
  (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint
  || '-' || (select oid from pg_database where datname = current_database())`
const HEAD = sql<number>`(select coalesce(max(seq), 0) from auth.revocation)`

/** The revocation feed that API instances poll, and the barrier that holds an answer until they know. */
export function createRevocations({
  db,
  notifications,
  log,
  retentionMs,
  now = Date.now,
  monotonic = monotonicNow,
}: Parts) {
  const epochSeen = { epoch: '', at: 0 }

  /** Answers one poll. Its lease is committed before the entries are read, in an earlier statement. */
  async function poll({ instance, after, hold }: Poll, signal: AbortSignal): Promise<FeedAnswer> {
    signal.throwIfAborted()
    await renewLease(instance, after)
    // Listening before reading: what is said in between is not missed.
    const woken = notifications.next('latchkey_revocation', HOLD_MS, signal)
    const news = await readEntries(after)
    if (!hold || news.entries.length > 0 || news.epoch !== after?.epoch || news.seq !== after.seq) return news
    await woken
    return await readEntries(after)
  }

  /**
   * The acknowledgement is recorded on arrival, not when the poll is answered: it is about what was applied
   * before. A cursor of another epoch or beyond the head acknowledges nothing.
   */
  async function renewLease(instance: string, after: Cursor | null): Promise<void> {
    await sql`
      with prior as (
        select acknowledged from auth.lease where instance = ${instance}
      ), claim as (
        select ${EPOCH} as epoch,
          case when ${after?.epoch ?? ''} = ${EPOCH} and ${after?.seq ?? -1} <= ${HEAD}
            then ${after?.seq ?? -1}::bigint else -1 end as acknowledged
      ), renewed as (
        insert into auth.lease as held (instance, epoch, acknowledged)
        select ${instance}, epoch, acknowledged from claim
        on conflict (instance) do update set
          epoch = excluded.epoch, acknowledged = excluded.acknowledged, polls = held.polls + 1
        returning acknowledged
      )
      select pg_notify('latchkey_acknowledged', '')
      from renewed left join prior on true
      where prior.acknowledged is distinct from renewed.acknowledged`.execute(db)
  }

  /**
   * `entries` and `seq` come from one statement: no entry up to `seq` is missing. Where more follow, `seq` is the last
   * of these and nobody gets a lease by it: who has read a part knows nothing of the rest.
   */
  async function readEntries(after: Cursor | null): Promise<FeedAnswer> {
    const { rows } = await sql<Omit<FeedAnswer, 'now' | 'lease_ms'> & { head: number }>`
      with head as (select ${EPOCH} as epoch, ${HEAD} as seq), page as (
        select revocation.* from auth.revocation, head
        where revocation.seq > case
          when ${after?.epoch ?? ''} = head.epoch and ${after?.seq ?? -1} <= head.seq
          then ${after?.seq ?? -1}::bigint else -1 end
        order by revocation.seq limit ${PAGE}
      ), answer as (
        select count(*) as count, max(seq) as last, coalesce(json_agg(json_build_object(
          'sid', sid,
          'expires_at', (extract(epoch from revoked_at) * 1000)::bigint + ${retentionMs}::bigint
        ) order by seq), '[]') as entries from page
      )
      select head.epoch, head.seq as head, entries,
        case when count < ${PAGE} then head.seq else last end as seq
      from head, answer`.execute(db)
    const { head, ...answer } = rows[0]!
    return { now: Math.floor(now()), ...answer, lease_ms: answer.seq < head ? 0 : LEASE_MS }
  }

  /**
   * Resolves when no API instance accepts a token of a session that had ended before the call: each one has
   * acknowledged the head, or every lease of before has run out, which SILENCE_MS are enough for whatever can be read.
   * Never rejects, and never takes longer than BOUND_MS.
   */
  async function barrier(): Promise<void> {
    const started = monotonic()
    const bound = createWait(BOUND_MS)
    const known = waitUntilKnown().catch(async error => {
      const { name, code } = error as Error & { code?: string }
      log.warn(
        { event: 'sys_barrier_blind', error: name, code },
        'leases cannot be read: waiting a whole one',
      )
      await createWait(started + SILENCE_MS - monotonic()).over
    })
    await Promise.race([known, bound.over])
    bound.stop()
  }

  /** Goes on behind the answer where the database is slow: a silent row is removed when it may be, not before. */
  async function waitUntilKnown(): Promise<void> {
    // Listening before reading, here and below: an acknowledgement in between is not missed.
    const woken = nextAcknowledgement(LOOK_MS)
    const { head, epoch, leases } = await readLeases()
    const silent = await waitForAcknowledgements(head, epoch, leases, woken)
    await removeSilent(silent)
    await createWait(firstSeen(epoch) + SILENCE_MS - monotonic()).over
  }

  async function readLeases(): Promise<Cursor & { head: number; leases: Lease[] }> {
    const { rows } = await sql<{ epoch: string; head: number; leases: Lease[] }>`
      with head as (select ${EPOCH} as epoch, ${HEAD} as seq)
      select head.epoch, head.seq as head, (
        select coalesce(json_agg(json_build_object('instance', instance, 'polls', polls)), '[]')
        from auth.lease where lease.epoch <> head.epoch or acknowledged < head.seq
      ) as leases
      from head`.execute(db)
    return { ...rows[0]!, seq: rows[0]!.head }
  }

  /** Waits for these instances only: one that begins to poll later reads what has been committed by now. */
  async function waitForAcknowledgements(head: number, epoch: string, leases: Lease[], woken: Promise<void>) {
    // From when the leases were read: a slow reading shows polls younger than the barrier, and a row that is
    // removed while such a poll's lease runs would let the next sign-out answer too early.
    const deadline = monotonic() + SILENCE_MS
    let waiting = leases
    for (let next = woken; waiting.length > 0; ) {
      const left = deadline - monotonic()
      if (left <= 0) return waiting
      await next
      next = nextAcknowledgement(Math.min(left, LOOK_MS))
      waiting = await stillWaiting(head, epoch, waiting)
    }
    return waiting
  }

  function nextAcknowledgement(ms: number): Promise<void> {
    return notifications.next('latchkey_acknowledged', ms)
  }

  /** A row that is gone was removed by a barrier that waited for it; after a restart it may have been lost. */
  async function stillWaiting(head: number, epoch: string, leases: Lease[]): Promise<Lease[]> {
    const instances = leases.map(lease => lease.instance)
    const { rows } = await sql<{ epoch: string; behind: string[] }>`
      select ${EPOCH} as epoch, (
        select coalesce(json_agg(instance), '[]') from auth.lease
        where instance = any(${instances}) and (lease.epoch <> ${epoch} or acknowledged < ${head})
      ) as behind`.execute(db)
    if (rows[0]!.epoch !== epoch) throw new Error('The database has restarted')
    const behind = new Set(rows[0]!.behind)
    return leases.filter(lease => behind.has(lease.instance))
  }

  /** So that a dead instance costs one slow sign-out, not all. A row that was polled meanwhile stays. */
  async function removeSilent(silent: Lease[]): Promise<void> {
    for (const { instance, polls } of silent) {
      await db.deleteFrom('auth.lease').where('instance', '=', instance).where('polls', '=', polls).execute()
    }
  }

  /** A database that came back may have lost leases: those are waited out, from when it was first seen. */
  function firstSeen(epoch: string): number {
    if (epochSeen.epoch !== epoch) Object.assign(epochSeen, { epoch, at: monotonic() })
    return epochSeen.at
  }

  /** Takes note of the database's start as early as possible, so that no later answer has to wait for it. */
  async function noteEpoch(): Promise<void> {
    firstSeen((await readLeases()).epoch)
  }

  async function leases(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from auth.lease`.execute(db)
    return rows[0]!.count
  }

  return { poll, barrier, noteEpoch, leases }
}
export type Revocations = ReturnType<typeof createRevocations>

function createWait(ms: number): { over: Promise<void>; stop(): void } {
  if (ms <= 0) return { over: Promise.resolve(), stop() {} }
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return { over: promise, stop: () => clearTimeout(timer) }
}

function monotonicNow(): number {
  return performance.now()
}
