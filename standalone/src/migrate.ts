// Brings a database to the schema of this version: roles first, then the numbered SQL files of issuer and API.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { openAs } from './database.ts'
import { readStandaloneEnv } from './env.ts'
import { letLogIn, OWNER, prepareRoles } from './roles.ts'
import { StartError } from './start-error.ts'

const SCHEMA = 'latchkey_migrations'
const root = join(import.meta.dirname, '../..')

export type MigrateOptions = {
  /** A superuser, or a role with CREATEROLE that owns the database. */
  adminUrl: string
  /** How the two login roles will sign in: their passwords are set to what these say. */
  roleUrls: readonly string[]
}

/** Several processes may do this at once: each file runs exactly once. */
export async function migrate({ adminUrl, roleUrls }: MigrateOptions): Promise<void> {
  await prepareRoles(adminUrl)
  const database = openAs(OWNER, adminUrl)
  try {
    for (const part of ['issuer', 'api']) await runMigrations(database, part)
  } finally {
    await database.destroy()
  }
  for (const url of roleUrls) await letLogIn(adminUrl, url)
}

async function runMigrations(db: Kysely<unknown>, part: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => readMigrations(join(root, part, 'migrations')) },
    migrationTableSchema: SCHEMA,
    migrationTableName: part,
    migrationLockTableName: `${part}_lock`,
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (!error) return
  const failed = results.find(result => result.status === 'Error')?.migrationName
  const where = failed ? `${part}/migrations/${failed}` : `The database's ${part} part`
  throw new StartError(`${where} could not be migrated: ${(error as Error).message}`, { cause: error })
}

async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter(name => name.endsWith('.sql')).sort()
  const read = async (name: string): Promise<[string, Migration]> => {
    const text = await readFile(join(folder, name), 'utf8')
    return [name, { up: async db => void (await sql.raw(text).execute(db)) }]
  }
  return Object.fromEntries(await Promise.all(files.map(read)))
}

/** `node standalone/src/migrate.ts`, for those who run issuer and API as servers of their own. */
async function main(source: NodeJS.ProcessEnv): Promise<void> {
  const { env, faults } = readStandaloneEnv(source)
  if (faults.length > 0) throw new StartError(faults.join('\n'))
  if (!env.databaseUrl) throw new StartError('DATABASE_URL must name the database and its administrator')
  const roleUrls = [env.issuerDatabaseUrl, env.apiDatabaseUrl].filter(url => url !== null)
  await migrate({ adminUrl: env.databaseUrl, roleUrls })
  console.log('The database is up to date.')
}

if (import.meta.main) {
  await main(process.env).catch(error => {
    if (!(error instanceof StartError)) throw error
    console.error(error.message)
    process.exitCode = 1
  })
}
