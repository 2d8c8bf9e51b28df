// A fresh, migrated database for a test file, copied from a template on the run's server. Under `npm test` that
// server is started by run.ts; for a file run by hand it is started here and ends with the file.
import { randomUUID } from 'node:crypto'
import { urlFor } from '../standalone/src/database.ts'
import { API, ISSUER, prepareRoles } from '../standalone/src/roles.ts'
import {
  databaseOf,
  ROLE_PASSWORD,
  runOnServer,
  startTestServer,
  type TestServer,
  withDatabase,
} from './server.ts'

export type TestDatabase = {
  /** An administrator of this database and its server. */
  adminUrl: string
  issuerUrl: string
  apiUrl: string
  drop(): Promise<void>
}

/** Copied from the run's template, or from another one. */
export async function createTestDatabase(otherUrl?: string): Promise<TestDatabase> {
  const templateUrl = otherUrl ?? process.env.LATCHKEY_TEST_TEMPLATE ?? (await startOwnServer())
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await runOnServer(templateUrl, `create database ${name} template ${databaseOf(templateUrl)}`)
  const adminUrl = withDatabase(templateUrl, name)
  await prepareRoles(adminUrl) // A template does not hand on rights to the database itself.
  return {
    adminUrl,
    issuerUrl: urlFor(adminUrl, ISSUER, ROLE_PASSWORD),
    apiUrl: urlFor(adminUrl, API, ROLE_PASSWORD),
    drop: () => runOnServer(templateUrl, `drop database if exists ${name} with (force)`),
  }
}

let ownServer: Promise<TestServer> | undefined

async function startOwnServer(): Promise<string> {
  ownServer ??= startTestServer()
  return (await ownServer).templateUrl
}

// Later than every `after` of the file, for those drop their databases.
process.once('beforeExit', async () => (await ownServer)?.stop())
