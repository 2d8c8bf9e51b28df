import { sql } from 'kysely'
import type { Database } from './database.ts'

const LOOK_MS = 500
/** Less is no jump of a clock: two issuers look at different moments. */
const JUMP_MS = 1_000
/** How much slower than this process's monotonic clock the database's may run: more than any two clocks differ. */
const DRIFT = 1 / 1_000

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Compares with the database's clock once. */
  look(): Promise<void>
  start(): () => void
}

interface Reading {
  now: number
  ahead: number
  corrections: number
}

/**
 * The time tokens are made by and judged by. It is the database's, one for all issuers and APIs, and never runs back:
 * when the database's clock is set back, the issuers go on as before, and `auth.clock` keeps by how much for those
 * that start later. An expired token stays expired, and no other lives longer.
 */
export function createClock(db: Database, monotonic = () => performance.now()): Clock {
  let last: { time: number; at: number; corrections: number } | null = null

  function now(): number {
    return last ? last.time + (monotonic() - last.at) : Date.now()
  }

  async function look(): Promise<void> {
    const before = now()
    const reading = await read()
    // Where the answer was on its way for long, only what no delay explains is a jump.
    const isBehind = reading.now < before - JUMP_MS
    const isBeyond = reading.now > now() + JUMP_MS
    const wasSet = reading.corrections === last?.corrections && (isBehind || (isBeyond && reading.ahead > 0))
    if (wasSet) await correct(reading.corrections)
    else follow(reading)
  }

  async function read(): Promise<Reading> {
    const { rows } = await sql<Reading>`
      select (extract(epoch from clock_timestamp()) * 1000)::bigint + ahead_ms as now,
        ahead_ms as ahead, corrections from auth.clock`.execute(db)
    return rows[0]!
  }

  function follow(reading: Reading): void {
    const at = monotonic()
    const slowest = last ? last.time + (at - last.at) * (1 - DRIFT) : 0
    last = { time: Math.max(reading.now, slowest), at, corrections: reading.corrections }
  }

  /** One issuer does it; the others find its correction when they look again. */
  async function correct(corrections: number): Promise<void> {
    await sql`
      update auth.clock set corrections = corrections + 1,
        ahead_ms = greatest(0, ${Math.round(now())}::bigint - (extract(epoch from clock_timestamp()) * 1000)::bigint)
      where corrections = ${corrections}`.execute(db)
  }

  function start(): () => void {
    // A look that fails changes nothing: time goes on by the monotonic clock.
    const timer = setInterval(() => void look().catch(() => {}), LOOK_MS)
    timer.unref()
    return () => clearInterval(timer)
  }

  return { now, look, start }
}
