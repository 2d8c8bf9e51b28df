// The Python API answers as ours does: the same requests to both, on one database, compared header by header.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Person, signUp } from '../../../test/in-process.ts'
import { type Answer, comparable, sendRaw } from './answers.ts'
import { type Deployment, deploy } from './deployment.ts'

let deployment: Deployment
let ada: Person
let bob: Person

before(async () => {
  deployment = await deploy()
  ada = await signUp({ url: deployment.issuerUrl } as never)
  bob = await signUp({ url: deployment.issuerUrl } as never)
})
after(async () => await deployment?.close())

type Fields = Record<string, string>
interface Sent {
  method?: string
  path?: string
  headers?: Fields
  body?: string | Uint8Array
  token?: string | null
}

const tasks = () => `/api/${ada.id}/tasks`
const JSON_TYPE = { 'Content-Type': 'application/json' }

function request({ method = 'GET', path = tasks(), headers = {}, body, token = ada.token }: Sent): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const fields: Fields = {
    Host: 'localhost',
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...(bytes && { 'Content-Length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`),
    bytes ?? Buffer.of(),
  ])
}

async function ask(which: 'ours' | 'theirs', sent: Sent): Promise<Answer> {
  for (;;) {
    const [answer] = await sendRaw(deployment[which].url, request(sent))
    assert.ok(answer, `${which} gave no answer`)
    // On a busy machine a lease can run out; whoever waits as told is answered.
    if (answer.status !== 503) return answer
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

async function bothSay(sent: Sent, name = ''): Promise<Answer> {
  const [ours, theirs] = [await ask('ours', sent), await ask('theirs', sent)]
  const about = `${name} ${JSON.stringify({ ...sent, token: undefined }).slice(0, 200)}`
  assert.deepEqual(comparable(theirs), comparable(ours), about)
  return theirs
}

async function bothSayRaw(sent: string | Uint8Array, answers = 1): Promise<Answer[]> {
  const ours = await sendRaw(deployment.ours.url, sent, answers)
  const theirs = await sendRaw(deployment.theirs.url, sent, answers)
  const about = Buffer.from(sent).toString('latin1').slice(0, 200)
  assert.deepEqual(theirs.map(comparable), ours.map(comparable), about)
  return theirs
}

async function make(which: 'ours' | 'theirs', title: string): Promise<{ id: string; revision: number }> {
  const { status, body } = await ask(which, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ title }),
  })
  assert.equal(status, 201)
  return JSON.parse(body)
}

