// The server of a test run, with a migrated template that every test database is copied from.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { urlFor, withClient } from '../standalone/src/database.ts'
import { migrate } from '../standalone/src/migrate.ts'
import { startPostgres } from '../standalone/src/postgres.ts'
import { API, ISSUER } from '../standalone/src/roles.ts'

export type TestServer = { templateUrl: string; stop(): Promise<void> }

/** The password of both login roles on a test server. */
export const ROLE_PASSWORD = 'for-tests-only'

/** Migrates a template on the server of `serverUrl`, or on an embedded one that lives for this run. */
export async function startTestServer(serverUrl?: string): Promise<TestServer> {
  const embedded = serverUrl ? null : await startEmbedded()
  const templateUrl = withDatabase(serverUrl ?? embedded!.url, `template_${randomUUID().replaceAll('-', '')}`)
  await runOnServer(templateUrl, `create database ${databaseOf(templateUrl)}`)
  const roleUrls = [ISSUER, API].map(role => urlFor(templateUrl, role, ROLE_PASSWORD))
  await migrate({ adminUrl: templateUrl, roleUrls })
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

export const databaseOf = (url: string) => new URL(url).pathname.slice(1)

export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** The template itself must have no session while it is copied: this one is with another database. */
export async function runOnServer(url: string, statement: string): Promise<void> {
  await withClient(withDatabase(url, 'postgres'), client => client.query(statement))
}
