import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, createTask, listTasks, signUp } from '../../test/account.ts'
import { createPlace, launch, type Place, postgresPid, start } from '../../test/product.ts'

const WRITERS = 8
const ROUNDS = 6

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

test('after SIGKILL under concurrent writes every acknowledged task is there, round after round', async () => {
  let product = await start(place)
  const account = await signUp(place.url)
  const acknowledged = new Set<string>()
  for (let round = 1; round <= ROUNDS; round++) {
    const writing = writeUntilRefused(account, acknowledged)
    await sleep(200 + Math.random() * 600)
    const server = await postgresPid(place)
    product.kill('SIGKILL')
    // Every other round nothing is left to write what PostgreSQL has in memory.
    if (round % 2 === 0) process.kill(server!, 'SIGKILL')
    await Promise.all([product.exit, writing])
    product = await start(place)
    const found = new Set((await listTasks(place.url, account)).map(task => task.id))
    const lost = [...acknowledged].filter(id => !found.has(id))
    assert.equal(lost.length, 0, `round ${round}: ${lost.length} of ${acknowledged.size} tasks are lost`)
  }
  assert.ok(acknowledged.size > ROUNDS * WRITERS, `only ${acknowledged.size} tasks were written`)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0)
})

test('PostgreSQL that outlived its Latchkey is ended and replaced by the next start', async () => {
  const first = await start(place)
  const orphan = await postgresPid(place)
  first.kill('SIGKILL')
  await first.exit
  assert.equal(await postgresPid(place), orphan)
  const second = await start(place)
  assert.notEqual(await postgresPid(place), orphan)
  second.kill('SIGTERM')
  assert.equal(await second.exit, 0)
})

test('a stale pid file whose pid is another program now is no obstacle, and that program is left alone', async () => {
  const first = await start(place)
  first.kill('SIGTERM')
  await first.exit
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
  const cluster = join(place.dataDir, 'postgres-18')
  await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n`, { mode: 0o600 })
  const second = await start(place)
  assert.equal(stranger.exitCode ?? stranger.signalCode, null)
  stranger.kill()
  second.kill('SIGTERM')
  assert.equal(await second.exit, 0)
})

test('a first run that was killed half way is begun again', async () => {
  await mkdir(join(place.dataDir, 'postgres-18.draft'), { recursive: true })
  await appendFile(join(place.dataDir, 'postgres-18.draft/PG_VERSION'), '18\n')
  const product = await start(place)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0)
})

test('when PostgreSQL ends by itself, Latchkey says so and ends with a fault', async () => {
  const product = launch(place)
  while (!product.words().includes('Latchkey is ready')) await sleep(20)
  process.kill((await postgresPid(place))!, 'SIGKILL')
  assert.equal(await product.exit, 1)
  assert.match(product.words(), /PostgreSQL has ended: see .*postgres\.log/)
})

/** Several clients, each sending its next task when the one before was acknowledged. */
async function writeUntilRefused(account: Account, acknowledged: Set<string>): Promise<void> {
  const writer = async (name: number) => {
    for (let count = 0; ; count++) {
      const task = await createTask(place.url, account, `task ${count} of writer ${name}`)
      if (!task) return
      acknowledged.add(task.id)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)))
}