describe('a body', () => {
  const bodies = [
    ...['', ' ', '{', 'null', '[]', '1', 'true', '"x"', '{}', '[{}]', '{"title":"x",}', "{'title':'x'}"],
    ...['{"title":NaN}', '{"title":Infinity}', '{"title":"\u0001"}', '\ufeff{"title":"x"}', '{"title":"x"}x'],
    ...[
      1,
      null,
      true,
      [],
      {},
      '',
      'x',
      'x'.repeat(200),
      'x'.repeat(201),
      '😀'.repeat(200),
      '😀'.repeat(201),
    ].map(title => JSON.stringify({ title })),
    ...[
      String.raw`\u0000`,
      String.raw`\ud800`,
      String.raw`\udc00\ud800`,
      String.raw`\ud83d\ude00`,
      String.raw`\u2028`,
    ].map(text => `{"title":"${text}","description":"${text}"}`),
    ...[1, null, true, [], {}, '', 'x'.repeat(10_000), 'x'.repeat(10_001), '😀'.repeat(10_000)].map(
      description => JSON.stringify({ title: 'x', description }),
    ),
    ...[1, null, true, false, 'true', [], 0].map(completed => JSON.stringify({ title: 'x', completed })),
    '{"title":"x","user_id":"y"}',
    '{"title":"x","id":1,"~/":2,"__proto__":3,"constructor":4}',
    `{"title":"x","${'k'.repeat(101)}":1}`,
    JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`member${at}`, at]))),
    '{"title":"x","title":1}',
    '{"title":1,"title":"last"}',
    '{"title":"x","description":1,"completed":2}',
    `{"title":"x","number":${'9'.repeat(5_000)}}`,
    `{"title":${'['.repeat(20_000)}`,
    ` \n\t{ "title" : "\\u0041\\n" } `,
  ]

  test('makes a task, or is refused with the same words', async () => {
    for (const body of bodies) await bothSay({ method: 'POST', headers: JSON_TYPE, body })
    const bytes = Buffer.from([...Buffer.from('{"title":"'), 0xff, ...Buffer.from('"}')])
    await bothSay({ method: 'POST', headers: JSON_TYPE, body: bytes })
  })

  test('replaces or changes one, or is refused with the same words', async () => {
    for (const method of ['PUT', 'PATCH']) {
      const { id } = await make('ours', 'to be changed')
      for (const body of bodies) await bothSay({ method, path: `${tasks()}/${id}`, headers: JSON_TYPE, body })
    }
  })

  test('has a media type, an encoding and a size', async () => {
    const body = '{"title":"x"}'
    const types = [
      ...[
        'application/json',
        'Application/JSON',
        'application/json; charset=utf-8',
        'application/json;charset="UTF-8"',
      ],
      ...['application/json; charset=latin1', 'application/json; x=y', 'text/plain', '', 'application/jsonx'],
      ...[
        'application/merge-patch+json',
        'application/problem+json',
        'multipart/form-data',
        'application/json, text/plain',
      ],
    ]
    const { id } = await make('ours', 'to be changed')
    for (const type of types) {
      await bothSay({ method: 'POST', headers: { 'Content-Type': type }, body })
      await bothSay({ method: 'PATCH', path: `${tasks()}/${id}`, headers: { 'Content-Type': type }, body })
    }
    await bothSay({ method: 'POST', body })
    for (const encoding of ['identity', 'Identity', 'gzip', 'br, identity', ''])
      await bothSay({ method: 'POST', headers: { ...JSON_TYPE, 'Content-Encoding': encoding }, body })
    const padded = (size: number) => `{"title":"x"}${' '.repeat(size - 13)}`
    for (const size of [65_535, 65_536])
      await bothSay({ method: 'POST', headers: JSON_TYPE, body: padded(size) })
    // Whether the connection goes on depends on how much of the body has arrived.
    for (const size of [65_537, 200_000])
      await bothSay({ method: 'POST', headers: { ...JSON_TYPE, Connection: 'close' }, body: padded(size) })
  })
})

