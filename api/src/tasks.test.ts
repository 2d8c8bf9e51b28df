import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Json, openTestApi, type Sent, type User } from '../test/open-api.ts'
import { UUID_V7, uuidV7 } from './uuid.ts'

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
const create = async (user: User, body: Json = { title: 'a task' }, headers = {}) => {
  const answer = await as(user, user.tasks, { method: 'POST', body, headers })
  assert.equal(answer.status, 201, answer.text)
  return { ...answer, path: answer.headers.get('location')! }
}
const fieldsOf = (answer: Json) => answer.json.errors.map((error: Json) => error.field)

describe('create', () => {
  test('answers 201 with the task, its place and its entity tag', async () => {
    const before = Date.now()
    const { json, headers } = await create(a, { title: 'Tea 🍵', description: 'green', completed: true })
    assert.deepEqual(Object.keys(json), [
      'id',
      'user_id',
      'title',
      'description',
      'completed',
      'created_at',
      'updated_at',
    ])
    assert.match(json.id, UUID_V7)
    assert.deepEqual(
      { ...json, id: 0, created_at: 0, updated_at: 0 },
      {
        id: 0,
        user_id: a.id,
        title: 'Tea 🍵',
        description: 'green',
        completed: true,
        created_at: 0,
        updated_at: 0,
      },
    )
    assert.match(json.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.equal(json.updated_at, json.created_at)
    assert.ok(Math.abs(Date.parse(json.created_at) - before) < 5_000)
    assert.equal(headers.get('location'), `${a.tasks}/${json.id}`)
    assert.match(headers.get('etag')!, /^"[1-9]\d*"$/)
    assert.equal((await as(a, `${a.tasks}/${json.id}`)).text, JSON.stringify(json))
  })
  test('names each wrong field', async () => {
    const wrong: [Json, string[]][] = [
      [{}, ['/title']],
      [{ title: '' }, ['/title']],
      [{ title: 'x'.repeat(201) }, ['/title']],
      [{ title: 'x', description: 'x'.repeat(10_001) }, ['/description']],
      [{ title: 1, description: 2, completed: 'no' }, ['/title', '/description', '/completed']],
      [{ title: 'x', user_id: b.id, id: uuidV7(0), 'a/~b': 1 }, ['/user_id', '/id', '/a~1~0b']],
      [{ title: 'a\0b' }, ['/title']],
      [{ title: '\ud800' }, ['/title']],
      [{ title: 'x', description: '\udc00' }, ['/description']],
      ['{"title":"x","__proto__":{"completed":true}}', ['/__proto__']],
      ['{"title":"x","constructor":1}', ['/constructor']],
      [[], ['']],
      ['null', ['']],
      ['"x"', ['']],
      ['', ['']],
      ['{', ['']],
      ['{"title":"x"} {}', ['']],
      ["{'title':'x'}", ['']],
      ['{"title":"x",}', ['']],
      [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, ['']],
      [`{"title":"x","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, ['/deep']],
    ]
    for (const [body, fields] of wrong) {
      const answer = await as(a, a.tasks, { method: 'POST', body })
      assert.equal(answer.status, 400, answer.text)
      assert.equal(answer.json.code, 'invalid_request')
      assert.deepEqual(fieldsOf(answer), fields)
    }
  })
  test('counts Unicode code points, and gives back what it was given', async () => {
    for (const title of [
      '👋'.repeat(200),
      'é'.repeat(200),
      'e\u0301'.repeat(100),
      '\u202eabc',
      ' ',
      '\t"\\\n</script>',
    ]) {
      assert.equal((await create(a, { title })).json.title, title)
    }
    const tooLong = await as(a, a.tasks, { method: 'POST', body: { title: '👋'.repeat(201) } })
    assert.equal(tooLong.status, 400)
    assert.equal(
      (await create(a, { title: 'x', description: '👋'.repeat(10_000) })).json.description.length,
      20_000,
    )
  })
  test('SQL is a title like any other', async () => {
    for (const title of ["'; drop table todo.task; --", "'||pg_sleep(5)--", '$$', '\\', '%27'])
      assert.equal((await create(a, { title })).json.title, title)
  })
})

describe('the body', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    product.api
      .fetch(
        new Request(`http://localhost${a.tasks}`, {
          method: 'POST',
          body,
          headers: { Authorization: `Bearer ${a.token}`, ...headers },
        }),
        { remoteAddress: '127.0.0.1' },
      )
      .then(async answer => ({ status: answer.status, json: (await answer.json()) as Json }))

  test('is JSON in UTF-8 and says so, or is answered 415', async () => {
    const types = [
      '',
      'text/plain',
      'application/xml',
      'application/json garbage',
      'application/json\ta',
      'application/jsonx',
      'application/json; charset=utf-16',
      'application/json; charset=utf-7',
      'application/vnd.x+json',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'application/json, application/json',
      'application/merge-patch+json',
    ]
    for (const type of types)
      assert.equal((await post('{"title":"x"}', { 'Content-Type': type })).status, 415, type)
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip'])
      assert.equal(
        (await post('{"title":"x"}', { 'Content-Type': 'application/json', 'Content-Encoding': encoding }))
          .status,
        415,
      )
    for (const type of [
      'application/json',
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
    ])
      assert.equal((await post('{"title":"x"}', { 'Content-Type': type })).status, 201, type)
  })
  test('has at most 64 KB, stated or not', async () => {
    const type = { 'Content-Type': 'application/json' }
    const body = (size: number) => JSON.stringify({ title: 'x' }).padEnd(size)
    assert.equal((await post(body(65_536), type)).status, 201)
    assert.equal((await post(body(65_537), type)).status, 413)
    assert.equal((await post('{', { ...type, 'Content-Length': '65537' })).status, 413)
  })
  test('must be UTF-8, without a byte order mark', async () => {
    const type = { 'Content-Type': 'application/json' }
    const text = '{"title":"abc"}'
    const bodies = [
      Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xff]), Buffer.from('"}')]),
      Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\uFEFF${text}`),
    ]
    for (const body of bodies) {
      const answer = await post(new Uint8Array(body), type)
      assert.deepEqual(
        [answer.status, answer.json.errors],
        [400, [{ field: '', message: 'must be JSON in UTF-8' }]],
      )
    }
  })
  test('comes after the token, the path and the method: 401, 404, 405, 415, 413, 400, 404, 412', async () => {
    const huge = { body: 'x'.repeat(70_000), headers: { 'Content-Type': 'text/plain' } }
    const json = { body: huge.body, headers: { 'Content-Type': 'application/json' } }
    const missing = `${a.tasks}/${uuidV7(0)}`
    const status = async (path: string, sent: Sent) => (await product.request(path, sent)).status
    assert.equal(await status(b.tasks, { method: 'POST', ...huge }), 401)
    assert.equal(await status(b.tasks, { method: 'DELETE', token: a.token, ...huge }), 404)
    assert.equal(await status(a.tasks, { method: 'DELETE', token: a.token, ...huge }), 405)
    assert.equal(await status(missing, { method: 'PUT', token: a.token, ...huge }), 415)
    assert.equal(await status(missing, { method: 'PUT', token: a.token, ...json }), 413)
    const match = { 'If-Match': '"1"' }
    assert.equal(await status(missing, { method: 'PUT', token: a.token, body: {}, headers: match }), 400)
    assert.equal(
      await status(missing, { method: 'PUT', token: a.token, body: { title: 'x' }, headers: match }),
      404,
    )
  })
})

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

describe('read, replace, change, toggle and delete', () => {
  test('a read knows If-None-Match', async () => {
    const { path, headers } = await create(a)
    const known = await as(a, path, { headers: { 'If-None-Match': `"0", ${headers.get('etag')}` } })
    assert.deepEqual([known.status, known.text, known.headers.get('etag')], [304, '', headers.get('etag')])
    assert.equal((await as(a, path, { headers: { 'If-None-Match': '"0"' } })).status, 200)
  })
  test('HEAD answers as GET does, without the body', async () => {
    const { path } = await create(a)
    for (const target of [path, a.tasks]) {
      const get = await as(a, target)
      const head = await as(a, target, { method: 'HEAD' })
      assert.equal(head.text, '')
      const comparable = (answer: Json) => [...answer.headers].filter(([name]) => name !== 'x-request-id')
      assert.deepEqual([head.status, comparable(head)], [get.status, comparable(get)])
    }
  })
  test('PUT replaces: what is absent gets its default', async () => {
    const { path, json } = await create(a, { title: 'x', description: 'y', completed: true })
    const replaced = await as(a, path, { method: 'PUT', body: { title: 'z' } })
    assert.equal(replaced.status, 200)
    assert.deepEqual(
      { ...replaced.json, updated_at: 0 },
      { ...json, title: 'z', description: null, completed: false, updated_at: 0 },
    )
    assert.ok(replaced.json.updated_at >= json.updated_at)
    assert.equal(
      (await as(a, `${a.tasks}/${uuidV7(0)}`, { method: 'PUT', body: { title: 'z' } })).status,
      404,
    )
  })
  test('PUT with If-None-Match: * creates under an id of the client, once', async () => {
    const id = uuidV7(Date.now())
    const put = (body: Json) =>
      as(a, `${a.tasks}/${id}`, { method: 'PUT', body, headers: { 'If-None-Match': '*' } })
    const first = await put({ title: 'mine' })
    assert.deepEqual(
      [first.status, first.json.id, first.headers.get('location')],
      [201, id, `${a.tasks}/${id}`],
    )
    const again = await put({ title: 'mine', description: null })
    assert.deepEqual(
      [again.status, again.text, again.headers.get('etag')],
      [200, first.text, first.headers.get('etag')],
    )
    assert.equal((await put({ title: 'other' })).status, 412)
    const same = await as(b, `${b.tasks}/${id}`, {
      method: 'PUT',
      body: { title: 'b' },
      headers: { 'If-None-Match': '*' },
    })
    assert.equal(same.status, 201, 'an id of one account says nothing to another')
    for (const headers of [{ 'If-None-Match': '"1"' }, { 'If-None-Match': '*', 'If-Match': '*' }] as Record<
      string,
      string
    >[])
      assert.equal(
        (await as(a, `${a.tasks}/${id}`, { method: 'PUT', body: { title: 'x' }, headers })).status,
        400,
      )
    const v4 = crypto.randomUUID()
    assert.equal(
      (
        await as(a, `${a.tasks}/${v4}`, {
          method: 'PUT',
          body: { title: 'x' },
          headers: { 'If-None-Match': '*' },
        })
      ).status,
      404,
    )
  })
  test('PATCH changes what it names and nothing else', async () => {
    const { path, json } = await create(a, { title: 'x', description: 'y' })
    const patch = (body: Json, headers = {}) => as(a, path, { method: 'PATCH', body, headers })
    assert.equal((await patch({ title: 'z' })).json.description, 'y')
    assert.equal(
      (await patch({ description: null }, { 'Content-Type': 'application/merge-patch+json' })).json
        .description,
      null,
    )
    assert.equal((await patch({ completed: true })).json.title, 'z')
    assert.equal((await as(a, path)).json.created_at, json.created_at)
    const wrong = [
      {},
      { title: null },
      { completed: null },
      { user_id: b.id },
      { id: json.id },
      { created_at: json.created_at },
      { revision: 1 },
    ]
    for (const body of wrong) assert.equal((await patch(body)).status, 400, JSON.stringify(body))
  })
  test('PATCH …/complete toggles and takes no body', async () => {
    const { path } = await create(a)
    assert.equal((await as(a, `${path}/complete`, { method: 'PATCH' })).json.completed, true)
    assert.equal((await as(a, `${path}/complete`, { method: 'PATCH' })).json.completed, false)
    assert.equal((await as(a, `${a.tasks}/${uuidV7(0)}/complete`, { method: 'PATCH' })).status, 404)
  })
  test('DELETE answers 204, and then the task is as if it had never been', async () => {
    const { path } = await create(a)
    const deleted = await as(a, path, { method: 'DELETE' })
    assert.deepEqual([deleted.status, deleted.text, deleted.headers.get('content-type')], [204, '', null])
    for (const method of ['GET', 'DELETE']) assert.equal((await as(a, path, { method })).status, 404)
  })
  test('If-Match lets only the expected state be changed', async () => {
    const { path, headers } = await create(a)
    const etag = headers.get('etag')!
    const patch = (match: string) =>
      as(a, path, { method: 'PATCH', body: { title: 'z' }, headers: { 'If-Match': match } })
    for (const other of ['"0"', '"999999"', `W/${etag}`, '"x"'])
      assert.equal((await patch(other)).status, 412, other)
    for (const malformed of ['x', '1', '"1', '"1" "2"', '*, "1"'])
      assert.equal((await patch(malformed)).status, 400, malformed)
    const changed = await patch(`"999999", ${etag}`)
    assert.equal(changed.status, 200)
    assert.notEqual(changed.headers.get('etag'), etag)
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : { title: 'q' }
      assert.equal((await as(a, path, { method, body, headers: { 'If-Match': etag } })).status, 412, method)
    }
    assert.equal(
      (await as(a, `${path}/complete`, { method: 'PATCH', headers: { 'If-Match': etag } })).status,
      412,
    )
    assert.equal((await as(a, path, { method: 'DELETE', headers: { 'If-Match': '*' } })).status, 204)
  })
})

describe('at the same time', () => {
  test('of 50 changes to one state exactly one is made (T-279)', async () => {
    const { path, headers } = await create(a)
    const match = { 'If-Match': headers.get('etag')! }
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        as(a, path, { method: 'PATCH', body: { title: `t${i}` }, headers: match }),
      ),
    )
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, ...Array(49).fill(412)])
  })
  test('201 toggles leave the state of some order of them (T-284)', async () => {
    const { path } = await create(a)
    const answers = await Promise.all(
      Array.from({ length: 201 }, () => as(a, `${path}/complete`, { method: 'PATCH' })),
    )
    assert.ok(answers.every(answer => answer.status === 200))
    assert.equal((await as(a, path)).json.completed, true)
    assert.equal(new Set(answers.map(answer => answer.headers.get('etag'))).size, 201)
  })
  test('50 creations with one Idempotency-Key make one task and get one answer (T-280)', async () => {
    const user = await product.addUser()
    const sent = { method: 'POST', body: { title: 'once' }, headers: { 'Idempotency-Key': '"k"' } }
    const answers = await Promise.all(Array.from({ length: 50 }, () => as(user, user.tasks, sent)))
    assert.deepEqual(
      [
        ...new Set(
          answers.map(
            answer =>
              `${answer.status} ${answer.text} ${answer.headers.get('location')} ${answer.headers.get('etag')}`,
          ),
        ),
      ].length,
      1,
    )
    assert.equal(answers[0]!.status, 201)
    assert.equal((await as(user, user.tasks)).json.length, 1)
  })
  test('tasks made one after another stay in that order, also within a millisecond', async () => {
    const user = await product.addUser()
    for (let i = 0; i < 30; i += 1) await create(user, { title: String(i) })
    const titles = (await as(user, user.tasks)).json.map((task: Json) => Number(task.title))
    assert.deepEqual(
      titles,
      Array.from({ length: 30 }, (_, i) => 29 - i),
    )
  })
})

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

test('a session that ends while a body is on its way ends the request', async () => {
  const user = await product.addUser()
  const { readable: body, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const more = writable.getWriter()
  const headers = { Authorization: `Bearer ${user.token}`, 'Content-Type': 'application/json' }
  const request = new Request(`http://localhost${user.tasks}`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit)
  const answering = product.api.fetch(request, { remoteAddress: '127.0.0.1' })
  await more.write(Buffer.from('{"title":'))
  await delay(50)
  product.feed.revoke(user.sid)
  await delay(100)
  await more.write(Buffer.from('"late"}'))
  await more.close()
  assert.equal((await answering).status, 401)
  const { rows } = await product.admin.query('select from todo.task where user_id = $1', [user.id])
  assert.equal(rows.length, 0)
})
