import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { createLoad, type Excess } from './load.ts'
import { requestScope } from './request-scope.ts'

export interface AuthTables {
  'auth.user': { id: string; email: string; name: string }
  'auth.session': { id: string; token: string; userId: string; createdAt: Date; expiresAt: Date }
  'auth.account': {
    id: string
    userId: string
    providerId: string
    password: string | null
    updatedAt: Date
  }
  'auth.jwks': { id: string; privateKey: string; createdAt: Date }
  'auth.attempt': { key: string; failures: number; window_ends: Date }
  'auth.familiar_address': { key: string; seen_at: Date }
  'auth.revocation': { seq: number; sid: string; revoked_at: Date }
  'auth.lease': { instance: string; epoch: string; acknowledged: number; polls: number }
}
export type Database = Kysely<AuthTables>

const INT8 = 20
const types = {
  getTypeParser: (oid: number, format: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text'),
}

/**
 * When the database last answered a server, over all its connections: the feed and the clock ask it all the time. One
 * that says nothing to anybody is frozen or out of reach, and nobody waits for it as long as for a slow statement.
 */
export interface Pulse {
  answeredAt: number
}
const SILENCE_MS = 2_000

export const createPulse = (): Pulse => ({ answeredAt: performance.now() })

/** A client that tells the request it works for when a query failed for reasons other than its data. */
class ReportingClient extends pg.Client {
  readonly #pulse: Pulse | undefined

  constructor(config: pg.ClientConfig & { pulse?: Pulse } = {}) {
    super(config)
    this.#pulse = config.pulse
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen overloads, all passed on unchanged.
  override query(...args: any[]): any {
    const result: unknown = super.query(...(args as [string]))
    if (!(result instanceof Promise)) return result
    result.catch(reportFailure)
    if (this.#pulse) this.#watch(result, this.#pulse)
    return result
  }

  /** Cuts the connection when the database has been silent since this was asked: whoever waits learns it at once. */
  #watch(result: Promise<unknown>, pulse: Pulse): void {
    const asked = performance.now()
    let timer: NodeJS.Timeout
    const wait = () => {
      timer = setTimeout(() => setImmediate(look), this.#patience(asked, pulse))
    }
    // After the turn in which a process that was late itself reads what has long arrived.
    const look = () => {
      if (isDone) return
      if (this.#patience(asked, pulse) > 0) wait()
      else this.#cutOff()
    }
    let isDone = false
    const done = (isAnswer: boolean) => {
      isDone = true
      clearTimeout(timer)
      if (isAnswer) pulse.answeredAt = performance.now()
    }
    wait()
    result.then(
      () => done(true),
      error => done(error instanceof pg.DatabaseError),
    )
  }

  #patience(asked: number, { answeredAt }: Pulse): number {
    return Math.max(asked, answeredAt) + SILENCE_MS - performance.now()
  }

  /** `connection` is what pg calls its socket; its types leave it out. */
  #cutOff(): void {
    const { connection } = this as unknown as { connection: { stream: { destroy(): void } } }
    connection.stream.destroy()
  }
}

const POOL_SIZE = 10
/** Connections that only requests that end sessions may use: no crowd is before them. */
const RESERVED = 3

export interface ConnectionPool {
  connect(): Promise<pg.PoolClient>
  end(): Promise<void>
  readonly options: pg.PoolOptions
  /** Whether one request more could not be served in time. */
  excess(): Excess | null
  figures(): { used: number; waiting: number }
}

/** Two pools as the issuer's login role: one for all, one for those that go first. With a pulse, silence is noticed. */
export function createConnectionPool(url: string, pulse?: Pulse): ConnectionPool {
  const common = createPool(url, POOL_SIZE, pulse)
  const reserved = createPool(url, RESERVED, pulse)
  const load = createLoad({ slots: POOL_SIZE, waiting: () => common.waitingCount })
  const lentAt = new WeakMap<pg.PoolClient, number>()
  common.on('acquire', client => lentAt.set(client, performance.now()))
  common.on('release', (error, client) => {
    if (!error) load.served(performance.now() - lentAt.get(client)!)
  })
  return {
    options: common.options,
    async connect() {
      try {
        return await (requestScope.getStore()?.first ? reserved : common).connect()
      } catch (error) {
        reportFailure(error)
        throw error
      }
    },
    async end() {
      load.close()
      await Promise.all([common.end(), reserved.end()])
    },
    excess: load.excess,
    figures: () => ({
      used: common.totalCount - common.idleCount + reserved.totalCount - reserved.idleCount,
      waiting: common.waitingCount + reserved.waitingCount,
    }),
  }
}

/** A connection is given up after 2 s, a statement after 5. */
function createPool(url: string, max: number, pulse: Pulse | undefined): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    Client: ReportingClient,
    pulse,
    max,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'latchkey-issuer',
    // A lease or revocation that a crash could still take back would let a dead token live.
    options: '-c synchronous_commit=on',
    types: types as pg.CustomTypesConfig,
  } as pg.PoolConfig)
  // A connection that breaks, idle or at work, is told by the query that misses it; without a listener on both
  // its error would end the process.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

export function openDatabase(url: string, pool = createConnectionPool(url)): Database {
  return new Kysely<AuthTables>({ dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }) })
}

function reportFailure(error: unknown): void {
  const scope = requestScope.getStore()
  if (scope && !isDataError(error)) scope.databaseError ??= error as Error
}

/** SQLSTATE classes 22 and 23: the statement's data was refused, the database itself is well. */
function isDataError(error: unknown): boolean {
  return /^2[23]/.test((error as { code?: string }).code ?? '')
}

/** Whether the same work may simply be tried again: a deadlock's victim, or a lock not had in time. */
export function isWorthRetrying(error: { code?: string } | undefined): boolean {
  return error?.code === '40P01' || error?.code === '55P03'
}
