import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Registry } from 'prom-client'
import { ORIGIN, openTestApi, type User } from '../test/open-api.ts'
import { until } from '../test/until.ts'
import { openApi } from './main.ts'
import { uuidV7 } from './uuid.ts'

const registry = new Registry()
let product: Awaited<ReturnType<typeof openTestApi>>
let a: User
let b: User

before(async () => {
  product = await openTestApi((env, parts) => openApi(env, { ...parts, registry }))
  a = await product.addUser()
  b = await product.addUser()
})
after(() => product.close())

const value = async (line: string) => {
  const found = (await registry.metrics()).split('\n').find(text => text.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length + 1))
}

describe('metrics', () => {
  test('count requests by route template and status class, never by id', async () => {
    const created = await product.request(a.tasks, { method: 'POST', token: a.token, body: { title: 'x' } })
    await product.request(a.tasks, { token: a.token })
    await product.request(`${a.tasks}/${created.json.id}`, { token: a.token })
    await product.request(`${a.tasks}/${created.json.id}`, { token: b.token })
    await product.request(a.tasks)
    await product.request(`/api/${a.id}/nowhere/${b.id}`, { token: a.token })
    await product.request(`/nowhere/${a.id}`, { method: 'PROPFIND' })
    const count = (method: string, route: string, status: string) =>
      value(
        `latchkey_api_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`,
      )
    assert.equal(await count('POST', '/api/:user_id/tasks', '2xx'), 1)
    assert.equal(await count('GET', '/api/:user_id/tasks', '2xx'), 1)
    assert.equal(await count('GET', '/api/:user_id/tasks', '4xx'), 1)
    assert.equal(await count('GET', '/api/:user_id/tasks/:id', '2xx'), 1)
    assert.equal(await count('GET', '/api/:user_id/tasks/:id', '4xx'), 1)
    assert.equal(await count('GET', '/api/:user_id/*', '4xx'), 1)
    assert.equal(await count('other', 'none', '4xx'), 1)
    const text = await registry.metrics()
    for (const secret of [a.id, b.id, a.sid, a.token, created.json.id]) assert.ok(!text.includes(secret))
  })
  test('tell the lease’s age, the ended sessions, the verified tokens and the connections', async () => {
    assert.ok((await value('latchkey_api_lease_age_seconds'))! < 2)
    assert.equal(await value('latchkey_api_revoked_sessions'), 0)
    product.feed.revoke('somebody')
    await until(async () => (await value('latchkey_api_revoked_sessions')) === 1)
    assert.equal(await value('latchkey_api_verified_tokens'), 2)
    // The purge of the trash, once an hour and at the start, may still hold one.
    await until(async () => (await value('latchkey_api_database_connections_used')) === 0)
    assert.equal(await value('latchkey_api_database_requests_waiting'), 0)
  })
})

describe('Server-Timing', () => {
  test('says on success how long the token took, to a page as well', async () => {
    for (const sent of [{}, { method: 'HEAD' }, { method: 'POST', body: { title: 'x' } }]) {
      const { headers } = await product.request(a.tasks, {
        token: a.token,
        headers: { Origin: ORIGIN },
        ...sent,
      })
      const [, duration] = /^auth;dur=(\d+\.\d{3})$/.exec(headers.get('server-timing')!)!
      assert.ok(Number(duration) < 50)
      assert.match(headers.get('access-control-expose-headers')!, /\bServer-Timing\b/)
    }
  })
  test('is on no refusal: what is not yours and what is not there look the same (T-287)', async () => {
    const { json } = await product.request(a.tasks, { method: 'POST', token: a.token, body: { title: 'x' } })
    for (const [path, token] of [
      [`${a.tasks}/${json.id}`, b.token],
      [`${b.tasks}/${json.id}`, b.token],
      [`${b.tasks}/${uuidV7(Date.now())}`, b.token],
      [a.tasks, null],
      ['/healthz', null],
    ] as const)
      assert.equal((await product.request(path, { token })).headers.get('server-timing'), null)
  })
})
