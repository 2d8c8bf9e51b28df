import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { Limits } from './env.ts'

export class TooManyAttempts extends Error {
  /** Seconds. */
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super('Too many attempts')
    this.retryAfter = Math.max(1, Math.ceil(retryAfter))
  }
}

interface Counter {
  key: string
  limit: number
  seconds: number
}

/**
 * Counts password attempts in the database, so that every issuer sees the same. An attempt is counted before the
 * password is looked at (parallel guesses cannot slip through) and taken back when the password was right.
 */
export function createAttempts(db: Database, limits: Limits, secret: string) {
  const digest = (kind: string, ...parts: string[]) =>
    `${kind}:${createHmac('sha256', secret)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64url')}`

  function counters(email: string, address: string) {
    const account = email.trim().toLowerCase()
    const network = networkOf(address)
    const seconds = limits.failureWindow
    return {
      familiar: digest('familiar', account, network),
      both: {
        key: digest('both', account, network),
        limit: limits.failuresPerAccountAndAddress,
        seconds,
      },
      address: { key: digest('address', network), limit: limits.failuresPerAddress, seconds },
      account: { key: digest('account', account), limit: limits.failuresPerAccount, seconds },
    }
  }

  /** One password attempt begins. Throws `TooManyAttempts` when a limit is reached, known account or not. */
  async function begin(email: string, address: string): Promise<void> {
    const { familiar, both, address: source, account } = counters(email, address)
    const counted = await count(db, [both, source, account])
    const exceeded = [both, source, account].filter(({ key, limit }) => counted.get(key)!.failures > limit)
    if (exceeded.length === 0) return
    // A stranger's failures elsewhere must not keep the owner out from an address the owner has used before.
    const strangersOnly = exceeded.length === 1 && exceeded[0] === account
    if (strangersOnly && (await isFamiliar(db, familiar))) return
    await uncount(db, [both.key, source.key, account.key])
    throw new TooManyAttempts(Math.max(...exceeded.map(({ key }) => counted.get(key)!.secondsLeft)))
  }

  /** The password was right: the attempt is no failure, and this address is one of the owner's. */
  async function succeed(email: string, address: string): Promise<void> {
    const { familiar, both, address: source, account } = counters(email, address)
    await uncount(db, [source.key, account.key])
    await sql`
      with cleared as (delete from auth.attempt where key = ${both.key})
      insert into auth.familiar_address (key, seen_at) values (${familiar}, now())
      on conflict (key) do update set seen_at = now()`.execute(db)
  }

  /** The password was not looked at: the attempt is none. */
  async function takeBack(email: string, address: string): Promise<void> {
    const { both, address: source, account } = counters(email, address)
    await uncount(db, [both.key, source.key, account.key])
  }

  /** One sign-in or sign-up from an address, good or bad: keeps one machine from using up all the hashing. */
  async function pace(address: string): Promise<void> {
    const counter = { key: digest('pace', networkOf(address)), limit: limits.attemptsPerMinute, seconds: 60 }
    const { failures, secondsLeft } = (await count(db, [counter])).get(counter.key)!
    if (failures > counter.limit) throw new TooManyAttempts(secondsLeft)
  }

  return { begin, succeed, takeBack, pace }
}
export type Attempts = ReturnType<typeof createAttempts>

async function count(db: Database, counters: Counter[]) {
  // In the order of their keys: two requests that share counters cannot lock them crosswise.
  const ordered = counters.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const rows = sql.join(
    ordered.map(({ key, seconds }) => sql`(${key}, 1, now() + make_interval(secs => ${seconds}))`),
  )
  const result = await sql<{ key: string; failures: number; seconds_left: number }>`
    insert into auth.attempt as known (key, failures, window_ends) values ${rows}
    on conflict (key) do update set
      failures = case when known.window_ends <= now() then 1 else known.failures + 1 end,
      window_ends = case when known.window_ends <= now() then excluded.window_ends else known.window_ends end
    returning key, failures, extract(epoch from window_ends - now())::float8 as seconds_left`.execute(db)
  return new Map(result.rows.map(row => [row.key, { failures: row.failures, secondsLeft: row.seconds_left }]))
}

async function uncount(db: Database, keys: string[]): Promise<void> {
  await sql`
    update auth.attempt set failures = greatest(failures - 1, 0)
    where key in (select key from auth.attempt where key = any(${keys}) order by key for update)`.execute(db)
}

async function isFamiliar(db: Database, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('auth.familiar_address')
    .select('key')
    .where('key', '=', key)
    .executeTakeFirst()
  return row !== undefined
}

/** An IPv6 customer holds a /64 at least: that is the address that counts. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head ? head.split(':') : []
  const rest = tail ? tail.split(':') : []
  const filled =
    tail === undefined ? groups : [...groups, ...Array(8 - groups.length - rest.length).fill('0'), ...rest]
  return `${filled
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
