import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { claims, HEADER, mint, sign } from '../test/issuer-stand-in.ts'
import { openTestApi, type Sent, type User } from '../test/open-api.ts'
import { until } from '../test/until.ts'
import { createApi } from './app.ts'
import { PROBLEMS } from './problem.ts'
import { uuidV7 } from './uuid.ts'

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

const task = () => `${a.tasks}/${uuidV7(Date.now())}`
const events = (name: string) => product.log.filter(line => line.event === name)

/** What may be read without a token; every other route wants one. */
const PUBLIC = [
  '/healthz',
  '/readyz',
  '/api/openapi.json',
  '/api/docs',
  '/api/docs/start.js',
  '/api/docs/swagger-ui.css',
  '/api/docs/swagger-ui-bundle.js',
]

describe('authentication', () => {
  test('every registered route answers 401 without a token, but for a short list (SC-003, US2.2)', async () => {
    const parts = { env: { apiUrl: '', webOrigins: [], trustedProxies: {} }, monotonic: () => 0 } as never
    const { routes } = createApi(parts)
    const walked = new Set<string>()
    for (const { method, path } of routes) {
      const concrete = path.replace(':user_id', a.id).replace(':id', uuidV7(0)).replace('*', 'x')
      for (const verb of method === 'ALL'
        ? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
        : [method]) {
        walked.add(path)
        const answer = await product.request(concrete, { method: verb })
        const isPublic = PUBLIC.includes(path)
        assert.equal(answer.status === 401, !isPublic, `${verb} ${path}: ${answer.status}`)
      }
    }
    assert.ok(PUBLIC.every(path => walked.has(path)))
    assert.ok(walked.has('/api/:user_id/tasks/:id/complete'))
  })
  test('without credentials the challenge has no error code (EC-4)', async () => {
    const { status, headers, json } = await product.request(a.tasks)
    assert.equal(status, 401)
    assert.equal(headers.get('www-authenticate'), 'Bearer realm="latchkey"')
    assert.equal(json.code, 'authentication_required')
  })
  test('every cause of a refusal is answered alike, but for a merely expired token (US2.3, US2.5)', async () => {
    const now = Math.floor(Date.now() / 1000)
    const bad = [
      ...[
        'x',
        'null',
        'eyJ',
        `${a.token}x`,
        `${a.token};`,
        `${a.token}, Bearer ${b.token}`,
        `${a.token} ${b.token}`,
      ].map(text => `Bearer ${text}`),
      ...[
        '',
        'Bearer',
        'Basic dTpw',
        `DPoP ${a.token}`,
        a.token,
        `Bearer:${a.token}`,
        `Bearer${a.token}`,
        `Token ${a.token}`,
        `"${a.token}"`,
        `Bearer\t${a.token}`,
        'Bearer ä',
      ],
      ...[
        { iss: 'x' },
        { aud: 'x' },
        { sid: '' },
        { user_id: b.id },
        { iat: now + 60, exp: now + 90 },
        { exp: now + 9_999 },
        { iss: 'x', exp: 1 },
      ].map(changed => `Bearer ${mint(a.id, changed)}`),
      `Bearer ${sign(HEADER, claims(a.id), Buffer.alloc(32))}`,
    ]
    const answers = await Promise.all(
      bad.map(Authorization => product.request(a.tasks, { headers: { Authorization } })),
    )
    assert.deepEqual([...new Set(answers.map(visible))].length, 1, answers.map(visible).join('\n'))
    assert.equal(
      answers[0]!.headers.get('www-authenticate'),
      'Bearer realm="latchkey", error="invalid_token"',
    )
    const expired = await product.request(a.tasks, { token: mint(a.id, { iat: now - 60, exp: now - 1 }) })
    assert.equal(expired.status, 401)
    assert.equal(expired.json.code, 'token_expired')
    assert.match(expired.headers.get('www-authenticate')!, /^Bearer .*error="invalid_token"/)
  })
  test('the scheme ignores case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const answer = await product.request(a.tasks, { headers: { Authorization: `${scheme} ${a.token}` } })
      assert.equal(answer.status, 200)
    }
  })
  test('a token anywhere but in the Authorization header is none', async () => {
    for (const query of ['access_token', 'token', 'jwt', 'authorization'])
      assert.equal((await product.request(`${a.tasks}?${query}=${a.token}`)).status, 401)
    for (const name of ['Proxy-Authorization', 'X-Authorization', 'X-Access-Token', 'Cookie'])
      assert.equal(
        (await product.request(a.tasks, { headers: { [name]: `Bearer ${a.token}`, 'X-User-Id': a.id } }))
          .status,
        401,
      )
  })
  test('a refusal takes no database connection', async () => {
    const before = await product.admin.query(
      'select sum(xact_commit + xact_rollback) n from pg_stat_database where datname = current_database()',
    )
    for (let i = 0; i < 50; i += 1) await product.request(a.tasks, { token: `${a.token}x` })
    const after = await product.admin.query(
      'select sum(xact_commit + xact_rollback) n from pg_stat_database where datname = current_database()',
    )
    assert.ok(Number(after.rows[0].n) - Number(before.rows[0].n) < 20)
  })
  test('a token of a session that was ended is refused once the feed says so (US3.3)', async () => {
    const user = await product.addUser()
    const others = [mint(user.id, { sid: user.sid }), mint(user.id)]
    product.feed.revoke(user.sid)
    await until(async () => (await product.request(user.tasks, { token: user.token })).status === 401)
    assert.equal((await product.request(user.tasks, { token: others[0]! })).status, 401)
    assert.equal((await product.request(user.tasks, { token: others[1]! })).status, 200)
  })
  test('a write for an account that is gone is 401 (EC-5)', async () => {
    const user = await product.addUser()
    await product.request(user.tasks, { method: 'POST', token: user.token, body: { title: 'x' } })
    await product.admin.query('delete from auth."user" where id = $1', [user.id])
    for (const headers of [{}, { 'Idempotency-Key': 'k' }] as Record<string, string>[])
      assert.equal(
        (
          await product.request(user.tasks, {
            method: 'POST',
            token: user.token,
            body: { title: 'x' },
            headers,
          })
        ).status,
        401,
      )
  })
})

