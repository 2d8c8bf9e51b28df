import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { type JWTPayload, SignJWT } from 'jose'
import {
  type Answer,
  call,
  createTask,
  type Person,
  type Product,
  signingKey,
  signUp,
  startProduct,
  tasksOf,
} from './in-process.ts'

let product: Product
let alice: Person
let bob: Person
before(async () => {
  product = await startProduct()
  alice = await signUp(product)
  bob = await signUp(product)
})
after(() => product.close())

const ROUTES: [method: string, path: string][] = [
  ['GET', '/tasks'],
  ['POST', '/tasks'],
  ['GET', `/tasks/${randomUUID()}`],
  ['PUT', `/tasks/${randomUUID()}`],
  ['PATCH', `/tasks/${randomUUID()}`],
  ['DELETE', `/tasks/${randomUUID()}`],
  ['PATCH', `/tasks/${randomUUID()}/complete`],
]

function claimsOf(token: string): JWTPayload {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
}

async function forge(claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
  const { kid, secret } = signingKey(product)
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid, ...header })
    .sign(secret)
}

function assertRefused(answer: Answer, what: string): void {
  assert.equal(answer.status, 401, what)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/, what)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
  assert.equal(answer.headers.get('cache-control'), 'no-store', what)
}

test('US2.1 FR-009 FR-013 SC-004: a token lists its owner’s tasks, whatever the request says of other people', async () => {
  const mine = await createTask(product, alice, `canary-${randomUUID()}`)
  await createTask(product, bob, `canary-${randomUUID()}`)
  const list = await call(product, 'GET', tasksOf(alice), {
    token: alice.token,
    headers: { 'x-user-id': bob.id },
  })
  assert.equal(list.status, 200)
  assert.deepEqual(
    list.body.map((task: { id: string }) => task.id),
    [mine.id],
  )
  assert.ok(list.body.every((task: { user_id: string }) => task.user_id === alice.id))
})

test('US2.2 FR-010 SC-003 EC-4: without a token every route is 401 with a challenge and no error code', async () => {
  for (const [method, path] of ROUTES) {
    const answer = await call(product, method, `/api/${alice.id}${path}`)
    assertRefused(answer, `${method} ${path}`)
    assert.doesNotMatch(answer.headers.get('www-authenticate')!, /error/)
  }
})

test('US2.3 FR-011: an expired token is 401 and the answer says it expired', async () => {
  const iat = Math.floor(Date.now() / 1000) - 3601
  const expired = await forge({ ...claimsOf(alice.token), iat, exp: iat + 3600 })
  for (const [method, path] of ROUTES) {
    const answer = await call(product, method, `/api/${alice.id}${path}`, { token: expired })
    assertRefused(answer, `${method} ${path}`)
    assert.equal(answer.body.code, 'token_expired')
  }
})

