import { existsSync } from 'node:fs'
import { urlFor, withClient } from './database.ts'
import type { StandaloneEnv } from './env.ts'
import { lockFolder } from './folder-lock.ts'
import { migrate } from './migrate.ts'
import { retryWhile } from './patience.ts'
import { findPostgres, type Postgres, startPostgres } from './postgres.ts'
import { say } from './progress.ts'
import { API, ISSUER } from './roles.ts'
import { prepareSecrets, type Secrets } from './secrets.ts'
import { StartError } from './start-error.ts'
import { aborted, listenForStop, type Stopping } from './stop-signals.ts'

/** A migrated database, and the URLs of its two login roles. */
export type Database = {
  issuerUrl: string
  apiUrl: string
  /** Resolves when the embedded server has ended; never, for another's server. */
  ended: Promise<void>
  close(): Promise<void>
}

type Passwords = Secrets['databasePasswords']

/** The database that DATABASE_URL names, or the embedded one. */
export async function openDatabase(
  env: StandaloneEnv,
  passwords: Passwords,
  stopping: Stopping,
): Promise<Database> {
  const postgres = env.databaseUrl ? null : await startEmbedded(env.dataDir, passwords, stopping.signal)
  const close = async () => {
    if (postgres) await stopPostgres(postgres, stopping)
  }
  const adminUrl = env.databaseUrl ?? postgres!.url
  try {
    say('Preparing the database')
    const issuerUrl = env.issuerDatabaseUrl ?? urlFor(adminUrl, ISSUER, passwords.issuer)
    const apiUrl = env.apiDatabaseUrl ?? urlFor(adminUrl, API, passwords.api)
    await migrate({ adminUrl, roleUrls: [issuerUrl, apiUrl] })
    return { issuerUrl, apiUrl, ended: postgres?.ended ?? new Promise(() => {}), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startEmbedded(dataDir: string, passwords: Passwords, signal: AbortSignal): Promise<Postgres> {
  say(`Starting PostgreSQL in ${dataDir}`)
  return await startPostgres({ dataDir, password: passwords.administrator, signal })
}

async function stopPostgres(postgres: Postgres, { forced }: Stopping): Promise<void> {
  const byForce = aborted(forced).then(() => postgres.stop({ force: true }))
  await Promise.race([postgres.stop({ force: forced.aborted }), byForce])
}

/** Waits for a database that is there and migrated: whoever starts everything at once starts it a little later. */
export async function waitForTable(url: string, table: string, { signal }: Stopping): Promise<void> {
  const look = async () => {
    const { rows } = await withClient(url, client => client.query('select to_regclass($1) as found', [table]))
    if (!rows[0].found) throw new StartError('The database has not been migrated: npm run migrate does it.')
  }
  const isInTheWay = (error: unknown) => error instanceof StartError
  const giveUp = (error: unknown) => (error as Error).message
  await retryWhile(isInTheWay, look, { signal, giveUp, what: 'Waiting for the database' })
}

/** The issuer's URL of the database in use; an embedded one that nobody runs is started for the moment. */
export async function findDatabase(env: StandaloneEnv, opened: AsyncDisposableStack): Promise<string> {
  if (env.issuerDatabaseUrl) return env.issuerDatabaseUrl
  if (!env.databaseUrl && !existsSync(env.dataDir))
    throw new StartError(`There is no data in ${env.dataDir}: start Latchkey first, or set DATA_DIR.`)
  const { databasePasswords: passwords } = await prepareSecrets(env.dataDir, process.env)
  const running = env.databaseUrl ?? (await findPostgres(env.dataDir, passwords.administrator))
  if (running) return urlFor(running, ISSUER, passwords.issuer)
  const stopping = listenForStop()
  const lock = await lockFolder(env.dataDir, stopping.signal)
  opened.defer(lock.release)
  const database = await openDatabase(env, passwords, stopping)
  opened.defer(database.close)
  return database.issuerUrl
}
