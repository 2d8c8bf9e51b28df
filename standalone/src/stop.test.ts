import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { signUp, signUpRequest } from '../../test/account.ts'
import { byNpm, createPlace, launch, type Place, postgresPid, start } from '../../test/product.ts'
import { withClient } from './database.ts'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

test('it stops and starts ten times on the same port and data folder', async () => {
  let product = await start(place)
  const account = await signUp(product.url)
  for (let round = 1; round <= 10; round++) {
    product.kill('SIGTERM')
    const next = start(place) // Not waiting for the one before: it is still stopping.
    assert.equal(await product.exit, 0, product.words())
    product = await next
    assert.equal((await signUpRequest(product.url, account.email)).status, 422, `lost in round ${round}`)
  }
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0)
  assert.equal(await postgresPid(place), null)
})

test('SIGTERM to npm alone ends the server and its PostgreSQL before npm ends', async () => {
  const product = await start(place, { command: byNpm })
  assert.notEqual(await postgresPid(place), null)
  product.kill('SIGTERM')
  await product.exit
  assert.equal(await postgresPid(place), null)
  await assert.rejects(fetch(`${place.url}/healthz`))
})

test('Ctrl-C, which reaches npm and the server alike, is one wish to stop', async () => {
  const product = await start(place, { command: byNpm })
  product.killGroup('SIGINT')
  await sleep(20)
  product.killGroup('SIGINT')
  await product.exit
  assert.equal(await postgresPid(place), null)
  assert.match(await readFile(join(place.dataDir, 'postgres.log'), 'utf8'), /database system is shut down/)
})

test('a request that was received is answered after the signal to stop, and readiness ends at once', async () => {
  const product = await start(place)
  await signUp(product.url)
  const { answer, letGo } = await holdRequest(product.url)
  product.killGroup('SIGTERM')
  product.killGroup('SIGTERM')
  await sleep(50)
  const readiness = await fetch(`${place.url}/readyz`).then(
    ({ status }) => status,
    () => 'no connection',
  )
  assert.notEqual(readiness, 200)
  await sleep(250)
  await letGo()
  assert.equal((await answer).status, 200)
  assert.equal(await product.exit, 0, product.words())

  const again = await start(place)
  assert.equal((await signUpRequest(again.url, 'held@example.org')).status, 422, 'the account was made')
  again.kill('SIGTERM')
  await again.exit
})

test('a second signal after two seconds does not wait for requests', async () => {
  const product = await start(place)
  const { answer } = await holdRequest(product.url)
  answer.catch(() => {})
  product.kill('SIGTERM')
  await sleep(2_100)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 1)
  assert.equal(await postgresPid(place), null)
})

test('a signal while it starts ends the start', async () => {
  const product = launch(place)
  while (!product.words().includes('Starting PostgreSQL')) await sleep(5)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0, product.words())
  assert.equal(await postgresPid(place), null)
})

test('a second Latchkey with the same data folder is refused, and the first goes on', async () => {
  const product = await start(place)
  const second = launch(place, { env: { PORT: '0' } })
  assert.equal(await second.exit, 1)
  assert.match(second.words(), new RegExp(`Another Latchkey \\(pid ${product.pid}\\)`))
  assert.equal((await fetch(`${place.url}/readyz`)).status, 200)
  product.kill('SIGTERM')
  await product.exit
})

test('nobody reading what it says is no fault', async () => {
  const product = await start(place)
  product.stopReading()
  await signUp(place.url)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0)
  assert.equal(await postgresPid(place), null)
})

test('a terminal that is closed stops it', async () => {
  const command = `${process.execPath} standalone/src/main.ts`
  const terminal = await start(place, { command: ['script', '-qec', command, '/dev/null'] })
  const pid = Number(await readFile(join(place.dataDir, 'latchkey.pid'), 'utf8'))
  terminal.kill('SIGKILL')
  for (const end = Date.now() + 30_000; existsSync(`/proc/${pid}`) && Date.now() < end; ) await sleep(20)
  assert.ok(!existsSync(`/proc/${pid}`))
  assert.equal(await postgresPid(place), null)
})

test('every line of standard output is a JSON document, and a person reads the address', async () => {
  const product = await start(place)
  product.kill('SIGTERM')
  await product.exit
  for (const line of product.log().trim().split('\n')) assert.equal(typeof JSON.parse(line).time, 'string')
  assert.match(product.words(), new RegExp(`^Latchkey is ready: ${place.url}$`, 'm'))
})

/** A sign-up that PostgreSQL holds up until it is let go. */
async function holdRequest(url: string) {
  const held = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const work = withClient(await adminUrl(place), async client => {
    await client.query('begin; lock table auth."user" in access exclusive mode')
    locked.resolve()
    await held.promise
    await client.query('commit')
  })
  work.catch(() => {}) // A forced stop takes the session away.
  await locked.promise
  const answer = signUpRequest(url, 'held@example.org')
  await sleep(300)
  const letGo = async () => {
    held.resolve()
    await work
  }
  return { answer, letGo }
}

async function adminUrl({ dataDir }: Place): Promise<string> {
  const password = await readFile(join(dataDir, 'secrets/database-password'), 'utf8')
  return `postgres://postgres:${password}@${encodeURIComponent(join(dataDir, 'socket'))}/latchkey`
}