describe('a request', () => {
  test('is judged by its token before anything else', async () => {
    const [header, payload, mac] = ada.token.split('.')
    const tokens = [
      null,
      '',
      'x',
      'a.b.c',
      `${ada.token}x`,
      `${header}.${payload}.`,
      `${header}.${payload}.${mac}=`,
    ]
    for (const token of tokens) {
      await bothSay({ token })
      await bothSay({ token, method: 'POST', path: '/api/nobody/nothing', body: 'x' })
    }
    const credentials = [
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      ada.token,
      `Bearer ${ada.token} x`,
      `Bearer ${ada.token},x`,
    ]
    for (const Authorization of [
      ...credentials,
      `bearer   ${ada.token}`,
      `BEARER ${ada.token}`,
      `Bearer\t${ada.token}`,
    ])
      await bothSay({ token: null, headers: { Authorization } })
  })

  test('for what is not there, or somebody else’s, is 404 in the same bytes', async () => {
    const { id } = JSON.parse(
      (
        await ask('ours', {
          method: 'POST',
          path: `/api/${bob.id}/tasks`,
          token: bob.token,
          headers: JSON_TYPE,
          body: '{"title":"x"}',
        })
      ).body,
    )
    const answers = []
    for (const path of [
      `/api/${bob.id}/tasks`,
      '/api/nobody/tasks',
      `${tasks()}/${id}`,
      `${tasks()}/01a1fbbd-79fb-7000-804a-d39ab72ca5c0`,
      `/api/${bob.id}/tasks/${id}`,
      `${tasks()}/x`,
    ])
      answers.push(await bothSay({ path }))
    const [first, ...others] = answers.map(
      ({ status, headers: { date, 'x-request-id': id, ...headers }, body }) => ({
        status,
        headers: JSON.stringify(headers),
        body,
      }),
    )
    assert.equal(first!.status, 404)
    for (const other of others) assert.deepEqual(other, first)
  })

  test('for other paths and methods is answered alike', async () => {
    const { id } = await make('ours', 'x')
    const upper = id.toUpperCase()
    for (const path of [
      ...[
        '/',
        '/api',
        '/api/',
        '/apix',
        '/api//tasks',
        `/api/${ada.id}`,
        `/api/${ada.id}/`,
        `${tasks()}/`,
        `${tasks()}x`,
      ],
      ...[
        `${tasks()}/${upper}`,
        `${tasks()}/${id}/`,
        `${tasks()}/${id}/completed`,
        `${tasks()}/${id}/complete/x`,
      ],
      ...[
        `/api/${encodeURIComponent(ada.id)}/tasks`,
        `/api/%${ada.id.charCodeAt(0).toString(16)}${ada.id.slice(1)}/tasks`,
      ],
      ...[
        '/api/%zz/tasks',
        '/api/%ff/tasks',
        `/api/${ada.id}%2ftasks`,
        `/API/${ada.id}/tasks`,
        `${tasks()}%00`,
        '/healthzz',
      ],
    ])
      for (const method of ['GET', 'POST']) await bothSay({ path, method })
    const methods = ['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']
    for (const method of methods.filter(name => name !== 'PATCH')) await bothSayExceptAllow({ method })
    for (const method of methods.filter(name => !['HEAD', 'DELETE'].includes(name)))
      await bothSay({
        method,
        path: `${tasks()}/${id}`,
        headers: JSON_TYPE,
        body: '{',
      })
    for (const method of methods.filter(name => name !== 'PATCH'))
      await bothSay({ method, path: `${tasks()}/${id}/complete` })
  })

  /** Many changes in one request are none of the core's operations. */
  async function bothSayExceptAllow(sent: Sent) {
    const [ours, theirs] = [await ask('ours', sent), await ask('theirs', sent)]
    // What is left out is as long as our tasks are.
    if (sent.method === 'HEAD') ours.headers['content-length'] = theirs.headers['content-length']!
    if (ours.headers.allow) ours.headers.allow = ours.headers.allow.replace('PATCH, ', '')
    assert.deepEqual(comparable(theirs), comparable(ours), `${sent.method}`)
  }

  test('from a page of another origin gets its CORS headers', async () => {
    const origins = [deployment.issuerUrl, 'https://evil.example', 'null', '']
    for (const Origin of origins) {
      await bothSay({ headers: { Origin } })
      await bothSay({ headers: { Origin }, token: null })
      for (const path of [tasks(), '/nowhere'])
        await bothSay({
          method: 'OPTIONS',
          path,
          token: null,
          headers: { Origin, 'Access-Control-Request-Method': 'PUT' },
        })
    }
    await bothSay({ method: 'OPTIONS', token: null, headers: { Origin: origins[0]! } })
  })

  test('may not be ambiguous, and what is no HTTP is told as a problem', async () => {
    const head = `GET ${tasks()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.token}\r\n`
    const post = `POST ${tasks()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.token}\r\nContent-Type: application/json\r\n`
    const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`
    for (const sent of [
      ...[
        'Authorization: Bearer x',
        'Host: other',
        'Origin: a\r\nOrigin: b',
        'Idempotency-Key: a\r\nIdempotency-Key: b',
      ].map(more => `${head}${more}\r\n\r\n`),
      `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
      `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${post}Content-Length: +2\r\n\r\n{}`,
      `${post}Content-Length: x\r\n\r\n{}`,
      `${post}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`,
      ...['gzip, chunked', 'identity', 'chunked, chunked', 'Chunked'].map(
        coding => `${post}Transfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`,
      ),
      `${chunked}d\r\n{"title":"x"}\r\n0\r\n\r\n`,
      `${chunked}6\r\n{"titl\r\n7;x=y\r\ne":"x"}\r\n0\r\nTrailer: x\r\n\r\n`,
      `${chunked}x\r\n`,
      `${chunked}1;${'x'.repeat(100_000)}\r\n{\r\n0\r\n\r\n`,
      `${chunked}${'1000\r\n'}${' '.repeat(4096)}\r\n`.repeat(1) +
        `${'1000\r\n'}${' '.repeat(4096)}\r\n`.repeat(20),
      `GET ${tasks()} HTTP/1.1\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
      `GET ${tasks()} HTTP/1.0\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
      `GET ${tasks()} HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
      `GET ${tasks()} HTTP/3.0\r\nHost: localhost\r\n\r\n`,
      `GET ${tasks()}\r\n\r\n`,
      `NONSENSE ${tasks()} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      `get ${tasks()} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      'nonsense\r\n\r\n',
      `${head}no colon\r\n\r\n`,
      `${head}Name : value\r\n\r\n`,
      `${head} folded\r\n\r\n`,
      `${head}X: \x00\r\n\r\n`,
      `${head}X: a\nY: b\r\n\r\n`,
      `${head}Connection: close\r\n\r\n`,
      `${head}Expect: 200-ok\r\n\r\n`,
      `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`,
      `${head}X: ${'x'.repeat(15_000)}\r\n\r\n`,
      `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      `CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      `GET http://localhost${tasks()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
      `OPTIONS * HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
      `${post}Expect: 100-continue\r\nContent-Length: 13\r\n\r\n{"title":"x"}`,
      `${post}Content-Length: 100000\r\n\r\n`,
    ])
      await bothSayRaw(sent)
  })

  test('may be sent ahead of the answers to those before it', async () => {
    const head = `GET ${tasks()}?limit=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`
    const none = `GET ${tasks()} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    const answers = await bothSayRaw((head + none).repeat(10), 20)
    assert.deepEqual(answers.map(({ status }) => status).join(), Array(10).fill('200,401').join())
  })
})