test('US2.4 FR-014 FR-015 SC-004: somebody else’s task is the same 404 as one that never was', async () => {
  const task = await createTask(product, alice, 'not for Bob')
  const missing = `${tasksOf(bob)}/${randomUUID()}`
  const normal = ({ status, headers, text }: Answer) => {
    const values = [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
    return { status, text, values }
  }
  const nowhere = normal(await call(product, 'GET', missing, { token: bob.token }))
  assert.equal(nowhere.status, 404)
  for (const [method, suffix] of [
    ['GET', ''],
    ['DELETE', ''],
    ['PATCH', '/complete'],
  ] as const) {
    const asOwn = await call(product, method, `${tasksOf(bob)}/${task.id}${suffix}`, { token: bob.token })
    const asAlices = await call(product, method, `${tasksOf(alice)}/${task.id}${suffix}`, {
      token: bob.token,
    })
    assert.deepEqual(normal(asOwn), nowhere)
    assert.deepEqual(normal(asAlices), nowhere)
  }
  const edits = { body: { title: 'taken over' }, token: bob.token }
  for (const method of ['PUT', 'PATCH'])
    assert.deepEqual(normal(await call(product, method, `${tasksOf(bob)}/${task.id}`, edits)), nowhere)
  const kept = await call(product, 'GET', `${tasksOf(alice)}/${task.id}`, { token: alice.token })
  assert.deepEqual(kept.body, task)
})

test('US2.5 FR-012 SC-003: malformed tokens are 401', async () => {
  const [header, payload, signature] = alice.token.split('.')
  const malformed = [
    'null',
    'undefined',
    'eyJ',
    '.',
    '..',
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${alice.token}.x`,
    `${alice.token}=`,
    `${header}.${payload}.${signature} x`,
    'x'.repeat(5000),
  ]
  for (const token of malformed)
    assertRefused(await call(product, 'GET', tasksOf(alice), { token }), token.slice(0, 60))
})

test('FR-008 FR-016 EC-3: a token changed in any part is 401, and the log says so', async () => {
  const parts = alice.token.split('.')
  const before = product.log.length
  let sent = 0
  for (const at of [0, 1, 2]) {
    const bytes = Buffer.from(parts[at]!, 'base64url')
    for (let byte = 0; byte < bytes.length; byte += 7) {
      const changed = Buffer.from(bytes)
      changed[byte]! ^= 1
      const token = parts.with(at, changed.toString('base64url')).join('.')
      assertRefused(await call(product, 'GET', tasksOf(alice), { token }), `part ${at}, byte ${byte}`)
      sent += 1
    }
  }
  const logged = product.log.slice(before).filter(line => line.event === 'authn_token_rejected')
  assert.ok(logged.length > 0)
  assert.ok(logged.some(line => line.reason === 'signature'))
  assert.ok(sent > 20)
  for (const line of logged) assert.ok(line.request_id && line.client && line.time)
})

test('SC-007: the known attacks on tokens are all refused', async () => {
  const claims = claimsOf(bob.token)
  const { kid, secret } = signingKey(product)
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = (header: object, payload: unknown, key: Buffer | string = secret, hash = 'sha256') => {
    const text = `${encode(header)}.${encode(payload)}`
    return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
  }
  const good = { alg: 'HS256', typ: 'at+jwt', kid }
  const asAlice = { ...claims, sub: alice.id, user_id: alice.id }
  const attacks: Record<string, string> = {
    'alg none': `${encode({ ...good, alg: 'none' })}.${encode(asAlice)}.${bob.token.split('.')[2]}`,
    'HS512 with the right key': sign({ ...good, alg: 'HS512' }, asAlice, secret, 'sha512'),
    'RS256 in the header': sign({ ...good, alg: 'RS256' }, asAlice),
    'an ID token’s type': sign({ ...good, typ: 'JWT' }, asAlice),
    'no type': sign({ alg: 'HS256', kid }, asAlice),
    'an unknown kid': sign({ ...good, kid: 'other' }, asAlice),
    'no kid': sign({ alg: 'HS256', typ: 'at+jwt' }, asAlice),
    'an empty key': sign(good, asAlice, ''),
    'Better Auth’s secret as the key': sign(good, asAlice, product.env.AUTH_SECRET!),
    'the key’s text as the key': sign(good, asAlice, product.env.ACCESS_TOKEN_KEYS!.split(':')[1]!),
    'an unknown critical header': sign({ ...good, crit: ['x'], x: 1 }, asAlice),
    'another issuer': sign(good, { ...asAlice, iss: 'http://evil.example' }),
    'another audience': sign(good, { ...asAlice, aud: 'other-api' }),
    'sub of one, user_id of another': sign(good, { ...claims, sub: alice.id }),
    'user_id of one, sub of another': sign(good, { ...claims, user_id: alice.id }),
    'no sid': sign(good, { ...asAlice, sid: undefined }),
    'no exp': sign(good, { ...asAlice, exp: undefined }),
    'exp as text': sign(good, { ...asAlice, exp: String(claims.exp) }),
    'ten years': sign(good, { ...asAlice, exp: claims.iat! + 10 * 365 * 86_400 }),
    'from the future': sign(good, { ...asAlice, iat: claims.iat! + 600, exp: claims.exp! + 600 }),
  }
  for (const [name, token] of Object.entries(attacks))
    for (const owner of [alice, bob])
      assertRefused(await call(product, 'GET', tasksOf(owner), { token }), name)
  for (const person of [alice, bob])
    assert.equal((await call(product, 'GET', tasksOf(person), { token: person.token })).status, 200)
  const cookieAsToken = decodeURIComponent(bob.cookie.split('=')[1]!)
  assertRefused(await call(product, 'GET', tasksOf(bob), { token: cookieAsToken }), 'the cookie as a token')
  assertRefused(await call(product, 'GET', tasksOf(bob), { cookie: bob.cookie }), 'the cookie alone')
  assertRefused(
    await call(product, 'GET', `${tasksOf(bob)}?access_token=${bob.token}`),
    'the token in the URL',
  )
})

test('EC-6: a request accepted before its token expires completes after it', async () => {
  const now = Math.floor(Date.now() / 1000)
  const token = await forge({ ...claimsOf(alice.token), iat: now, exp: now + 2 })
  const body = JSON.stringify({ title: 'began in time' })
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const slow = request(`${product.url}${tasksOf(alice)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    })
    slow.on('response', response => resolve(response.resume().statusCode))
    slow.on('error', reject)
    slow.write(body.slice(0, 5))
    setTimeout(() => slow.end(body.slice(5)), 2_500)
  })
  assert.equal(status, 201)
  assertRefused(await call(product, 'GET', tasksOf(alice), { token }), 'the same token, later')
})

test('SC-005: a warm token is validated in far less than 50 ms, as the server’s own timing says', async () => {
  const durations: number[] = []
  for (let round = 0; round < 200; round += 1) {
    const { headers } = await call(product, 'GET', tasksOf(alice), { token: alice.token })
    durations.push(Number(/^auth;dur=([\d.]+)$/.exec(headers.get('server-timing')!)![1]))
  }
  const median = durations.toSorted((x, y) => x - y)[100]!
  assert.ok(median < 50, `${median} ms to validate a token`)
})
