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
/** What a task has beyond the core. */
const ORGANIZED = [
  'due',
  'priority',
  'tags',
  'list',
  'parent',
  'position',
  'recurrence',
  'completed_at',
  'deleted_at',
  'revision',
  'subtasks',
  'next',
]
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
      ...ORGANIZED,
    ])
    assert.match(json.id, UUID_V7)
    assert.deepEqual(
      { ...json, id: 0, created_at: 0, updated_at: 0, position: 0, completed_at: 0, revision: 0 },
      {
        id: 0,
        user_id: a.id,
        title: 'Tea 🍵',
        description: 'green',
        completed: true,
        created_at: 0,
        updated_at: 0,
        due: null,
        priority: 4,
        tags: [],
        list: null,
        parent: null,
        position: 0,
        recurrence: null,
        completed_at: 0,
        deleted_at: null,
        revision: 0,
        subtasks: { total: 0, completed: 0 },
        next: null,
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
      const own = ['x-request-id', 'server-timing']
      const comparable = (answer: Json) => [...answer.headers].filter(([name]) => !own.includes(name))
      assert.deepEqual([head.status, comparable(head)], [get.status, comparable(get)])
    }
  })
  test('PUT replaces: what is absent gets its default', async () => {
    const { path, json } = await create(a, { title: 'x', description: 'y', completed: true })
    const replaced = await as(a, path, { method: 'PUT', body: { title: 'z' } })
    assert.equal(replaced.status, 200)
    assert.deepEqual(
      { ...replaced.json, updated_at: 0, revision: 0 },
      {
        ...json,
        title: 'z',
        description: null,
        completed: false,
        completed_at: null,
        updated_at: 0,
        revision: 0,
      },
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

/** A busy machine refuses, before anything is done, what it could not do in time. */
async function patiently(ask: () => ReturnType<typeof as>): ReturnType<typeof as> {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 503) return answer
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

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
      Array.from({ length: 201 }, () => patiently(() => as(a, `${path}/complete`, { method: 'PATCH' }))),
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