describe('a query', () => {
  test('says which page', async () => {
    for (const query of [
      ...[
        'limit=1',
        'limit=100',
        'limit=101',
        'limit=0',
        'limit=',
        'limit=01',
        'limit=1.0',
        'limit=%31',
        'limit=+1',
      ],
      ...[
        'completed=true',
        'completed=false',
        'completed=1',
        'completed=',
        'limit=1&limit=2',
        'limit=x&completed=y',
      ],
      ...[
        '',
        '&',
        'x=1',
        '%zz=1',
        'cursor=',
        'cursor=x',
        'cursor=AAAA',
        'limit=2&x=1&y=2',
        'x=1&x=2',
        `${'k'.repeat(101)}=1`,
      ],
    ])
      await bothSay({ path: `${tasks()}?${query}` })
    const { id } = await make('ours', 'x')
    for (const query of ['', 'x', 'limit=1', 'x=1&y=2', 'x=1&x=2', '=']) {
      await bothSay({ path: `${tasks()}/${id}?${query}` })
      if (query !== '') await bothSay({ path: `${tasks()}/${id}/complete?${query}`, method: 'PATCH' })
      await bothSay({
        path: `${tasks()}?${query}`,
        method: 'POST',
        headers: JSON_TYPE,
        body: '{"title":"x"}',
      })
    }
  })

  test('a cursor of either leads on at the other, and belongs to its account and query', async () => {
    for (let count = 0; count < 5; count += 1) await make('theirs', `page ${count}`)
    for (const [first, second] of [
      ['ours', 'theirs'],
      ['theirs', 'ours'],
    ] as const) {
      const page = await ask(first, { path: `${tasks()}?limit=2` })
      const cursor = /cursor=([\w-]+)/.exec(page.headers.link ?? '')?.[1]
      assert.ok(cursor)
      const next = `${tasks()}?limit=2&cursor=${cursor}`
      await bothSay({ path: next })
      assert.equal((await ask(second, { path: next })).status, 200)
      assert.deepEqual(idsOf(await ask('ours', { path: next })), idsOf(await ask('theirs', { path: next })))
      await bothSay({ path: `${next}&completed=true` })
      await bothSay({ path: `/api/${bob.id}/tasks?cursor=${cursor}`, token: bob.token })
    }
  })

  test('pages through everything, once each and newest first', async () => {
    const seen: string[] = []
    let path = `${tasks()}?limit=7&completed=false`
    while (path !== '') {
      const page: Answer = await ask('theirs', { path })
      seen.push(...idsOf(page))
      path = /<([^>]+)>/.exec(page.headers.link ?? '')?.[1] ?? ''
    }
    const all = await ask('ours', { path: `${tasks()}?limit=100&completed=false` })
    assert.deepEqual(seen.slice(0, 100), idsOf(all))
    assert.equal(new Set(seen).size, seen.length)
  })

  const idsOf = ({ body }: Answer): string[] => JSON.parse(body).map(({ id }: { id: string }) => id)
})

