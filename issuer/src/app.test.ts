import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../../standalone/src/database.ts'
import {
  type Ask,
  type Browser,
  ISSUER_URL,
  newEmail,
  PASSWORD,
  startIssuer,
  type TestIssuer,
} from '../test/issuer.ts'
import { createProxy, type DatabaseProxy } from '../test/proxy.ts'
import { ENDPOINTS } from './app.ts'

let issuer: TestIssuer
let email: string
let browser: Browser
before(async () => {
  issuer = await startIssuer({
    env: {
      LIMIT_FAILURES_PER_ADDRESS: '100000',
      LIMIT_FAILURES_PER_ACCOUNT: '100000',
      LIMIT_FAILURES_PER_ACCOUNT_AND_ADDRESS: '100000',
      LIMIT_ATTEMPTS_PER_MINUTE: '100000',
    },
  })
  email = newEmail()
  browser = issuer.browser()
  await browser.signUp(email)
})
after(() => issuer.close())

const changing = Object.entries(ENDPOINTS)
  .filter(([, { method }]) => method === 'POST')
  .map(([path]) => path)

describe('a request from another site', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
    { origin: 'http://localhost:3001' },
    { origin: 'https://localhost:3000' },
    { origin: 'http://localhost:3000.evil.example' },
    { origin: 'http://localhost' },
    { origin: ISSUER_URL, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site' },
  ]
  test('is refused with and without the cookie, and changes nothing', async () => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const path of changing)
      for (const headers of foreign)
        for (const withCookie of [true, false]) {
          const {
            status,
            body,
            headers: answered,
          } = await issuer.ask(`/api/auth${path}`, {
            method: 'POST',
            body: { email, password: PASSWORD, token: 'x' },
            headers: { ...headers, ...(withCookie && { cookie }) },
          })
          assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`)
          assert.equal(body.code, 'INVALID_ORIGIN')
          assert.deepEqual(answered.getSetCookie(), [])
          assert.equal(answered.get('access-control-allow-origin'), null)
        }
    assert.equal((await browser.get('/token')).status, 200)
  })

  test('with a cookie and no origin at all is refused', async () => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const path of changing) {
      const { status } = await issuer.ask(`/api/auth${path}`, {
        method: 'POST',
        body: { email, password: PASSWORD, token: 'x' },
        headers: { cookie },
      })
      assert.equal(status, 403, path)
    }
    assert.equal((await browser.get('/token')).status, 200)
  })
})

describe('a request that is not well-formed', () => {
  const post = (body: unknown, ask: Ask = {}) =>
    issuer.ask('/api/auth/sign-in/email', { method: 'POST', body, ...ask })

  test('of another content type is 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/jsonp',
      'application/json garbage',
      '',
    ])
      assert.equal(
        (await post(JSON.stringify({ email, password: PASSWORD }), { headers: { 'content-type': type } }))
          .status,
        415,
        type,
      )
    assert.equal(
      (
        await post(
          { email, password: PASSWORD },
          { headers: { 'content-type': 'Application/JSON; Charset=UTF-8' } },
        )
      ).status,
      200,
    )
  })

  test('of more than 64 KB is 413; of bad UTF-8 or JSON, or no object, 400', async () => {
    assert.equal((await post(JSON.stringify({ email, password: 'x'.repeat(66_000) }))).status, 413)
    assert.equal((await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).status, 400)
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '1',
      '{"a":1}{"b":2}',
      '\ufeff{}',
      "{'a':1}",
      '{"a":NaN}',
    ])
      assert.equal((await post(body)).status, 400, body)
  })

  test('nested ever so deep is not walked', async () => {
    const depth = 10_000
    const nested = [
      `{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`,
      `{"email":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    ]
    const person = issuer.browser()
    await person.signIn(email)
    for (const path of changing.filter(one => !/out|sessions/.test(one)))
      for (const body of nested) {
        const { status } = await person.post(path, body)
        assert.ok(status >= 400 && status < 500, `${path} ${status}`)
      }
  })

  test('with names of the prototype changes no other object', async () => {
    const body = `{"__proto__":{"polluted":true,"role":"admin"},"constructor":{"prototype":{"polluted":true}},"email":"${newEmail()}","password":"${PASSWORD}"}`
    const { status } = await issuer.browser().post('/sign-up/email', body)
    assert.ok([200, 400].includes(status))
    for (const path of changing.filter(one => !/sign-out|delete|revoke-/.test(one)))
      await browser.post(path, body)
    assert.equal(({} as { polluted?: true }).polluted, undefined)
  })

  test('with any value in any field is answered 4xx, never 5xx', async () => {
    const values: unknown[] = [
      '\0',
      'a\0b',
      'x'.repeat(60_000),
      '\ud800',
      "'; drop table auth.session; --",
      '',
    ]
    values.push(null, -1, 1e308, true, [], { $gt: '' }, { toString: 'x' })
    const credentials = { email, password: 'quite another one' }
    const passwords = { currentPassword: 'quite another one', newPassword: 'amber badger window' }
    const endpoints: [path: string, body: () => object, fields: string[]][] = [
      [
        '/sign-up/email',
        () => ({ ...credentials, email: newEmail() }),
        ['email', 'password', 'name', 'callbackURL', 'rememberMe'],
      ],
      ['/sign-in/email', () => credentials, ['email', 'password', 'callbackURL', 'rememberMe']],
      ['/revoke-session', () => ({ token: 'x' }), ['token']],
      ['/change-password', () => passwords, ['currentPassword', 'newPassword', 'revokeOtherSessions']],
      ['/delete-user', () => ({ password: 'quite another one' }), ['password', 'token', 'callbackURL']],
    ]
    for (const [path, body, fields] of endpoints)
      for (const field of fields)
        for (const value of values) {
          const visitor = path.startsWith('/sign') ? issuer.browser() : browser
          const { status, text } = await visitor.post(path, { ...body(), [field]: value })
          assert.ok(status < 500, `${path} ${field}=${JSON.stringify(value).slice(0, 40)}: ${status} ${text}`)
        }
    assert.equal((await browser.get('/token')).status, 200)
  })

  test('names no other site to go to', async () => {
    for (const callbackURL of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'https:evil.example',
      '%2f%2fevil.example',
      '\t//evil.example',
      'http://localhost:3000@evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'http://localhost:3000.evil.example',
      '/%5cevil.example',
    ]) {
      const { status, headers, body } = await issuer
        .browser()
        .post('/sign-in/email', { email, password: PASSWORD, callbackURL })
      assert.ok(status >= 400 && status < 500, `${callbackURL}: ${status}`)
      assert.equal(headers.get('location'), null)
      assert.equal(body.url, undefined)
    }
    const { body } = await issuer
      .browser()
      .post('/sign-in/email', { email, password: PASSWORD, callbackURL: '/tasks' })
    assert.equal(body.url, '/tasks')
  })
})

