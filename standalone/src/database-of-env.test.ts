import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { createTask, listTasks, signUp } from '../../test/account.ts'
import { createTestDatabase } from '../../test/database.ts'
import { createPlace, type Place, start } from '../../test/product.ts'
import { startTestServer } from '../../test/server.ts'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

async function useAndStop(env: NodeJS.ProcessEnv): Promise<void> {
  const product = await start(place, { env })
  const account = await signUp(place.url)
  const task = await createTask(place.url, account, 'kept elsewhere')
  assert.equal((await listTasks(place.url, account))[0]?.id, task?.id)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0, product.words())
  assert.ok(!existsSync(join(place.dataDir, 'postgres-18')))
}

test('DATABASE_URL replaces the embedded server, with login roles that are given', async () => {
  const database = await createTestDatabase()
  const { adminUrl, issuerUrl, apiUrl } = database
  await useAndStop({ DATABASE_URL: adminUrl, ISSUER_DATABASE_URL: issuerUrl, API_DATABASE_URL: apiUrl })
  await database.drop()
})

// On a server of its own: the passwords of its roles are set anew.
test('DATABASE_URL replaces the embedded server, with login roles made for it', async () => {
  const server = await startTestServer()
  await useAndStop({ DATABASE_URL: server.templateUrl })
  await useAndStop({ DATABASE_URL: server.templateUrl })
  await server.stop()
})