describe('a condition', () => {
  test('is met or not, whatever the revision', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TOGGLE']) {
      for (const value of [
        '*',
        '"1"',
        '"REVISION"',
        'W/"REVISION"',
        '"0", "REVISION"',
        'REVISION',
        '""',
        '"x", W/"1"',
        '"1" "2"',
        '',
      ])
        await bothSayOfOwn({ method, name: 'If-Match', value })
    }
    for (const value of ['*', '"1"', '"REVISION"', 'W/"REVISION"', '"0", "REVISION"', 'REVISION', ''])
      await bothSayOfOwn({ method: 'GET', name: 'If-None-Match', value })
    for (const value of ['*', '"1"', 'x']) await bothSayOfOwn({ method: 'PUT', name: 'If-None-Match', value })
  })

  /** Each API about a task of its own, whose revision stands in the header. */
  async function bothSayOfOwn({ method, name, value }: { method: string; name: string; value: string }) {
    const answers = []
    for (const which of ['ours', 'theirs'] as const) {
      const { id, revision } = await make(which, 'conditional')
      const sent: Sent =
        method === 'TOGGLE'
          ? { method: 'PATCH', path: `${tasks()}/${id}/complete` }
          : { method, path: `${tasks()}/${id}`, ...(/^P/.test(method) && { body: '{"title":"y"}' }) }
      const headers = { ...(sent.body && JSON_TYPE), [name]: value.replace('REVISION', String(revision)) }
      answers.push(comparable(await ask(which, { ...sent, headers })))
    }
    assert.deepEqual(answers[1], answers[0], `${method} ${name}: ${value}`)
  }

  test('If-None-Match: * makes a task under an id of its own, once', async () => {
    const put = { method: 'PUT', headers: { ...JSON_TYPE, 'If-None-Match': '*' } }
    const say = async (path: string, body: object) =>
      (await bothSay({ ...put, path, body: JSON.stringify(body) })).status
    const id = () => `01a1fbbd-79fb-7000-804a-${randomUUID().slice(-12)}`
    for (const first of ['ours', 'theirs'] as const) {
      const path = `${tasks()}/${id()}`
      const made = await ask(first, { ...put, path, body: '{"title":"x"}' })
      assert.equal(made.status, 201)
      assert.equal(made.headers.location, path)
      assert.equal(await say(path, { title: 'x' }), 200)
      assert.equal(await say(path, { title: 'x', completed: false, description: null }), 200)
      assert.equal(await say(path, { title: 'y' }), 412)
      assert.equal(await say(path, { title: 'x', completed: true }), 412)
      await ask(first, { method: 'DELETE', path })
      assert.equal(await say(path, { title: 'x' }), 412)
    }
    assert.equal(await say(`${tasks()}/x`, { title: 'x' }), 404)
    assert.equal(await say(`${tasks()}/${id().toUpperCase()}`, { title: 'x' }), 404)
    await bothSay({
      ...put,
      path: `${tasks()}/${id()}`,
      headers: { ...put.headers, 'If-Match': '*' },
      body: '{"title":"x"}',
    })
  })

  test('an Idempotency-Key used at one API is known at the other', async () => {
    for (const [first, second] of [
      ['ours', 'theirs'],
      ['theirs', 'ours'],
      ['theirs', 'theirs'],
    ] as const) {
      const headers = { ...JSON_TYPE, 'Idempotency-Key': randomUUID() }
      const post = { method: 'POST', headers, body: '{"title":"once","description":"é"}' }
      const made = await ask(first, post)
      const again = await ask(second, { ...post, body: '{ "description": "\\u00e9", "title": "once" }' })
      assert.equal(made.status, 201)
      assert.equal(again.status, 201)
      assert.equal(again.body, made.body)
      assert.equal(again.headers.etag, made.headers.etag)
      assert.equal(again.headers.location, made.headers.location)
      await bothSay({ ...post, body: '{"title":"twice"}' })
    }
    for (const key of ['', ' ', 'a b', 'é', 'x'.repeat(255), 'x'.repeat(256)])
      await bothSay({
        method: 'POST',
        headers: { ...JSON_TYPE, 'Idempotency-Key': key },
        body: '{"title":"x"}',
      })
  })

  test('twenty requests with one key at once make one task', async () => {
    const headers = { ...JSON_TYPE, 'Idempotency-Key': randomUUID() }
    const post = { method: 'POST', headers, body: '{"title":"once"}' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('theirs', post)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  })
})

