import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { mint } from '../test/issuer-stand-in.ts'
import { ORIGIN, openTestApi, type User } from '../test/open-api.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let a: User
let b: User

before(async () => {
  product = await openTestApi()
  a = await product.addUser()
  b = await product.addUser()
})
after(() => product.close())

/** Everything of an answer that a client could compare, in order. */
function visible({ status, headers, text }: { status: number; headers: Headers; text: string }) {
  return JSON.stringify([
    status,
    [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
    text,
  ])
}

const PUBLIC = [
  '/healthz',
  '/readyz',
  '/api/openapi.json',
  '/api/docs',
  '/api/docs/start.js',
  '/api/docs/swagger-ui.css',
  '/api/docs/swagger-ui-bundle.js',
]

describe('headers', () => {
  test('every answer has those of security and a request id of its own', async () => {
    const now = Math.floor(Date.now() / 1000)
    const answers = [
      ...(await Promise.all(PUBLIC.map(path => product.request(path)))),
      await product.request('/nowhere'),
      await product.request(a.tasks),
      await product.request(a.tasks, { token: a.token }),
      await product.request(a.tasks, { token: mint(a.id, { iat: now - 60, exp: now - 1 }) }),
      await product.request(b.tasks, { token: a.token }),
      await product.request(a.tasks, { method: 'PUT', token: a.token }),
      await product.request(a.tasks, { method: 'POST', token: a.token, body: {} }),
      await product.request(a.tasks, { method: 'POST', token: a.token, body: { title: 'x' } }),
      await product.request(a.tasks, {
        method: 'OPTIONS',
        headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'GET' },
      }),
      await product.request(a.tasks, { method: 'HEAD', token: a.token }),
    ]
    for (const { headers, status, text } of answers) {
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.match(headers.get('content-security-policy')!, /default-src 'none'.*frame-ancestors 'none'/)
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
      assert.equal(headers.get('strict-transport-security'), 'max-age=63072000')
      assert.equal(headers.get('vary'), 'Origin')
      assert.match(headers.get('x-request-id')!, /^[0-9a-f-]{36}$/)
      assert.equal(headers.get('set-cookie'), null)
      assert.equal(headers.get('x-powered-by'), null)
      if (text) assert.match(headers.get('content-type')!, /; charset=utf-8$/)
      if (status >= 400) assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8')
    }
    assert.equal(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size, answers.length)
  })
  test('an origin is allowed when it is exactly one of those configured (T-238, T-239)', async () => {
    const from = (origin: string) => product.request(a.tasks, { token: a.token, headers: { Origin: origin } })
    const preflight = (path: string, origin: string) =>
      product.request(path, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH' },
      })
    assert.equal((await from(ORIGIN)).headers.get('access-control-allow-origin'), ORIGIN)
    for (const other of [
      'null',
      `${ORIGIN}.evil.com`,
      `${ORIGIN}:8443`,
      'http://app.test',
      'https://x.app.test',
      ORIGIN.toUpperCase(),
      `${ORIGIN}/`,
      '*',
      'https://evil.com',
    ]) {
      assert.equal((await from(other)).headers.get('access-control-allow-origin'), null, other)
      assert.equal((await preflight(a.tasks, other)).headers.get('access-control-allow-methods'), null, other)
    }
    const allowed = await preflight(a.tasks, ORIGIN)
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null)
    assert.match(allowed.headers.get('access-control-allow-headers')!, /Authorization/)
    assert.equal(visible(await preflight('/api/x/y', ORIGIN)), visible(allowed))
  })
})
