import { sql } from 'kysely'
import type { Database } from './database.ts'

const INTERVAL_MS = 60_000

/** Removes what nobody needs any more: expired sessions, old attempts, revocations whose tokens are long dead. */
export function createHousekeeping(db: Database, retentionMs: number, monotonic = () => performance.now()) {
  const heads: { at: number; seq: number }[] = []

  async function sweep(): Promise<void> {
    await sql`delete from auth.session where id in (
      select id from auth.session where "expiresAt" < now() limit 10000)`.execute(db)
    await sql`delete from auth.attempt where window_ends < now()`.execute(db)
    await sql`delete from auth.familiar_address where seen_at < now() - interval '400 days'`.execute(db)
    await sql`delete from auth.verification where "expiresAt" < now()`.execute(db)
    await pruneRevocations()
  }

  /** By time this process has lived through, not by a clock that can jump; the newest row stays as the head. */
  async function pruneRevocations(): Promise<void> {
    const { rows } = await sql<{ seq: number }>`
      select coalesce(max(seq), 0) as seq from auth.revocation`.execute(db)
    heads.push({ at: monotonic(), seq: rows[0]!.seq })
    const old = heads.findLastIndex(head => monotonic() - head.at >= retentionMs)
    if (old < 0) return
    const { seq } = heads[old]!
    heads.splice(0, old + 1)
    await sql`delete from auth.revocation
      where seq <= ${seq} and seq < (select max(seq) from auth.revocation)`.execute(db)
  }

  function start(onError: (error: unknown) => void): () => void {
    const timer = setInterval(() => sweep().catch(onError), INTERVAL_MS)
    timer.unref()
    return () => clearInterval(timer)
  }

  return { sweep, start }
}