describe('a change', () => {
  test('is what both of them read afterwards', async () => {
    for (const which of ['ours', 'theirs'] as const) {
      const { id } = await make(which, 'first')
      const path = `${tasks()}/${id}`
      const steps: Sent[] = [
        { method: 'PATCH', path, headers: JSON_TYPE, body: '{"title":"second"}' },
        { method: 'PATCH', path, headers: JSON_TYPE, body: '{"completed":true,"description":"said"}' },
        { method: 'PATCH', path: `${path}/complete` },
        { method: 'PUT', path, headers: JSON_TYPE, body: '{"title":"third"}' },
        { method: 'PATCH', path: `${path}/complete` },
      ]
      let revision = 0
      for (const sent of steps) {
        const changed = await ask('theirs', sent)
        assert.equal(changed.status, 200)
        const read = await bothSay({ path })
        assert.equal(read.body, changed.body)
        const task = JSON.parse(read.body)
        assert.ok(task.revision > revision)
        revision = task.revision
        assert.equal(read.headers.etag, `"${revision}"`)
      }
      assert.equal((await ask('theirs', { method: 'DELETE', path })).status, 204)
      await bothSay({ path })
      for (const method of ['DELETE', 'PATCH', 'PUT'])
        await bothSay({
          method,
          path,
          ...(method !== 'DELETE' && { headers: JSON_TYPE, body: '{"title":"x"}' }),
        })
    }
  })

  test('a task is deleted with its subtasks, which a core does not know of', async () => {
    const { id: parent } = await make('ours', 'parent')
    const { body } = await ask('ours', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ title: 'child', parent }),
    })
    const child = JSON.parse(body).id
    const refused = await ask('theirs', {
      method: 'DELETE',
      path: `${tasks()}/${parent}`,
      headers: { 'If-Match': '"1"' },
    })
    assert.equal(refused.status, 412)
    assert.equal((await bothSay({ path: `${tasks()}/${child}` })).status, 200)
    assert.equal((await ask('theirs', { method: 'DELETE', path: `${tasks()}/${parent}` })).status, 204)
    assert.equal((await bothSay({ path: `${tasks()}/${child}` })).status, 404)
    const back = await ask('ours', { method: 'POST', path: `${tasks()}/${parent}/restore` })
    assert.equal(back.status, 200)
    assert.equal((await bothSay({ path: `${tasks()}/${child}` })).status, 200)
  })

  test('a hundred changes of one account at once all count', async () => {
    const { id } = await make('theirs', 'busy')
    const path = `${tasks()}/${id}/complete`
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ask('theirs', { method: 'PATCH', path })),
    )
    const tasksSaid = answers.map(({ body }) => JSON.parse(body))
    assert.equal(new Set(tasksSaid.map(({ revision }) => revision)).size, 100)
    assert.equal(tasksSaid.filter(({ completed }) => completed).length, 50)
  })
})
