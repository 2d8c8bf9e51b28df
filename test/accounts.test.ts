import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { jwtVerify } from 'jose'
import {
  call,
  createTask,
  PASSWORD,
  type Product,
  signIn,
  signingKey,
  signOut,
  signUp,
  startProduct,
  tasksOf,
} from './in-process.ts'

let product: Product
before(async () => {
  product = await startProduct()
})
after(() => product.close())

test('US1.1 FR-017 FR-018 FR-019 FR-020: signing up answers an HS256 token of one hour that names the person', async () => {
  const person = await signUp(product)
  const { kid, secret } = signingKey(product)
  const { protectedHeader, payload } = await jwtVerify(person.token, secret)
  assert.deepEqual(protectedHeader, { alg: 'HS256', kid, typ: 'at+jwt' })
  assert.equal(payload.sub, person.id)
  assert.equal(payload.user_id, person.id)
  assert.equal(payload.email, person.email)
  assert.equal(payload.iss, product.url)
  assert.equal(payload.aud, 'latchkey-api')
  assert.equal(payload.exp! - payload.iat!, 3600)
  assert.deepEqual(Object.keys(payload).sort(), [
    'aud',
    'email',
    'exp',
    'iat',
    'iss',
    'jti',
    'sid',
    'sub',
    'user_id',
  ])
})

test('US1.2: signing in with the right password answers a token that opens the tasks', async () => {
  const { email } = await signUp(product)
  const answer = await call(product, 'POST', '/api/auth/sign-in/email', {
    body: { email, password: PASSWORD },
  })
  assert.equal(answer.status, 200)
  assert.equal(answer.body.token_type, 'Bearer')
  assert.equal(answer.body.expires_in, 3600)
  const list = await call(product, 'GET', tasksOf(answer.body.user), { token: answer.body.access_token })
  assert.equal(list.status, 200)
})

test('US1.3 FR-006: wrong credentials are refused in plain words, the same for a known and an unknown email', async () => {
  const { email } = await signUp(product)
  const refuse = (body: object) => call(product, 'POST', '/api/auth/sign-in/email', { body })
  const known = await refuse({ email, password: `${PASSWORD}!` })
  const unknown = await refuse({ email: 'nobody@example.com', password: PASSWORD })
  assert.equal(known.status, 401)
  assert.equal(known.body.message, 'Invalid email or password')
  assert.deepEqual([known.status, known.text], [unknown.status, unknown.text])
  assert.deepEqual(known.headers.getSetCookie(), [])
})

