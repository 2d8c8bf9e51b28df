// Keys and secrets change while people work: real processes, real commands, some two hundred requests a second.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../standalone/src/database.ts'
import { call, PASSWORD, tasksOf } from './in-process.ts'
import { byNpm, createPlace, launch, type Product, start } from './product.ts'
import { type Servers, startServers } from './servers.ts'

let servers: Servers
before(async () => {
  servers = await startServers({ issuers: 2, apis: 2 })
})
after(() => servers.close())

type Person = { id: string; email: string; token: string; cookie: string }
type At = Pick<Servers, 'issuers' | 'issuerUrl' | 'apis'>

let people = 0
async function signUp({ issuers, issuerUrl }: At = servers): Promise<Person> {
  people += 1
  const email = `person-${people}@example.com`
  const answer = await call(issuers[0]!, 'POST', '/api/auth/sign-up/email', {
    body: { email, password: PASSWORD },
    headers: { origin: issuerUrl },
  })
  assert.equal(answer.status, 200, answer.text)
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!
  return { id: answer.body.user.id, email, token: answer.body.access_token, cookie }
}

const refresh = (issuer: Product, { cookie }: Person) => call(issuer, 'GET', '/api/auth/token', { cookie })

const list = (api: Product, person: Person, token = person.token) =>
  call(api, 'GET', tasksOf(person), { token })

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid

/** Runs `work` while people list their tasks and get new tokens; returns how often each status was answered. */
async function underTraffic(at: At, people: Person[], work: () => Promise<void>) {
  const statuses: Record<number, number> = {}
  const underWay = new Set<Promise<void>>()
  let isOver = false
  async function one(turn: number): Promise<void> {
    const person = people[turn % people.length]!
    const isRefresh = turn % 8 === 0
    const answer = isRefresh
      ? await refresh(at.issuers[turn % at.issuers.length]!, person)
      : await list(at.apis[turn % at.apis.length]!, person)
    if (isRefresh && answer.status === 200) person.token = answer.body.access_token
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
  }
  async function keepAsking(): Promise<void> {
    const began = performance.now()
    for (let turn = 0; !isOver; await sleep(1)) {
      // A machine that cannot keep up gets fewer requests, not a crowd.
      if (underWay.size >= 24 || performance.now() - began < turn * 5) continue
      const request: Promise<void> = one(turn++).finally(() => underWay.delete(request))
      underWay.add(request)
    }
    await Promise.all(underWay)
  }
  const traffic = keepAsking()
  try {
    await sleep(500)
    await work()
    await sleep(500)
  } finally {
    isOver = true
    await traffic
  }
  return statuses
}

function assertAllGood(statuses: Record<number, number>): void {
  assert.deepEqual(Object.keys(statuses), ['200'], JSON.stringify(statuses))
  assert.ok(statuses[200]! > 200, `${statuses[200]} requests`)
}

const keys = (...args: string[]) => servers.command('keys.ts', ...args)
const idsIn = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map(line => line.split(' ')[0]!)

test('EC-7: both kinds rotate under traffic without one answer 401 or 5xx, and sessions go on', async () => {
  const persons = await Promise.all(Array.from({ length: 10 }, () => signUp()))
  const before = persons.map(person => ({ ...person }))
  const statuses = await underTraffic(servers, persons, async () => {
    await keys('rotate', '--pid', servers.pids())
    await keys('rotate', '--auth', '--pid', servers.pids())
  })
  assertAllGood(statuses)
  assert.deepEqual(new Set(before.map(({ token }) => kidOf(token))), new Set(['first']))

  const [signing, old] = idsIn((await keys('list')).stdout)
  assert.equal(old, 'first')
  for (const issuer of servers.issuers)
    assert.equal(kidOf((await refresh(issuer, before[0]!)).body.access_token), signing)
  for (const api of servers.apis) assert.equal((await list(api, before[0]!)).status, 200)
})