describe("what is not the subject's is not there", () => {
  test('byte for byte, whichever way it is not there (T-126, T-127, T-285)', async () => {
    const made = await product.request(b.tasks, {
      method: 'POST',
      token: b.token,
      body: { title: 'canary-of-b' },
    })
    const theirs = made.json.id
    const gone = await product.request(a.tasks, { method: 'POST', token: a.token, body: { title: 'x' } })
    await product.request(`${a.tasks}/${gone.json.id}`, { method: 'DELETE', token: a.token })
    const ids = [
      theirs,
      gone.json.id,
      uuidV7(0),
      crypto.randomUUID(),
      '*',
      'me',
      '0',
      '-1',
      'null',
      '9223372036854775808',
      'x'.repeat(300),
      '%00',
      '%zz',
      '%ff',
      '%0d%0aX-Injected:1',
      '..;',
      'a%2Fb',
    ]
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'PATCH complete']) {
      const [verb, complete] = method.split(' ')
      const sent: Sent = { method: verb!, token: a.token }
      if ((verb === 'PUT' || verb === 'PATCH') && !complete) sent.body = { title: 'y' }
      const paths = [
        ...ids.map(id => `${a.tasks}/${id}`),
        `${b.tasks}/${theirs}`,
        `/api/${uuidV7(0)}/tasks/${theirs}`,
      ]
      const answers = await Promise.all(
        paths.map(path => product.request(path + (complete ? '/complete' : ''), sent)),
      )
      assert.equal(new Set(answers.map(visible)).size, 1, answers.map(visible).join('\n'))
      assert.equal(answers[0]!.status, 404)
    }
    assert.equal(
      (await product.request(`${b.tasks}/${theirs}`, { token: b.token })).json.title,
      'canary-of-b',
    )
  })
  test('nor is any other spelling of a path (T-128…T-139)', async () => {
    const { id } = a
    const paths = [
      id.toUpperCase(),
      `%25${id}`,
      `${id};a=b`,
      `${id};${b.id}`,
      `${id}%2F..%2F${b.id}`,
      `${id}%00`,
      `${id}%5c`,
      `${id},${b.id}`,
      '*',
      'me',
      '%c0%ae',
      'x'.repeat(10_000),
      '{}',
      '1e3',
      `${id}\u200b`,
    ]
    const answers = await Promise.all([
      ...paths.map(path => product.request(`/api/${path}/tasks`, { token: a.token })),
      ...[
        '/',
        '/x',
        '/tasks/',
        '/tasks;x',
        '/tasks.json',
        '/tasks%20',
        '/tasks%23',
        '//tasks',
        '/TASKS',
        '/tasks/x.css',
        '/tasks/x/y/z',
      ].map(path => product.request(`/api/${id}${path}`, { token: a.token })),
      ...['/api', '/api/', '/api/x', '/api/admin', '/api/internal/feed', '/api/auth/revocations'].map(path =>
        product.request(path, { token: a.token }),
      ),
      ...[
        '/',
        '/docs',
        '/openapi.json',
        '/metrics',
        '/debug',
        '/.env',
        '/.git/HEAD',
        '/node_modules/',
        '/api.json',
        `/${id}/tasks`,
      ].map(path => product.request(path)),
    ])
    assert.equal(new Set(answers.map(visible)).size, 1, answers.map(visible).join('\n'))
    assert.equal(answers[0]!.status, 404)
    assert.ok(!answers[0]!.text.includes(id))
  })
  test('dot segments lead nowhere else', async () => {
    for (const path of [
      `/api/${a.id}/../${b.id}/tasks`,
      `/api/${a.id}/%2e%2e/${b.id}/tasks`,
      `${a.tasks}/../../${b.id}/tasks`,
    ])
      assert.equal((await product.request(path, { token: a.token })).status, 404)
  })
  test('a request for it is logged with actor and target, and no foreign one is forged', async () => {
    product.log.length = 0
    await product.request(`/api/${b.id}/tasks`, { token: a.token, headers: { 'X-Forwarded-For': '6.6.6.6' } })
    const [line] = events('authz_fail')
    assert.deepEqual(
      [line?.actor, line?.target, line?.client, line?.route],
      [a.id, b.id, '127.0.0.1', '/api/:user_id/tasks'],
    )
    await product.request('/api/x%0d%0a%7b%22level%22%3a%22info%22%7d%1b/tasks', { token: a.token })
    assert.match(String(events('authz_fail')[1]!.target), /^[\x20-\x7e]{1,128}$/)
  })
})

