import assert from 'node:assert/strict'
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import {
  type Answer,
  call,
  createTask,
  type Person,
  type Product,
  signIn,
  signOut,
  signUp,
  startProduct,
  tasksOf,
} from './in-process.ts'

const open = (product: Product, person: Person, token = person.token) =>
  call(product, 'GET', tasksOf(person), { token })

const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid

test('FR-020 US2.3 US3.1: tokens live as long as configured, and an expired one is renewed through the session', async () => {
  const product = await startProduct({ env: { ACCESS_TOKEN_TTL: '2' } })
  try {
    const person = await signUp(product)
    const { body: minted } = await call(product, 'GET', '/api/auth/token', { cookie: person.cookie })
    assert.equal(minted.expires_in, 2)
    assert.equal((await open(product, person, minted.access_token)).status, 200)
    await sleep(2_100)
    const expired = await open(product, person, minted.access_token)
    assert.equal(expired.status, 401)
    assert.equal(expired.body.code, 'token_expired')
    const { body: renewed } = await call(product, 'GET', '/api/auth/token', { cookie: person.cookie })
    assert.equal((await open(product, person, renewed.access_token)).status, 200)
  } finally {
    await product.close()
  }
})

test('US3.2: with the session ended there is no new token, and no session any more', async () => {
  const product = await startProduct()
  try {
    const person = await signUp(product)
    const admin = new pg.Client(product.database.adminUrl)
    await admin.connect()
    await admin.query(`update auth.session set "expiresAt" = now() - interval '1 second'`)
    await admin.end()
    const session = await call(product, 'GET', '/api/auth/get-session', { cookie: person.cookie })
    assert.deepEqual([session.status, session.body], [200, null])
    assert.equal((await call(product, 'GET', '/api/auth/token', { cookie: person.cookie })).status, 401)
  } finally {
    await product.close()
  }
})

test('EC-7: after a rotation old tokens work, new ones use the new key, sessions go on; a retired key is refused', async () => {
  const first = await startProduct()
  const person = await signUp(first)
  const task = await createTask(first, person, 'survives the rotation')
  await first.stop()

  const [oldKey, newKey] = [first.env.ACCESS_TOKEN_KEYS!, `test-2:${randomBytes(32).toString('base64url')}`]
  const [oldSecret, newSecret] = [first.env.AUTH_SECRET!, randomBytes(32).toString('base64url')]
  const rotated = { ACCESS_TOKEN_KEYS: `${newKey},${oldKey}`, AUTH_SECRET: `${newSecret},${oldSecret}` }
  const second = await startProduct({ after: first, env: rotated })
  assert.deepEqual((await open(second, person)).body, [task])
  const { body: minted } = await call(second, 'GET', '/api/auth/token', { cookie: person.cookie })
  assert.equal(kidOf(minted.access_token), 'test-2')
  assert.equal((await open(second, person, minted.access_token)).status, 200)
  await second.stop()

  const third = await startProduct({ after: second, env: { ACCESS_TOKEN_KEYS: newKey } })
  try {
    assert.equal((await open(third, person, minted.access_token)).status, 200)
    assert.equal((await open(third, person)).status, 401)
  } finally {
    await third.close()
  }
})

test('US3.3: a token signed out before a restart is refused from the first answer after it', async () => {
  const first = await startProduct()
  const person = await signUp(first)
  const elsewhere = await signIn(first, person.email)
  assert.equal((await signOut(first, person)).status, 200)
  await first.stop()
  const second = await startProduct({ after: first })
  try {
    assert.equal((await open(second, person)).status, 401)
    assert.equal((await open(second, elsewhere)).status, 200)
  } finally {
    await second.close()
  }
})

test('with EdDSA by configuration, tokens are verified through the issuer’s JWKS and end with their session', async () => {
  const product = await startProduct({ env: { ACCESS_TOKEN_ALG: 'EdDSA', ACCESS_TOKEN_KEYS: '' } })
  try {
    const person = await signUp(product)
    const header = JSON.parse(Buffer.from(person.token.split('.')[0]!, 'base64url').toString())
    assert.deepEqual([header.alg, header.typ], ['EdDSA', 'at+jwt'])
    assert.equal((await open(product, person)).status, 200)
    await signOut(product, person)
    assert.equal((await open(product, person)).status, 401)
  } finally {
    await product.close()
  }
})

test('SC-008: 1,000 people at once, each with a token of their own, see no authentication failure', async () => {
  const product = await startProduct()
  try {
    const people = await seedPeople(product, 1_000)
    const minted = await inParallel(people, 100, person =>
      patiently(() => call(product, 'GET', '/api/auth/token', { cookie: person.cookie })),
    )
    const tokens = minted.map(({ body }) => body.access_token as string)
    const created = await inParallel(people, 1_000, (person, at) =>
      patiently(() => {
        const body = { title: `canary-${person.id}` }
        return call(product, 'POST', tasksOf(person), { token: tokens[at], body })
      }),
    )
    const listed = await inParallel(people, 1_000, (person, at) =>
      patiently(() => call(product, 'GET', tasksOf(person), { token: tokens[at] })),
    )
    assert.equal(created.filter(({ status }) => status !== 201).length, 0)
    listed.forEach(({ status, body }, at) => {
      assert.equal(status, 200)
      assert.deepEqual(
        body.map((task: { title: string }) => task.title),
        [`canary-${people[at]!.id}`],
      )
    })
  } finally {
    await product.close()
  }
})

/** As any client does: a server that says it is busy is asked again when it said. */
async function patiently(request: () => Promise<Answer>, tries = 20): Promise<Answer> {
  const answer = await request()
  if (answer.status !== 503 || tries === 1) return answer
  await sleep(1_000 * Number(answer.headers.get('retry-after')))
  return await patiently(request, tries - 1)
}

async function inParallel<Item, Result>(
  items: Item[],
  width: number,
  work: (item: Item, at: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!, at)
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}

/** Accounts with a session each, by SQL: a thousand argon2 hashes would test only the processor. */
async function seedPeople(product: Product, count: number): Promise<Person[]> {
  const people = Array.from({ length: count }, (_, at) => {
    const token = randomBytes(24).toString('base64url')
    const signature = createHmac('sha256', product.env.AUTH_SECRET!).update(token).digest('base64')
    const cookie = `latchkey.session_token=${encodeURIComponent(`${token}.${signature}`)}`
    return { id: randomUUID(), email: `person-${at}@example.com`, session: token, cookie, token: '' }
  })
  const admin = new pg.Client(product.database.adminUrl)
  await admin.connect()
  const rows = JSON.stringify(people.map(({ id, email, session }) => ({ id, email, session })))
  await admin.query(
    `with person as (select * from json_to_recordset($1) as p (id text, email text, session text)),
      made as (insert into auth."user" (id, name, email, "emailVerified") select id, id, email, false from person)
    select 1`,
    [rows],
  )
  await admin.query(
    `insert into auth.session (id, token, "userId", "expiresAt", "updatedAt")
      select 'session-' || id, session, id, now() + interval '7 days', now()
      from json_to_recordset($1) as p (id text, email text, session text)`,
    [rows],
  )
  await admin.end()
  return people
}