test('EC-7: a retired key is refused, its session is not; while its tokens may live, it is not retired', async () => {
  const person = await signUp()
  const [before] = idsIn((await keys('list')).stdout)
  await keys('rotate', '--pid', servers.pids())
  await assert.rejects(keys('retire', '--pid', servers.pids()), /can live until .*--now/)
  assert.equal((await list(servers.apis[0]!, person)).status, 200)
  await keys('retire', '--now', '--pid', servers.pids())
  assert.equal(kidOf(person.token), before)
  for (const api of servers.apis) assert.equal((await list(api, person)).status, 401)
  const { body } = await refresh(servers.issuers[0]!, person)
  for (const api of servers.apis) assert.equal((await list(api, person, body.access_token)).status, 200)
})

test('a retired secret of Better Auth verifies no cookie any more, the one that signs does', async () => {
  const old = await signUp()
  await keys('rotate', '--auth', '--pid', servers.pids())
  const young = await signUp()
  await assert.rejects(keys('retire', '--auth', '--pid', servers.pids()), /can live until/)
  await keys('retire', '--auth', '--now', '--pid', servers.pids())
  for (const issuer of servers.issuers) {
    assert.equal((await refresh(issuer, old)).status, 401)
    assert.equal((await refresh(issuer, young)).status, 200)
  }
})

test('step by step, for several machines: what is announced verifies, and signs when it is told to', async () => {
  await assert.rejects(keys('rotate'), /Which processes read/)
  const { stderr } = await keys('announce')
  assert.match(stderr, /Send SIGHUP to every process/)
  const announced = idsIn((await keys('list')).stdout).at(-1)!
  for (const { pid } of [...servers.apis, ...servers.issuers]) process.kill(pid, 'SIGHUP')
  await sleep(500)
  const person = await signUp()
  assert.notEqual(kidOf(person.token), announced)
  await keys('sign', announced, '--pid', servers.pids())
  await keys('sign', announced, '--pid', servers.pids())
  assert.equal(idsIn((await keys('list')).stdout)[0], announced)
  const { body } = await refresh(servers.issuers[1]!, person)
  assert.equal(kidOf(body.access_token), announced)
  for (const api of servers.apis) assert.equal((await list(api, person, body.access_token)).status, 200)
})

test('commands at the same time lose no key', async () => {
  const runs = await Promise.allSettled(Array.from({ length: 5 }, () => keys('announce')))
  const announced = runs.flatMap(run => (run.status === 'fulfilled' ? idsIn(run.value.stderr)[0]! : []))
  const ids = idsIn((await keys('list')).stdout)
  assert.ok(announced.length > 0)
  for (const id of announced) assert.ok(ids.includes(id), id)
})

test('a bad file at SIGHUP changes nothing and is an error in the log', async () => {
  const person = await signUp()
  const good = await readFile(servers.files.keys, 'utf8')
  const all = [...servers.issuers, ...servers.apis]
  for (const bad of ['', 'no keys', `${good.trim()},short:c2hvcnQ`]) {
    await writeFile(servers.files.keys, bad)
    const before = all.map(({ log }) => failures(log()))
    for (const { pid } of all) process.kill(pid, 'SIGHUP')
    for (const [index, { log }] of all.entries()) while (failures(log()) === before[index]) await sleep(10)
    await assert.rejects(keys('announce'), /is no list of/)
    for (const api of servers.apis) assert.equal((await list(api, person)).status, 200)
    assert.equal((await refresh(servers.issuers[0]!, person)).status, 200)
  }
  await writeFile(servers.files.keys, good)
  for (const { log } of all) assert.ok(!log().includes(good.split(/[:,]/)[1]!), 'a log holds a key')
})

const failures = (log: string) => log.split('"sys_keys_reload_fail"').length

test('what is given by value in the environment cannot be rotated, and the command says so', async () => {
  const byValue = await startServers({
    issuers: 0,
    apis: 0,
    env: { AUTH_SECRET: 'a', ACCESS_TOKEN_KEYS: 'b' },
  })
  for (const more of [[], ['--auth']])
    await assert.rejects(
      byValue.command('keys.ts', 'rotate', ...more),
      /is given by value in the environment/,
    )
  await byValue.close()
})