describe('methods', () => {
  test('others than those of a path are 405 with Allow; OPTIONS says which there are', async () => {
    const allows: [string, string][] = [
      [a.tasks, 'GET, HEAD, POST, PATCH, OPTIONS'],
      [task(), 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
      [`${task()}/complete`, 'PATCH, OPTIONS'],
    ]
    for (const [path, allow] of allows) {
      const refused = await product.request(path, { method: 'PROPFIND', token: a.token })
      assert.deepEqual(
        [refused.status, refused.headers.get('allow'), refused.json.code],
        [405, allow, 'method_not_allowed'],
      )
      const options = await product.request(path, { method: 'OPTIONS', token: a.token })
      assert.deepEqual([options.status, options.headers.get('allow'), options.text], [204, allow, ''])
      assert.equal((await product.request(path, { method: 'OPTIONS' })).status, 401)
      assert.equal(
        (await product.request(path.replace(a.id, b.id), { method: 'PROPFIND', token: a.token })).status,
        404,
      )
    }
  })
  test('no header overrides the method', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])
      assert.equal(
        (await product.request(task(), { method: 'POST', token: a.token, headers: { [name]: 'DELETE' } }))
          .status,
        405,
      )
  })
})

describe('problems', () => {
  test('each has a status, a title and a code that is its type', () => {
    for (const [code, [status, title]] of Object.entries(PROBLEMS)) {
      assert.match(code, /^[a-z_]+$/)
      assert.ok(status >= 400 && status < 600 && title.endsWith('.'))
    }
  })
  test('a fault is a 500 with its id and nothing of what happened (T-247)', async () => {
    await product.admin.query('alter table todo.task rename to moved')
    const answer = await product.request(a.tasks, { token: a.token })
    await product.admin.query('alter table todo.moved rename to task')
    assert.equal(answer.status, 500)
    assert.deepEqual(answer.json, {
      type: 'urn:latchkey:problem:internal-error',
      title: 'Something went wrong.',
      status: 500,
      code: 'internal_error',
      id: answer.headers.get('x-request-id'),
    })
    const [line] = events('sys_error')
    assert.equal(line?.request_id, answer.json.id)
  })
})

