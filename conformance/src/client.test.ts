import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { type Client, createClient } from './client.ts'
import { KitFault, TargetFault } from './faults.ts'

// Answers what a test put there, byte for byte, and keeps what came in.
let server: Server
let client: Client
let answers: string[] = []
let received: string[] = []
let connections = 0
/** What happens to a connection after its answer. */
let afterwards: (socket: Socket) => void = () => {}

before(async () => {
  server = createServer(socket => {
    connections += 1
    socket.on('error', () => {})
    socket.on('data', bytes => {
      received.push(bytes.toString('latin1'))
      const answer = answers.shift()
      if (answer !== undefined) socket.write(answer, 'latin1')
      afterwards(socket)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  client = createClient({ origins: { api: `http://127.0.0.1:${port}` } })
})

after(() => {
  client.close()
  server.close()
})

function expect(...expected: string[]): void {
  answers = expected
  received = []
  connections = 0
  afterwards = () => {}
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const get = { method: 'GET', target: '/' }

test('a request is what it was given and what it needs', async () => {
  expect(OK)
  await client.send({ method: 'POST', target: '/a b?%zz', headers: [['X', '1']], body: 'é', fresh: true })
  const [host] = /Host: 127\.0\.0\.1:\d+/.exec(received[0]!)!
  const body = Buffer.from('é').toString('latin1')
  assert.equal(received[0], `POST /a b?%zz HTTP/1.1\r\n${host}\r\nContent-Length: 2\r\nX: 1\r\n\r\n${body}`)
})

test('headers may be there twice, in their order, and hold line feeds and NUL', async () => {
  expect(OK)
  const headers: [string, string][] = [
    ['Authorization', 'Bearer one'],
    ['authorization', 'Bearer two'],
    ['X', 'a\nb: c'],
    ['Y', 'a\0b'],
  ]
  await client.send({ ...get, headers, fresh: true })
  assert.ok(
    received[0]!.includes(
      'Authorization: Bearer one\r\nauthorization: Bearer two\r\nX: a\nb: c\r\nY: a\0b\r\n',
    ),
  )
})

test('a bare request says nothing by itself', async () => {
  expect(OK)
  await client.send({ ...get, bare: true, body: 'x', fresh: true })
  assert.equal(received[0], 'GET / HTTP/1.1\r\n\r\nx')
})

test('an answer keeps its headers as they came', async () => {
  expect('HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 4\r\n\r\n{"":')
  const answer = await client.send(get)
  assert.equal(answer.status, 200)
  assert.equal(answer.reason, 'Fine')
  assert.deepEqual(answer.headers.slice(0, 2), [
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ])
  assert.equal(answer.header('SET-COOKIE'), 'a=1, b=2')
  assert.equal(answer.text, '{"":')
  assert.equal(answer.json, undefined)
})

test('chunks, an answer of several pieces and one that ends with the connection are read', async () => {
  expect('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n')
  assert.equal((await client.send(get)).text, 'abc')
  expect('HTTP/1.1 200 OK\r\n\r\nuntil the end')
  afterwards = socket => void socket.end()
  const answer = await client.send({ ...get, fresh: true })
  assert.equal(answer.text, 'until the end')
  assert.ok(answer.closed)
})

test('100 comes before the answer and is none', async () => {
  expect(`HTTP/1.1 100 Continue\r\n\r\n${OK}`)
  const answer = await client.send(get)
  assert.deepEqual([answer.status, answer.informational], [200, [100]])
})

test('connections are used again, unless the server or the request says no', async () => {
  expect(OK, OK, OK.replace('OK\r\n', 'OK\r\nConnection: close\r\n'), OK)
  await client.send({ ...get, fresh: true })
  const before = connections
  await client.send(get)
  const pooled = connections
  await client.send(get)
  await client.send(get)
  assert.ok(pooled - before <= 1)
  assert.equal(connections, pooled + 1)
})

test('a connection that was closed while idle is no answer: the request is sent again', async () => {
  expect(OK, OK)
  await client.send(get)
  // Closed on the next bytes without an answer, as a server does whose patience ended that moment.
  afterwards = socket => void (answers.length > 0 && socket.destroy())
  answers = []
  const pending = client.send(get)
  answers = [OK]
  const answer = await pending
  assert.equal(answer.status, 200)
})

test('no answer is an answer too: closed, or late', async () => {
  expect()
  afterwards = socket => void socket.destroy()
  const closed = await client.send({ ...get, fresh: true })
  assert.deepEqual([closed.status, closed.closed, closed.timedOut], [0, true, false])
  expect()
  const late = await client.send({ ...get, fresh: true, timeout: 50 })
  assert.deepEqual([late.status, late.closed, late.timedOut], [0, false, true])
})

test('raw bytes go as they are, and every answer on the connection comes back', async () => {
  expect(`${OK}${OK.replace('200 OK', '404 Gone')}`)
  const bytes = Buffer.from('GET / HTTP/1.1\nHost: x\r\n\r\n\0\xff', 'latin1')
  const raw = await client.sendRaw(bytes, { answers: 2 })
  assert.equal(received[0], bytes.toString('latin1'))
  assert.deepEqual(
    raw.answers.map(({ status }) => status),
    [200, 404],
  )
})

test('HEAD has no body whatever its length says', async () => {
  expect('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n')
  assert.equal((await client.send({ ...get, method: 'HEAD' })).body.length, 0)
})

test('what cannot be reached is a fault of the target, what the profile does not name one of the kit', async () => {
  const nobody = createClient({ origins: { api: 'http://127.0.0.1:1' } })
  await assert.rejects(nobody.send(get), TargetFault)
  await assert.rejects(nobody.send({ ...get, to: 'issuer' }), KitFault)
  const few = createClient({ origins: { api: 'http://127.0.0.1:1' }, limit: 0 })
  await assert.rejects(few.send(get), KitFault)
})
