// The only file of this folder that knows the driver.
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { StartError } from './start-error.ts'

export type Client = pg.Client

/** Runs `work` with a connection of its own; a server that cannot be reached is the starter's to mend. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url).catch(error => {
    throw new StartError(`The database ${describeUrl(url)} cannot be used: ${reasonOf(error)}`, {
      cause: error,
    })
  })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Whether a role can sign in; anything else that keeps it out is thrown. */
export async function canLogIn(url: string): Promise<boolean> {
  try {
    await (await connect(url)).end()
    return true
  } catch (error) {
    if ((error as pg.DatabaseError).code === '28P01') return false
    throw new StartError(`The database ${describeUrl(url)} cannot be used: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

async function connect(url: string): Promise<Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // A lost connection is reported by the query that misses it.
  await client.connect()
  return client
}

/** One connection that works as `role`, past every row-security policy or not at all. */
export function openAs(role: string, url: string): Kysely<unknown> {
  const set = [`set role ${quoteName(role)}`, 'set row_security to off', `set search_path to ''`]
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => {}) // As above; it may even come while the pool is being closed.
  return new Kysely({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async connection => {
        for (const text of set) await connection.executeQuery(CompiledQuery.raw(text))
      },
    }),
  })
}

export const quoteName = (name: string): string => pg.escapeIdentifier(name)
export const quoteText = (text: string): string => pg.escapeLiteral(text)

/** The same database for another user. */
export function urlFor(url: string, user: string, password: string): string {
  const other = new URL(url)
  other.searchParams.delete('user')
  other.searchParams.delete('password')
  other.username = encodeURIComponent(user)
  other.password = encodeURIComponent(password)
  return other.href
}

export function credentialsIn(url: string): { user: string; password: string } {
  const { username, password } = new URL(url)
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) }
}

/** Names a database without its password. */
function describeUrl(url: string): string {
  const { username, host, pathname } = new URL(url)
  return decodeURIComponent(`${username}@${host}${pathname}`)
}

/** A refused connection to a name with several addresses has its reasons inside and no message of its own. */
function reasonOf(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: string; errors?: unknown[] }
  return message || (errors?.[0] ? reasonOf(errors[0]) : (code ?? 'no reason given'))
}