test('an emergency: every session of one account, or of everyone and every key, ends at once', async () => {
  const [one, other] = [await signUp(), await signUp()]
  await assert.rejects(servers.command('sessions.ts', 'end', 'nobody@example.com'), /no account/)
  const ended = await servers.command('sessions.ts', 'end', one.email.toUpperCase())
  assert.match(ended.stdout, /^1 session has ended/)
  for (const api of servers.apis) {
    assert.equal((await list(api, one)).status, 401)
    assert.equal((await list(api, other)).status, 200)
  }
  const [before] = idsIn((await keys('list')).stdout)
  await servers.command('sessions.ts', 'end', '--everyone', '--pid', servers.pids())
  for (const api of servers.apis) assert.equal((await list(api, other)).status, 401)
  for (const issuer of servers.issuers) assert.equal((await refresh(issuer, other)).status, 401)
  const ids = idsIn((await keys('list')).stdout)
  assert.equal(ids.length, 1)
  assert.notEqual(ids[0], before)
  const person = await signUp()
  assert.equal(kidOf(person.token), ids[0])
  for (const api of servers.apis) assert.equal((await list(api, person)).status, 200)
})

test('EdDSA: a new key pair is known to every API before it signs, and a retired one is refused', async () => {
  const pairs = await startServers({ env: { ACCESS_TOKEN_ALG: 'EdDSA' } })
  const [issuer, api] = [pairs.issuers[0]!, pairs.apis[0]!]
  const persons = await Promise.all(Array.from({ length: 5 }, () => signUp(pairs)))
  const person = { ...persons[0]! }
  const keys = (...args: string[]) => pairs.command('keys.ts', ...args)
  const statuses = await underTraffic(pairs, persons, async () => {
    await keys('rotate')
    const [announced] = idsIn((await keys('list')).stdout)
    assert.equal(kidOf((await refresh(issuer, person)).body.access_token), kidOf(person.token))
    // What 90 seconds do by themselves: the API reads the key set, then the time comes.
    api.kill('SIGHUP')
    while (!api.log().includes('sys_keys_reloaded')) await sleep(10)
    const come = `update auth.jwks set "createdAt" = now() where id = '${announced}'`
    await withClient(pairs.database.adminUrl, client => client.query(come))
    assert.equal(kidOf((await refresh(issuer, person)).body.access_token), announced)
  })
  assertAllGood(statuses)
  assert.equal((await list(api, person)).status, 200)

  await keys('rotate', '--auth', '--pid', pairs.pids())
  await keys('retire', '--auth', '--now', '--pid', pairs.pids())
  const young = await signUp(pairs)
  assert.equal((await list(api, young)).status, 200)

  await assert.rejects(keys('retire'), /can live until/)
  await keys('retire', '--now', '--pid', `${api.pid}`)
  for (const end = Date.now() + 30_000; (await list(api, person)).status !== 401 && Date.now() < end; )
    await sleep(20)
  assert.equal((await list(api, person)).status, 401)
  assert.equal((await list(api, young)).status, 200)
  await pairs.close()
})

test('npm start goes on at SIGHUP, and npm run keys finds it by its data folder', async () => {
  const place = await createPlace()
  const product = await start(place, { command: byNpm })
  const at = { issuers: [product], issuerUrl: place.url, apis: [product] }
  const person = await signUp(at)
  const pid = Number(await readFile(join(place.dataDir, 'latchkey.pid'), 'utf8'))
  process.kill(pid, 'SIGHUP')
  const rotate = launch(place, { command: ['node', 'standalone/src/keys.ts', 'rotate'] })
  assert.equal(await rotate.exit, 0, rotate.words())
  const { body } = await refresh(product, person)
  assert.notEqual(kidOf(body.access_token), kidOf(person.token))
  for (const token of [person.token, body.access_token])
    assert.equal((await list(product, person, token)).status, 200)
  const end = launch(place, { command: ['node', 'standalone/src/sessions.ts', 'end', '--everyone'] })
  assert.equal(await end.exit, 0, end.words())
  assert.equal((await list(product, person)).status, 401)
  assert.equal((await list(product, await signUp(at))).status, 200)
  product.kill('SIGTERM')
  await product.exit
  await place.remove()
})
