import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi, type Sent, type User } from '../test/open-api.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let a: User
let b: User

before(async () => {
  product = await openTestApi()
  a = await product.addUser()
  b = await product.addUser()
})
after(() => product.close())

const as = (user: User, path: string, sent: Sent = {}) =>
  product.request(path, { token: user.token, ...sent })
const fieldsOf = (answer: Json) => answer.json.errors.map((error: Json) => error.field)

describe('an Idempotency-Key', () => {
  const post = (user: User, key: string, body: Json = { title: 'x' }) =>
    as(user, user.tasks, { method: 'POST', body, headers: { 'Idempotency-Key': key } })

  test('gets the first answer again, also when the task has changed since', async () => {
    const first = await post(a, 'k1')
    await as(a, first.headers.get('location')!, { method: 'DELETE' })
    const again = await post(a, 'k1', { title: 'x', completed: false })
    assert.deepEqual(
      [again.status, again.text, again.headers.get('etag')],
      [201, first.text, first.headers.get('etag')],
    )
  })
  test('with another body is refused with 422', async () => {
    await post(a, 'k2')
    assert.deepEqual(
      [(await post(a, 'k2', { title: 'y' })).status, (await post(a, 'k2', { title: 'y' })).json.code],
      [422, 'idempotency_key_reused'],
    )
  })
  test('belongs to its account', async () => {
    const [mine, other] = [await post(a, 'k3'), await post(b, 'k3', { title: 'z' })]
    assert.deepEqual([mine.status, other.status], [201, 201])
    assert.notEqual(mine.json.id, other.json.id)
  })
  test('is not used up by a request that failed', async () => {
    assert.equal((await post(a, 'k4', { title: '' })).status, 400)
    assert.equal((await post(a, 'k4')).status, 201)
  })
  test('is forgotten after 24 hours', async () => {
    const first = await post(a, 'k5')
    await product.admin.query(
      `update todo.idempotency set created_at = created_at - interval '24 hours 1 second' where key = 'k5'`,
    )
    assert.notEqual((await post(a, 'k5')).json.id, first.json.id)
  })
  test('is 1 to 255 visible characters', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256), 'ä'])
      assert.deepEqual(fieldsOf(await post(a, key)), ['Idempotency-Key'])
  })
})