describe('what there is', () => {
  test('endpoints that are not on the list are 404, whatever Better Auth has', async () => {
    const others = [
      '/update-user',
      '/verify-password',
      '/verify-email',
      '/request-password-reset',
      '/reset-password',
      '/change-email',
      '/sign-in/social',
      '/callback/google',
      '/link-social',
      '/unlink-account',
      '/list-accounts',
      '/refresh-token',
      '/get-access-token',
      '/delete-user/callback',
      '/error',
      '/sign-jwt',
      '/verify-jwt',
      '/set-password',
      '/sign-in/email/',
      '/Sign-in/email',
      '/sign%2Din/email',
      '/constructor',
      '/__proto__',
      '//sign-in/email',
      '/',
    ]
    for (const path of others)
      for (const method of ['GET', 'POST']) {
        const { status, body } = await issuer.ask(`/api/auth${path}`, {
          method,
          ...(method === 'POST' && { body: { email, password: PASSWORD } }),
        })
        assert.equal(status, 404, path)
        assert.equal(body.code, 'NOT_FOUND')
      }
  })

  test('another method is 405 and says which', async () => {
    for (const [path, { method }] of Object.entries(ENDPOINTS))
      for (const other of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].filter(
        name => name !== method,
      )) {
        const { status, headers } = await issuer.ask(`/api/auth${path}`, { method: other })
        assert.equal(status, 405, `${other} ${path}`)
        assert.equal(headers.get('allow'), method)
      }
  })

  test('every answer is private, with a request id of its own', async () => {
    const ids = new Set<string>()
    for (const [path, { method }] of Object.entries(ENDPOINTS)) {
      const { headers } = await issuer.ask(`/api/auth${path}`, {
        method,
        ...(method === 'POST' && { body: {} }),
      })
      assert.equal(headers.get('cache-control'), 'no-store', path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.match(headers.get('content-security-policy')!, /default-src 'none'/)
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      ids.add(headers.get('x-request-id')!)
    }
    assert.equal(ids.size, Object.keys(ENDPOINTS).length)
  })
})

