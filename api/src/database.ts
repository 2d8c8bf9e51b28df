import { setTimeout as delay } from 'node:timers/promises'
import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { createLoad, type Excess } from './load.ts'

/** Compiles queries and runs none: rows are reached through the functions of `Database` that bind a subject. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export type Run = <Row>(query: Compilable<Row>) => Promise<Row[]>

/** Made by `keepRead` and `keepInsert` alone. */
export interface Bound<Row> extends Compilable<Row> {
  readonly [binding]: true
}
declare const binding: unique symbol

interface Reading {
  /** A text that is one of thousands is not kept prepared. */
  prepared?: boolean
}

export interface Database {
  /** One transaction that sees and writes the subject's rows and no other. `work` may run more than once. */
  asSubject<Result>(subject: string, work: (run: Run) => Promise<Result>): Promise<Result>
  /**
   * One read in one round trip. `lateral` filters by `bound.subject` and must have its own LIMIT, or aggregate
   * over one: only then does PostgreSQL bind the subject before it looks at a row. (Otherwise it sees no row.)
   */
  readAsSubject<Row>(subject: string, lateral: RawBuilder<Row>, how?: Reading): Promise<Row[]>
  /** One statement that binds its subject itself, in one round trip and as a transaction of its own. */
  ask<Row>(statement: Bound<Row>): Promise<Row[]>
  /** Deletes some of what has been in the trash for 30 days, whoever it belongs to, and says how much. */
  purgeTrash(): Promise<number>
  reachable(): Promise<boolean>
  /** Connections lent out, and requests that wait for one. */
  pool(): { used: number; waiting: number }
  close(): Promise<void>
}

/** The database cannot be asked in time; the request may be tried again. */
export class DatabaseUnavailable extends Error {}
/** It could not in time, because of all those that asked before. */
export class Overloaded extends DatabaseUnavailable {
  readonly reason: Excess

  constructor(reason: Excess) {
    super(reason)
    this.reason = reason
  }
}
/** The subject's account is gone. */
export class SubjectGone extends Error {}

/** How long the database may be silent, to a request or at all, before a request is told: within two seconds. */
const SILENCE_MS = 1_800
/** A queue that moves is no outage; should it move slower than was foreseen, it is left after this. */
const QUEUE_MS = 10_000
/** A database that has answered so recently need not be asked whether it is there. */
const RECENT_MS = 1_000
const POOL_SIZE = 10
/** Every query of ours begins at an account. In a small database PostgreSQL would rather read all of a table. */
export const NO_TABLE_SCANS = '-c enable_seqscan=off'
const ATTEMPTS = 3

/** `client.connection` is what pg calls its socket; its types leave it out. */
class Client extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: SILENCE_MS })
  }

  cutOff(): void {
    const { connection } = this as unknown as { connection: { stream: { destroy(): void } } }
    connection.stream.destroy()
  }
}

export function createDatabase({ url, log }: { url: string; log: Logger }): Database {
  const pool = new pg.Pool({
    connectionString: url,
    Client,
    max: POOL_SIZE,
    connectionTimeoutMillis: QUEUE_MS,
    statement_timeout: SILENCE_MS,
    idle_in_transaction_session_timeout: 2 * SILENCE_MS,
    // Sends `begin`, the binding and the first query together: one round trip for the three.
    pipeline: true,
    types: { getTypeParser },
    options: NO_TABLE_SCANS,
    application_name: 'latchkey-api',
  } as pg.PoolConfig)
  // A connection that breaks while it is lent out says so to whoever waits on it; unheard, it would end us.
  pool.on('connect', client => client.on('error', () => {}))
  pool.on('error', error => log.debug({ reason: error.message }, 'An idle database connection ended'))
  const name = createStatementNames()
  const load = createLoad({ slots: POOL_SIZE, waiting: () => pool.waitingCount })
  let answeredAt = Number.NEGATIVE_INFINITY

  async function run<Row>(
    client: pg.ClientBase,
    query: Compilable<Row>,
    { prepared = true }: Reading = {},
  ): Promise<Row[]> {
    const { sql: text, parameters } = query.compile()
    const named = prepared ? { name: name(text) } : {}
    const { rows } = await client.query({ ...named, text, values: [...parameters] })
    return rows as Row[]
  }

  async function withClient<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const start = performance.now()
    const patience = () => Math.max(start, answeredAt) + SILENCE_MS - performance.now()
    const client = await acquire(pool, patience)
    const lent = performance.now()
    const timer = setTimeout(() => (client as unknown as Client).cutOff(), patience())
    let failure: unknown
    try {
      return await work(client)
    } catch (error) {
      failure = error
      throw classified(error)
    } finally {
      clearTimeout(timer)
      const broken = isConnectionError(failure)
      if (!broken) {
        answeredAt = performance.now()
        load.served(answeredAt - lent)
      }
      client.release(broken)
    }
  }

  /** Refuses before anything is done for a request that could not be served in time. */
  async function admitted<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const excess = load.excess()
    if (excess) throw new Overloaded(excess)
    return await withClient(work)
  }

  async function again<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        if (!isDeadlock(error) || attempt === ATTEMPTS) throw error
        // Whoever won goes first, or the two would only meet again.
        await delay(50 * attempt)
      }
    }
  }

  async function transaction<Result>(subject: string, work: (run: Run) => Promise<Result>): Promise<Result> {
    return await admitted(async client => {
      const bound = Promise.all([client.query('begin'), run(client, bind(subject))])
      bound.catch(() => {})
      try {
        const result = await work(query => run(client, query))
        await bound
        const { command } = await client.query('commit')
        if (command !== 'COMMIT') throw new Error('the transaction was aborted')
        return result
      } catch (error) {
        // Whatever was sent along with a beginning that failed only says that the transaction is aborted.
        const cause = await bound.then(
          () => error,
          reason => reason,
        )
        await client.query('rollback')
        throw cause
      }
    })
  }

  return {
    asSubject: (subject, work) => again(() => transaction(subject, work)),
    readAsSubject: (subject, lateral, how) =>
      admitted(client => run(client, fixed(boundRead(sql`${subject}`, lateral)), how)),
    ask: statement => again(() => admitted(client => run(client, statement))),
    purgeTrash: () =>
      withClient(async client => {
        const { rows } = await client.query('select todo.purge_trash() as purged')
        return rows[0].purged as number
      }),
    // A crowd is no outage: whoever looks must not wait in it, and send the crowd to the next replica.
    reachable: async () =>
      load.excess() !== null && performance.now() - answeredAt < RECENT_MS
        ? true
        : await withClient(client => client.query('select 1')).then(
            () => true,
            () => false,
          ),
    pool: () => ({ used: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }),
    close: async () => {
      load.close()
      await pool.end()
    },
  }
}

