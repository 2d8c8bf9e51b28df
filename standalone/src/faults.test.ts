import assert from 'node:assert/strict'
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/free-port.ts'
import { createPlace, launch, type Place, postgresPid, start } from '../../test/product.ts'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

/** Starts, expects a fault, and returns the lines that say why. */
async function refused(env: NodeJS.ProcessEnv): Promise<string[]> {
  const product = launch(place, { env })
  assert.equal(await product.exit, 1, product.words())
  assert.equal(await postgresPid(place), null)
  const progress = /^(Starting|Preparing|Opening|Waiting|Stopping)\b/
  return product
    .words()
    .trim()
    .split('\n')
    .filter(line => !progress.test(line))
}

test('a port that stays taken is one line', async () => {
  const stranger = createServer(socket => socket.destroy()).listen(place.port, '127.0.0.1')
  const lines = await refused({})
  stranger.close()
  assert.deepEqual(lines, [
    `Port ${place.port} of 127.0.0.1 is taken by another program: give another one in PORT.`,
  ])
})

test('a port that becomes free within ten seconds is taken', async () => {
  const stranger = createServer(socket => socket.destroy()).listen(place.port, '127.0.0.1')
  const product = launch(place)
  while (!product.words().includes('Waiting for port')) await sleep(20)
  stranger.close()
  while (!product.words().includes('Latchkey is ready')) await sleep(20)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0)
})

test('an address that is not this machine is one line', async () => {
  const lines = await refused({ HOST: '192.0.2.1' })
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, /^Cannot listen on 192\.0\.2\.1, port \d+: /)
})

test('a data folder that cannot be made or written is one line', async () => {
  const file = join(place.dataDir, '..', 'file')
  await writeFile(file, '')
  for (const DATA_DIR of [join(file, 'data'), '/sys/latchkey']) {
    const lines = await refused({ DATA_DIR })
    assert.equal(lines.length, 1, lines.join('\n'))
    assert.match(lines[0]!, /^The data folder .* cannot be made: /)
  }
})

test('a DATABASE_URL that does not answer is one line without the password', async () => {
  const port = await freePort()
  const lines = await refused({ DATABASE_URL: `postgres://ada:secret-password@127.0.0.1:${port}/latchkey` })
  assert.equal(lines.length, 1)
  assert.match(
    lines[0]!,
    new RegExp(`^The database ada@127.0.0.1:${port}/latchkey cannot be used: .*ECONNREFUSED`),
  )
})

test('all bad variables are named at once, a line each', async () => {
  const lines = await refused({
    PORT: 'eighty',
    ISSUER_URL: 'localhost',
    ACCESS_TOKEN_TTL: '-1',
    AUTH_SECRET: 'brief',
    ACCESS_TOKEN_KEYS: 'k1:c2hvcnQ',
    DATABASE_URL: 'mysql://x',
  })
  const names = ['PORT', 'ISSUER_URL', 'ACCESS_TOKEN_TTL', 'AUTH_SECRET', 'ACCESS_TOKEN_KEYS', 'DATABASE_URL']
  for (const name of names)
    assert.ok(
      lines.some(line => line.startsWith(name)),
      `${name}: ${lines.join('\n')}`,
    )
  assert.equal(lines.length, names.length, lines.join('\n'))
})

test('production never runs on an example secret', async () => {
  const lines = await refused({ AUTH_SECRET: 'example-make-your-own-with-openssl-rand-base64-32' })
  assert.deepEqual(lines, ['AUTH_SECRET is the example of .env.example; make your own.'])
})

test('data of another format stops the start with one line and stays untouched', async () => {
  await mkdir(place.dataDir)
  await writeFile(join(place.dataDir, 'format'), 'postgres-17\n')
  const lines = await refused({})
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, /has the format postgres-17, and this Latchkey reads postgres-18 only$/)
  assert.ok(!(await readdir(place.dataDir)).includes('postgres-18'))
})

test('secrets made on the first run are for their owner alone, and are kept', async () => {
  const first = await start(place)
  first.kill('SIGTERM')
  await first.exit
  const folder = join(place.dataDir, 'secrets')
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  const files = await readdir(folder)
  assert.equal(files.length, 6)
  for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file)

  await chmod(join(folder, 'auth-secret'), 0o644)
  const before = await stat(join(folder, 'auth-secret'))
  const second = await start(place)
  second.kill('SIGTERM')
  await second.exit
  const after = await stat(join(folder, 'auth-secret'))
  assert.equal(after.mtimeMs, before.mtimeMs)
  assert.equal(after.mode & 0o777, 0o600)
})

test('a data folder with a long name works: the socket is elsewhere', async () => {
  const long = { ...place, dataDir: join(place.dataDir, 'a-long-name'.repeat(12)) }
  const product = await start(long)
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0)
  assert.ok(!(await readdir(long.dataDir)).includes('socket'))
})
