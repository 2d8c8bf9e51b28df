import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { signUp } from './account.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { call, tasksOf } from './in-process.ts'
import { createPlace, launch, type Place, start } from './product.ts'
import { databaseOf, runOnServer, withDatabase } from './server.ts'

const variables = ({ adminUrl, issuerUrl, apiUrl }: Omit<TestDatabase, 'drop'>) => ({
  DATABASE_URL: adminUrl,
  ISSUER_DATABASE_URL: issuerUrl,
  API_DATABASE_URL: apiUrl,
})

/** Starts the product for a while. */
async function running<T>(place: Place, env: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  const product = await start(place, { env })
  try {
    return await work()
  } finally {
    product.kill('SIGTERM')
    await product.exit
  }
}

test('after a restore, sessions that had ended, and tokens the backup does not know, stay out', async () => {
  const place = await createPlace()
  const database = await createTestDatabase()
  const name = `restored_${randomUUID().replaceAll('-', '')}`
  const restored = {
    adminUrl: withDatabase(database.adminUrl, name),
    issuerUrl: withDatabase(database.issuerUrl, name),
    apiUrl: withDatabase(database.apiUrl, name),
  }
  const ended = await running(place, variables(database), () => signUp(place.url))
  await runOnServer(database.adminUrl, `create database ${name} template ${databaseOf(database.adminUrl)}`)
  const younger = await running(place, variables(database), async () => {
    const headers = { origin: place.url }
    const signOut = await call(place, 'POST', '/api/auth/sign-out', {
      cookie: ended.cookie,
      body: {},
      headers,
    })
    assert.equal(signOut.status, 200)
    return await signUp(place.url)
  })

  const env = variables(restored)
  const end = launch(place, { command: ['node', 'standalone/src/sessions.ts', 'end', '--everyone'], env })
  assert.equal(await end.exit, 0, end.words())
  await running(place, env, async () => {
    for (const { id, token, cookie } of [ended, younger]) {
      assert.equal((await call(place, 'GET', tasksOf({ id }), { token })).status, 401)
      assert.equal((await call(place, 'GET', '/api/auth/token', { cookie })).status, 401)
    }
    const answer = await call(place, 'POST', '/api/auth/sign-in/email', {
      body: { email: ended.email, password: 'a long enough passphrase' },
    })
    const { access_token: token } = answer.body
    assert.equal((await call(place, 'GET', tasksOf(ended), { token })).status, 200)
  })
  await runOnServer(database.adminUrl, `drop database ${name} with (force)`)
  await database.drop()
  await place.remove()
})
