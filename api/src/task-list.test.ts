import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi, type Sent, type User } from '../test/open-api.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let b: User

before(async () => {
  product = await openTestApi()
  b = await product.addUser()
})
after(() => product.close())

const as = (user: User, path: string, sent: Sent = {}) =>
  product.request(path, { token: user.token, ...sent })
const create = async (user: User, body: Json) => {
  const answer = await as(user, user.tasks, { method: 'POST', body })
  assert.equal(answer.status, 201, answer.text)
  return { ...answer, path: answer.headers.get('location')! }
}

describe('list', () => {
  let user: User
  const titles = (answer: Json) => answer.json.map((task: Json) => task.title)
  before(async () => {
    user = await product.addUser()
    for (let i = 1; i <= 7; i += 1) await create(user, { title: `t${i}`, completed: i % 2 === 0 })
  })

  test('is a bare array, newest first, and empty for a new account', async () => {
    assert.deepEqual(titles(await as(user, user.tasks)), ['t7', 't6', 't5', 't4', 't3', 't2', 't1'])
    const other = await product.addUser()
    assert.equal((await as(other, other.tasks)).text, '[]')
  })
  test('goes on by its link until there is no more', async () => {
    const seen: string[] = []
    let path: string | undefined = `${user.tasks}?limit=3`
    let pages = 0
    while (path) {
      const page = await as(user, path)
      assert.equal(page.status, 200)
      seen.push(...titles(page))
      path = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1]
      pages += 1
    }
    assert.deepEqual(seen, ['t7', 't6', 't5', 't4', 't3', 't2', 't1'])
    assert.equal(pages, 3)
    assert.equal((await as(user, `${user.tasks}?limit=7`)).headers.get('link'), null)
  })
  test('can be of the completed tasks alone, page by page', async () => {
    const first = await as(user, `${user.tasks}?completed=true&limit=2`)
    assert.deepEqual(titles(first), ['t6', 't4'])
    const next = /<(.+)>/.exec(first.headers.get('link')!)![1]!
    assert.deepEqual(titles(await as(user, next)), ['t2'])
    assert.deepEqual(titles(await as(user, `${user.tasks}?completed=false`)), ['t7', 't5', 't3', 't1'])
  })
  test('shows no row twice and none of another account while rows come and go', async () => {
    const first = await as(user, `${user.tasks}?limit=3`)
    const next = /<(.+)>/.exec(first.headers.get('link')!)![1]!
    const added = await create(user, { title: 'new' })
    assert.deepEqual(titles(await as(user, next)), ['t4', 't3', 't2', 't1'].slice(0, 3))
    await as(user, added.path, { method: 'DELETE' })
  })
  test('has 50 tasks on a page, or as many as are asked for, up to 100', async () => {
    const many = await product.addUser()
    await product.admin.query(`select set_config('app.subject', $1, false)`, [many.id])
    await product.admin.query(`
      insert into todo.task (id, title)
      select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 't' from generate_series(1, 120)`)
    assert.equal((await as(many, many.tasks)).json.length, 50)
    assert.equal((await as(many, `${many.tasks}?limit=100`)).json.length, 100)
  })
  test('refuses every parameter it does not know or cannot read', async () => {
    const wrong = [
      'limit=0',
      'limit=-1',
      'limit=1.5',
      'limit=NaN',
      'limit=101',
      'limit=1e9',
      'limit=9223372036854775808',
      'limit=10;',
      'limit=',
      'limit=1&limit=2',
      'completed=yes',
      'completed=',
      `user_id=${b.id}`,
      'userId=x',
      'user_id[]=x',
      'owner=x',
      'sort=id',
      'order=desc',
      'fields=*',
      '__proto__[x]=1',
      'status[a]=b',
      'access_token=x',
      '&x',
      Array.from({ length: 1_000 }, (_, i) => `p${i}=1`).join('&'),
    ]
    for (const query of wrong) {
      const answer = await as(user, `${user.tasks}?${query}`)
      assert.equal(answer.status, 400, query)
      assert.ok(answer.json.errors.length >= 1 && answer.json.errors.length <= 20)
    }
  })
  test('refuses a cursor that is edited, cut, borrowed or made for another filter (T-194, T-195)', async () => {
    const first = await as(user, `${user.tasks}?limit=3`)
    const cursor = new URL(/<(.+)>/.exec(first.headers.get('link')!)![1]!, 'http://x').searchParams.get(
      'cursor',
    )!
    const open = (who: User, text: string) => as(who, `${who.tasks}?cursor=${encodeURIComponent(text)}`)
    assert.equal((await open(user, cursor)).status, 200)
    const edited = [...cursor].map(
      (letter, at) => cursor.slice(0, at) + (letter === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    )
    for (const text of [
      ...edited.filter(text => text !== cursor),
      '',
      cursor.slice(0, -4),
      `${cursor}=`,
      `${cursor}A`,
      'x'.repeat(8_000),
    ])
      assert.equal((await open(user, text)).status, 400, text.slice(0, 100))
    assert.equal((await open(b, cursor)).status, 400)
    assert.equal((await as(user, `${user.tasks}?completed=true&cursor=${cursor}`)).status, 400)
  })
})
