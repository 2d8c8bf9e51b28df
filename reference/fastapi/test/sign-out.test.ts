// Sign-out means out at the Python API as well: it holds a lease of the same feed, and acknowledges.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { withClient } from '../../../standalone/src/database.ts'
import { freePort } from '../../../test/free-port.ts'
import { call, PASSWORD, type Person, signIn, signOut, signUp, tasksOf } from '../../../test/in-process.ts'
import { type Deployment, deploy } from './deployment.ts'

let deployment: Deployment
let folder: string
const metricsPort = await freePort()
const key = () => `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`
const file = () => join(folder, 'keys')

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-keys-'))
  await writeFile(file(), key())
  deployment = await deploy(
    { ACCESS_TOKEN_KEYS: undefined, ACCESS_TOKEN_KEYS_FILE: file() },
    { METRICS_PORT: String(metricsPort) },
  )
})
after(async () => {
  await deployment?.close()
  await rm(folder, { recursive: true })
})

const issuer = () => ({ url: deployment.issuerUrl }) as never
const askOnce = (person: Person, method = 'GET', body?: object) =>
  call(deployment.theirs, method, tasksOf(person), { token: person.token, body })

/** On a busy machine a lease can run out; whoever waits as told is answered. */
async function ask(person: Person, method = 'GET', body?: object) {
  for (;;) {
    const answer = await askOnce(person, method, body)
    if (answer.status !== 503) return answer
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (await condition()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  assert.fail('it did not come to that within 20 s')
}

test('US3.3: once a sign-out has answered, its token is refused, and others of the account are not', async () => {
  for (let round = 0; round < 5; round += 1) {
    const people = await Promise.all(Array.from({ length: 4 }, () => signUp(issuer())))
    await Promise.all(
      people.map(async person => {
        const device = await signIn(issuer(), person.email)
        assert.equal((await ask(person)).status, 200)
        assert.equal((await signOut(issuer(), person)).status, 200)
        const refused = await ask(person)
        assert.equal(refused.status, 401)
        assert.equal(refused.body.code, 'invalid_token')
        assert.equal((await ask(device)).status, 200)
      }),
    )
  }
})

test('EC-5: a deleted account is refused everywhere at once', async () => {
  const person = await signUp(issuer())
  assert.equal((await ask(person, 'POST', { title: 'mine' })).status, 201)
  const { cookie } = person
  const gone = await call(issuer(), 'POST', '/api/auth/delete-user', { cookie, body: { password: PASSWORD } })
  assert.equal(gone.status, 200, gone.text)
  assert.equal((await ask(person)).status, 401)
  assert.equal((await ask(person, 'POST', { title: 'still mine' })).status, 401)
})

test('an account that is gone before the feed says so cannot write either', async () => {
  const person = await signUp(issuer())
  await withClient(deployment.database.adminUrl, async client => {
    await client.query('alter table auth.session disable trigger user')
    await client.query('delete from auth."user" where id = $1', [person.id])
    await client.query('alter table auth.session enable trigger user')
  })
  const refused = await ask(person, 'POST', { title: 'nobody’s' })
  assert.equal(refused.status, 401, refused.text)
  assert.equal(refused.body.code, 'invalid_token')
})

test('a sign-out waits for an API that has stopped, which then accepts nothing when it goes on', async () => {
  const person = await signUp(issuer())
  assert.equal((await ask(person)).status, 200)
  deployment.theirs.kill('SIGSTOP')
  const began = performance.now()
  assert.equal((await signOut(issuer(), person)).status, 200)
  assert.ok(performance.now() - began > 1_500, 'a lease was held, so the sign-out had to wait for it')
  deployment.theirs.kill('SIGCONT')
  const first = await askOnce(person)
  assert.ok([401, 503].includes(first.status), `${first.status}`)
  await until(async () => (await ask(person)).status === 401)
})

test('more sessions ended at once than one answer of the feed holds are all known, the last of them too', async () => {
  const [person, other] = [await signUp(issuer()), await signUp(issuer())]
  assert.equal((await ask(person)).status, 200)
  const { sid } = JSON.parse(Buffer.from(person.token.split('.')[1]!, 'base64url').toString())
  await withClient(deployment.database.adminUrl, async client => {
    await client.query('begin')
    await client.query(
      `insert into auth.revocation (sid) select 'many-' || n from generate_series(1, 45000) n`,
    )
    const { rowCount } = await client.query('delete from auth.session where id = $1', [sid])
    assert.equal(rowCount, 1)
    await client.query('commit')
  })
  await until(async () => (await ask(person)).status === 401)
  assert.equal((await ask(other)).status, 200)
  const { text } = await call({ url: `http://127.0.0.1:${metricsPort}` }, 'GET', '/metrics')
  const [, known] = /^latchkey_api_revoked_sessions (\d+)$/m.exec(text)!
  assert.ok(Number(known) > 45_000, text)
})

test('EC-7: a key that is announced at SIGHUP verifies, and one that is retired no longer does', async () => {
  const person = await signUp(issuer())
  const log = () => deployment.theirs.log()
  const reloaded = async (keys: string, times: number) => {
    await writeFile(file(), keys)
    for (const product of [deployment.theirs, deployment.issuer]) product.kill('SIGHUP')
    for (const product of [deployment.theirs, deployment.issuer])
      await until(async () => product.log().split('sys_keys_reloaded').length > times)
  }
  await reloaded(key(), 1)
  assert.equal((await ask(person)).status, 401)
  assert.match(log(), /"reason":"unknown_key"/)
  assert.equal((await ask(await signIn(issuer(), person.email))).status, 200)
  const before = deployment.theirs.log().length
  await writeFile(file(), 'nonsense')
  deployment.theirs.kill('SIGHUP')
  await until(async () => log().slice(before).includes('sys_keys_reload_fail'))
  assert.equal((await ask(await signIn(issuer(), person.email))).status, 200)
})

test('without the issuer a good token is 503, a bad one 401, and nothing is 200', async () => {
  const person = await signUp(issuer())
  assert.equal((await ask(person)).status, 200)
  deployment.issuer.kill('SIGKILL')
  await until(async () => (await askOnce(person)).status === 503)
  const refused = await askOnce(person)
  assert.equal(refused.headers.get('retry-after'), '1')
  assert.equal((await ask({ ...person, token: `${person.token.slice(0, -4)}AAAA` })).status, 401)
  assert.equal((await call(deployment.theirs, 'GET', '/readyz')).status, 503)
  await until(async () => deployment.theirs.log().includes('revocation_feed_lost'))
})
