// A fresh, migrated database for a test file, copied from a template on the run's server. Under `npm test` that
// server is started by run.ts; for a file run by hand it is started here and ends with the file.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { urlFor, withClient } from '../standalone/src/database.ts'
import { migrate } from '../standalone/src/migrate.ts'
import { startPostgres } from '../standalone/src/postgres.ts'
import { API, ISSUER, prepareRoles } from '../standalone/src/roles.ts'

export type TestDatabase = {
  /** An administrator of this database and its server. */
  adminUrl: string
  issuerUrl: string
  apiUrl: string
  drop(): Promise<void>
}

/** A server with a migrated template: what every test database is copied from. */
export type TestServer = { templateUrl: string; stop(): Promise<void> }

const rolePassword = 'for-tests-only'

export async function createTestDatabase(): Promise<TestDatabase> {
  const templateUrl = process.env.LATCHKEY_TEST_TEMPLATE ?? (await startOwnServer())
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await runOnServer(templateUrl, `create database ${name} template ${databaseOf(templateUrl)}`)
  const adminUrl = withDatabase(templateUrl, name)
  await prepareRoles(adminUrl) // A template does not hand on rights to the database itself.
  return {
    adminUrl,
    issuerUrl: urlFor(adminUrl, ISSUER, rolePassword),
    apiUrl: urlFor(adminUrl, API, rolePassword),
    drop: () => runOnServer(templateUrl, `drop database if exists ${name} with (force)`),
  }
}

/** Migrates a template on the server of `serverUrl`, or on an embedded one that lives for this run. */
export async function startTestServer(serverUrl?: string): Promise<TestServer> {
  const embedded = serverUrl ? null : await startEmbedded()
  const templateUrl = withDatabase(serverUrl ?? embedded!.url, `template_${randomUUID().replaceAll('-', '')}`)
  await runOnServer(templateUrl, `create database ${databaseOf(templateUrl)}`)
  await migrate({ adminUrl: templateUrl, passwords: { issuer: rolePassword, api: rolePassword } })
  const dropTemplate = () => runOnServer(templateUrl, `drop database ${databaseOf(templateUrl)} with (force)`)
  return { templateUrl, stop: () => (embedded ? embedded.stop() : dropTemplate()) }
}

async function startEmbedded() {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-test-'))
  // Nothing here has to outlive a power cut.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
  }
  const postgres = await startPostgres({ dataDir, password: randomUUID(), settings })
  const stop = async () => {
    await postgres.stop({ force: true })
    await rm(dataDir, { recursive: true })
  }
  return { url: postgres.url, stop }
}

let ownServer: Promise<TestServer> | undefined

async function startOwnServer(): Promise<string> {
  ownServer ??= startTestServer()
  return (await ownServer).templateUrl
}

after(async () => (await ownServer)?.stop())

const databaseOf = (url: string) => new URL(url).pathname.slice(1)

function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** The template itself must have no session while it is copied: this one is with another database. */
async function runOnServer(url: string, statement: string): Promise<void> {
  await withClient(withDatabase(url, 'postgres'), client => client.query(statement))
}