test('US1.4 FR-006 EC-1: a taken email is said plainly, also to the second of two at once', async () => {
  const body = { email: 'Taken@Example.com', password: PASSWORD }
  const together = await Promise.all(
    Array.from({ length: 4 }, () => call(product, 'POST', '/api/auth/sign-up/email', { body })),
  )
  const refused = together.filter(answer => answer.status !== 200)
  assert.equal(refused.length, 3)
  const later = await call(product, 'POST', '/api/auth/sign-up/email', {
    body: { ...body, email: 'taken@example.com' },
  })
  for (const answer of [...refused, later]) {
    assert.equal(answer.status, 422)
    assert.equal(answer.body.code, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
    assert.match(answer.body.message, /already exists/)
  }
})

test('US3.1: with the session alive a fresh access token is one request away', async () => {
  const person = await signUp(product)
  const { status, body, headers } = await call(product, 'GET', '/api/auth/token', { cookie: person.cookie })
  assert.equal(status, 200)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(body.token, body.access_token)
  assert.notEqual(body.access_token, person.token)
  assert.equal((await call(product, 'GET', tasksOf(person), { token: body.access_token })).status, 200)
})

test('US3.3: after sign-out every token of that session is 401, and another session goes on', async () => {
  const person = await signUp(product)
  const elsewhere = await signIn(product, person.email)
  const minted = await Promise.all(
    Array.from({ length: 10 }, () => call(product, 'GET', '/api/auth/token', { cookie: person.cookie })),
  )
  const tokens = [person.token, ...minted.map(({ body }) => body.access_token)]
  for (const token of tokens)
    assert.equal((await call(product, 'GET', tasksOf(person), { token })).status, 200)
  assert.equal((await signOut(product, person)).status, 200)
  for (const token of tokens) {
    const answer = await call(product, 'GET', tasksOf(person), { token })
    assert.equal(answer.status, 401)
  }
  assert.equal((await call(product, 'GET', '/api/auth/token', { cookie: person.cookie })).status, 401)
  assert.equal((await call(product, 'GET', tasksOf(person), { token: elsewhere.token })).status, 200)
})

test('US3.3: of requests sent after the sign-out answered, under steady traffic, not one is accepted', async () => {
  const person = await signUp(product)
  let over = false
  let signedOutAt = Number.POSITIVE_INFINITY
  const accepted: number[] = []
  const traffic = Array.from({ length: 8 }, async () => {
    while (!over) {
      const sent = performance.now()
      const { status } = await call(product, 'GET', tasksOf(person), { token: person.token })
      if (status === 200) accepted.push(sent)
      else assert.equal(status, 401)
    }
  })
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.equal((await signOut(product, person)).status, 200)
  signedOutAt = performance.now()
  await new Promise(resolve => setTimeout(resolve, 300))
  over = true
  await Promise.all(traffic)
  assert.ok(accepted.length > 20, 'the traffic was real')
  assert.deepEqual(
    accepted.filter(sent => sent > signedOutAt),
    [],
  )
})

test('EC-2: concurrent sign-ins of one user each get a session of their own', async () => {
  const { email } = await signUp(product)
  const devices = await Promise.all(Array.from({ length: 10 }, () => signIn(product, email)))
  assert.equal(new Set(devices.map(device => device.cookie)).size, 10)
  for (const device of devices)
    assert.equal((await call(product, 'GET', tasksOf(device), { token: device.token })).status, 200)
})

test('EC-5 SC-004: a deleted account is 401 everywhere at once, its tasks are gone, and its email starts anew', async () => {
  const person = await signUp(product)
  const elsewhere = await signIn(product, person.email)
  await createTask(product, person, 'leaves with its owner')
  const { status } = await call(product, 'POST', '/api/auth/delete-user', {
    cookie: person.cookie,
    body: { password: PASSWORD },
  })
  assert.equal(status, 200)
  for (const { token } of [person, elsewhere])
    assert.equal((await call(product, 'GET', tasksOf(person), { token })).status, 401)
  const again = await signUp(product, person.email)
  assert.notEqual(again.id, person.id)
  assert.deepEqual((await call(product, 'GET', tasksOf(again), { token: again.token })).body, [])
})

test('EC-8: devices are listed, and one is ended alone', async () => {
  const phone = await signUp(product)
  const laptop = await signIn(product, phone.email)
  const { body: sessions } = await call(product, 'GET', '/api/auth/list-sessions', { cookie: laptop.cookie })
  assert.equal(sessions.length, 2)
  const { body: current } = await call(product, 'GET', '/api/auth/get-session', { cookie: phone.cookie })
  const ended = await call(product, 'POST', '/api/auth/revoke-session', {
    cookie: laptop.cookie,
    body: { token: current.session.id },
  })
  assert.equal(ended.status, 200)
  assert.equal((await call(product, 'GET', tasksOf(phone), { token: phone.token })).status, 401)
  assert.equal((await call(product, 'GET', tasksOf(laptop), { token: laptop.token })).status, 200)
})

test('FR-004: the session is an HttpOnly cookie, and its value is in no body', async () => {
  const answer = await call(product, 'POST', '/api/auth/sign-up/email', {
    body: { email: 'cookie@example.com', password: PASSWORD },
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  assert.match(cookie, /^latchkey\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  const value = decodeURIComponent(cookie.split(/[=;]/)[1]!).split('.')[0]!
  const header = { cookie: cookie.split(';')[0]! }
  const answers = [
    answer,
    await call(product, 'GET', '/api/auth/get-session', header),
    await call(product, 'GET', '/api/auth/list-sessions', header),
    await call(product, 'GET', '/api/auth/token', header),
  ]
  for (const { status, text } of answers) {
    assert.equal(status, 200)
    assert.ok(!text.includes(value))
  }
})

test('SC-006: of 100 people who sign up and sign in at once, at least 95 succeed at the first try', async () => {
  const tries = await Promise.allSettled(
    Array.from({ length: 100 }, async (_, at) => {
      const { email } = await signUp(product, `first-try-${at}@example.com`)
      return await signIn(product, email)
    }),
  )
  const succeeded = tries.filter(({ status }) => status === 'fulfilled').length
  assert.ok(succeeded >= 95, `${succeeded} of 100`)
})
