// What both APIs say to a request, before its route does.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { comparable } from './answers.ts'
import { ada, ask, bob, bothSay, bothSayRaw, deployment, JSON_TYPE, make, type Sent, tasks } from './both.ts'

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