describe('a database that is down', () => {
  let proxy: DatabaseProxy
  let cut: TestIssuer
  before(async () => {
    proxy = await createProxy(issuer.database.issuerUrl)
    cut = await startIssuer({ database: issuer.database, env: { ISSUER_DATABASE_URL: proxy.url } })
  })
  after(async () => {
    await cut.stop()
    proxy.close()
  })

  test('is 503 with Retry-After everywhere; sign-out pretends nothing, and no session is said to be over', async () => {
    const person = cut.browser()
    await person.signIn(email)
    const cookies = new Map(person.cookies)
    proxy.cut()
    assert.equal(await cut.app.ready(), false)
    const asked = await Promise.all([
      person.post('/sign-out'),
      person.get('/token'),
      person.get('/get-session'),
      person.get('/list-sessions'),
      person.post('/sign-in/email', { email, password: PASSWORD }),
      person.post('/sign-up/email', { email: newEmail(), password: PASSWORD }),
      person.post('/revoke-other-sessions'),
      person.post('/change-password', { currentPassword: PASSWORD, newPassword: 'amber badger window' }),
      person.post('/delete-user', { password: PASSWORD }),
      cut.poll({ instance: '11111111-1111-4111-8111-111111111111' }),
    ])
    for (const [at, { status, headers, body }] of asked.entries()) {
      assert.equal(status, 503, `${at}: ${status} ${JSON.stringify(body)}`)
      assert.equal(body.code, 'SERVICE_UNAVAILABLE')
      assert.ok(Number(headers.get('retry-after')) >= 1)
      assert.deepEqual(headers.getSetCookie(), [])
    }
    assert.deepEqual(person.cookies, cookies)
    proxy.mend()
    assert.equal((await person.get('/token')).status, 200)
    assert.equal((await person.post('/sign-out')).status, 200)
    assert.equal((await person.get('/token')).status, 401)
  })

  test('and falls silent is 503 in time, and what was asked meanwhile claims nothing', async () => {
    const person = cut.browser()
    await person.signIn(email)
    const cookies = new Map(person.cookies)
    proxy.freeze()
    const asked = await Promise.all(
      [
        () => person.post('/sign-out'),
        () => person.get('/token'),
        () => person.post('/sign-in/email', { email, password: PASSWORD }),
        () =>
          person.post('/change-password', { currentPassword: PASSWORD, newPassword: 'amber badger door' }),
      ].map(async ask => {
        const began = performance.now()
        return { ...(await ask()), took: performance.now() - began }
      }),
    )
    for (const { status, took } of asked) {
      assert.equal(status, 503)
      // Five seconds are stated; a query alone would be given up after six, and there are several.
      assert.ok(took < 6_000, `${took} ms`)
    }
    assert.deepEqual(person.cookies, cookies)
    proxy.mend()
    let status = 0
    for (const end = Date.now() + 30_000; status !== 200 && Date.now() < end; await sleep(50))
      status = (await person.get('/token')).status
    assert.equal((await person.post('/sign-out')).status, 200)
    assert.equal((await person.get('/token')).status, 401)
  })

  test('a sign-out whose deletion fails is no success, and the session goes on', async () => {
    const person = issuer.browser()
    await person.signIn(email)
    const query = (text: string) => withClient(issuer.database.adminUrl, client => client.query(text))
    await query('revoke delete on auth.session from latchkey_issuer')
    const { status, headers } = await person
      .post('/sign-out')
      .finally(() => query('grant delete on auth.session to latchkey_issuer'))
    assert.equal(status, 503)
    assert.deepEqual(headers.getSetCookie(), [])
    assert.equal((await person.get('/token')).status, 200)
  })
})

test('what goes wrong unexpectedly is a 500 with an id and no internals', async t => {
  const printed: unknown[] = []
  t.mock.method(console, 'error', (...what: unknown[]) => printed.push(what))
  const query = (text: string) => withClient(issuer.database.adminUrl, client => client.query(text))
  await query(`alter table auth.session add constraint odd check ("userAgent" <> 'odd')`)
  const { status, body, headers } = await issuer
    .browser()
    .post('/sign-in/email', { email, password: PASSWORD }, { headers: { 'user-agent': 'odd' } })
  await query('alter table auth.session drop constraint odd')
  assert.equal(status, 500)
  assert.deepEqual(Object.keys(body).sort(), ['code', 'message', 'request_id'])
  assert.equal(body.request_id, headers.get('x-request-id'))
  const [event] = issuer.events('sys_error')
  assert.equal(event!.request_id, body.request_id)
  assert.equal(event!.code, '23514')
  assert.deepEqual(printed, [], 'a database error has the row in it')
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())