describe('the log', () => {
  // One of its own: what the tests above were refused would count here.
  let product: Awaited<ReturnType<typeof openTestApi>>
  const events = (name: string) => product.log.filter(line => line.event === name)
  before(async () => {
    product = await openTestApi()
  })
  after(() => product.close())

  test('has one event for each refused token, with its reason and never the token (T-292)', async () => {
    product.log.length = 0
    const now = Math.floor(Date.now() / 1000)
    const cases: [string | null, string][] = [
      [null, 'no_credentials'],
      ['x y', 'malformed_credentials'],
      ['x', 'malformed'],
      [mint(a.id, { iss: 'x' }), 'issuer'],
      [mint(a.id, { iat: now - 60, exp: now - 1 }), 'expired'],
      [sign(HEADER, claims(a.id), Buffer.alloc(32)), 'signature'],
      [mint(a.id, {}, { kid: '\r\n{"level":"info"}\u001b' }), 'unknown_key'],
    ]
    for (const [token] of cases)
      await product.request(a.tasks, { token, headers: { 'X-Forwarded-For': '1.2.3.4', 'User-Agent': 'x' } })
    const lines = events('authn_token_rejected')
    assert.deepEqual(
      lines.map(line => line.reason),
      cases.map(([, reason]) => reason),
    )
    for (const line of lines) {
      assert.equal(line.client, '127.0.0.1')
      assert.equal(line.route, '/api/:user_id/tasks')
      assert.match(String(line.request_id), /^[0-9a-f-]{36}$/)
      assert.equal(line.sub, line.reason === 'issuer' || line.reason === 'expired' ? a.id : undefined)
    }
    assert.equal(lines[6]!.kid, '??{"level":"info"}?')
    for (const [token] of cases)
      if (token && token.length > 20) assert.ok(!JSON.stringify(product.log).includes(token.slice(-20)))
  })
  test('stays small under a flood of bad tokens, and counts what it leaves out (T-296)', async () => {
    product.log.length = 0
    for (let i = 0; i < 500; i += 1) await product.request(a.tasks, { token: `${i}`.padEnd(5_000, 'x') })
    assert.ok(events('authn_token_rejected').length < 120)
    await new Promise(resolve => setTimeout(resolve, 200))
    await product.request(a.tasks, { token: 'x'.repeat(5_000) })
    const suppressed = events('authn_token_rejected').map(line => Number(line.suppressed ?? 0))
    assert.equal(suppressed.reduce((sum, n) => sum + n, 0) + suppressed.length, 501)
  })
})

test('while the feed is lost nothing is accepted, a bad token is still refused, and it recovers (T-258)', async () => {
  assert.equal((await product.request('/readyz')).status, 200)
  product.feed.fault = response => response.writeHead(503).end()
  await until(async () => (await product.request(a.tasks, { token: a.token })).status !== 200)
  const lost = await product.request(a.tasks, { token: a.token })
  assert.deepEqual([lost.status, lost.json.code, lost.headers.get('retry-after')], [503, 'unavailable', '1'])
  assert.equal((await product.request(a.tasks, { token: `${a.token}x` })).status, 401)
  assert.equal((await product.request('/readyz')).status, 503)
  assert.equal((await product.request('/healthz')).status, 200)
  await until(() => events('revocation_feed_lost').length === 1)
  product.feed.fault = null
  await until(async () => (await product.request(a.tasks, { token: a.token })).status === 200)
  assert.equal(events('revocation_feed_recovered').length, 1)
})