/** Only for this transaction: an ordinary SET would stay on the pooled connection for whoever comes next. */
function bind(subject: string): Compilable<unknown> {
  return fixed(sql`select set_config('app.subject', ${subject}, true)`)
}

/** PostgreSQL must have the subject before it can ask for the lateral's first row. */
function boundRead<Row>(subject: RawBuilder<unknown>, lateral: RawBuilder<Row>): RawBuilder<Row> {
  return sql<Row>`
    select page.* from (select set_config('app.subject', ${subject}, true) as subject) bound
    cross join lateral (${lateral}) page`
}

type Slots<Given> = { [Name in keyof Given]-?: RawBuilder<unknown> }
type Kept<Given, Row> = (given: Given & { subject: string }) => Bound<Row>

/** `readAsSubject` for a read that differs by its values alone: it is put into words once. */
export function keepRead<Given, Row>(lateral: (slots: Slots<Given>) => RawBuilder<Row>): Kept<Given, Row> {
  return keep<Given & { subject: string }, Row>(slots => boundRead(slots.subject, lateral(slots)))
}

/**
 * An insert of what is selected `from ${bound}` and of nothing else, so that the subject is bound before there is a
 * row to insert; the same words are no way to update or delete, which would look for their rows first.
 */
export function keepInsert<Given, Row>(
  insert: (slots: Slots<Given>, bound: RawBuilder<unknown>) => RawBuilder<Row>,
): Kept<Given, Row> {
  return keep<Given & { subject: string }, Row>(slots =>
    insert(slots, sql`(select set_config('app.subject', ${slots.subject}, true) as subject offset 0) bound`),
  )
}

class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

function keep<Given, Row>(write: (slots: Slots<Given>) => RawBuilder<Row>): (given: Given) => Bound<Row> {
  const slots = new Proxy({}, { get: (_, name: string) => sql`${new Slot(name)}` }) as Slots<Given>
  let kept: CompiledQuery<Row> | undefined
  return given => {
    kept ??= write(slots).compile(compiler)
    const parameters = kept.parameters.map(value =>
      value instanceof Slot ? given[value.name as keyof Given] : value,
    )
    return { compile: () => ({ ...kept, parameters }) } as unknown as Bound<Row>
  }
}

/** A raw query as one that can be compiled alone. */
export function fixed<Row>(query: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => query.compile(compiler) } as Compilable<Row>
}

/** Waits for a connection as long as there is patience; one that comes later goes back unused. */
async function acquire(pool: pg.Pool, patience: () => number): Promise<pg.PoolClient> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout
  const watch = () => {
    const left = patience()
    if (left <= 0) reject(new DatabaseUnavailable('no connection in time'))
    else timer = setTimeout(watch, left)
  }
  watch()
  const connecting = pool.connect()
  try {
    return await Promise.race([connecting, late])
  } catch (error) {
    connecting.then(
      client => client.release(),
      () => {},
    )
    throw error instanceof DatabaseUnavailable
      ? error
      : new DatabaseUnavailable('no connection', { cause: error })
  } finally {
    clearTimeout(timer!)
  }
}

const FOREIGN_KEY_VIOLATION = '23503'
const DEADLOCK = '40P01'
/** Connection, resources, operator and system trouble; a cancelled statement; a lock not had in time. */
const TROUBLE = /^(08|53|57|58)|^55P03$|^40/

const SOCKET_ERROR = /^E[A-Z]+$/
const CONNECTION_ENDED = /^(Connection terminated|Client (was closed|has encountered))/

function classified(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) {
    return isConnectionError(error)
      ? new DatabaseUnavailable('the connection ended', { cause: error })
      : error
  }
  const { code = '', constraint = '' } = error
  if (code === FOREIGN_KEY_VIOLATION && constraint.endsWith('_user_id_fkey')) return new SubjectGone()
  return TROUBLE.test(code) ? new DatabaseUnavailable(code, { cause: error }) : error
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return false
  const { code = '', message } = error as NodeJS.ErrnoException
  return SOCKET_ERROR.test(code) || CONNECTION_ENDED.test(message)
}

function isDeadlock(error: unknown): boolean {
  return error instanceof DatabaseUnavailable && error.message === DEADLOCK
}

/** A name per text makes a statement prepared once per connection; the texts are as many as this code has. */
function createStatementNames(): (text: string) => string {
  const names = new Map<string, string>()
  return text => {
    const name = names.get(text) ?? `q${names.size}`
    names.set(text, name)
    return name
  }
}

/** `int8` as a number: revisions and milliseconds stay far below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')
}
