import assert from 'node:assert/strict'
import net from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { until } from '../test/until.ts'
import { createServer, type ServerLimits } from './server.ts'

type Fetch = Parameters<typeof createServer>[0]

let seen: string[]
let port: number
let server: ReturnType<typeof createServer>
let lines: string[]

const echo: Fetch = async request => {
  const { pathname } = new URL(request.url)
  seen.push(`${request.method} ${pathname}`)
  if (pathname === '/throws') throw new Error('secret detail')
  if (pathname === '/slow') await delay(300)
  if (pathname === '/large') return new Response(Buffer.alloc(20_000_000))
  if (pathname === '/refuses') return new Response('no', { status: 401 })
  if (pathname === '/counts') {
    let size = 0
    for await (const chunk of request.body ?? []) {
      size += chunk.length
      if (size > 65_536) return new Response('too much', { status: 413 })
    }
    return new Response(String(size))
  }
  return new Response(await request.text())
}

async function start(limits: Partial<ServerLimits> = {}): Promise<void> {
  const log = pino({ level: 'debug' }, { write: line => lines.push(line) })
  server = createServer(echo, { log, limits, https: true })
  port = (await server.listen({ host: '127.0.0.1', port: 0 })).port
}

beforeEach(() => {
  seen = []
  lines = []
})
afterEach(() => server.close())

interface Connection {
  socket: net.Socket
  text: () => string
  ended: Promise<void>
}

function connect(): Connection {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => resolve())
  socket.on('end', () => {
    resolve()
    socket.end()
  })
  socket.on('close', () => resolve())
  return { socket, text: () => text, ended }
}

/** Sends bytes as they are and gives back all that came until the server ended the connection. */
async function send(...parts: (string | Buffer)[]): Promise<string> {
  const connection = connect()
  for (const part of parts)
    connection.socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
  await Promise.race([connection.ended, delay(5_000, undefined, { ref: false })])
  connection.socket.destroy()
  return connection.text()
}

const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

function assertProblem(text: string, status: number): void {
  assert.deepEqual(statuses(text), [status], text)
  const [head = '', body = ''] = text.split('\r\n\r\n')
  assert.match(head, /^content-type: application\/problem\+json; charset=utf-8$/im)
  for (const name of [
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    'Strict-Transport-Security: max-age=63072000',
    'Connection: close',
  ])
    assert.ok(head.toLowerCase().includes(name.toLowerCase()), `${name}\n${head}`)
  assert.match(head, /^x-request-id: [0-9a-f-]{36}$/im)
  assert.equal(JSON.parse(body).status, status)
}

const HOST = 'Host: api.test\r\n'
const CLOSE = 'Connection: close\r\n'

describe('framing', () => {
  beforeEach(() => start())

  test('what is not HTTP is answered 400 and the connection closed (T-117…T-119)', async () => {
    const post = `POST /x HTTP/1.1\r\n${HOST}`
    const bad = [
      'nonsense\r\n\r\n',
      'FOO / HTTP/1.1\r\nHost: x\r\n\r\n',
      'get / HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`,
      'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x/y\r\nConnection: close\r\n\r\n',
      'GET /\\x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      `GET / HTTP/1.1\r\n${HOST}X : 1\r\n\r\n`,
      `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`,
      `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`,
      `GET / HTTP/1.1\n${HOST.replace('\r', '')}\n`,
      `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${post}Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd`,
      `${post}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`,
      `${post}Content-Length: +4\r\n\r\nabcd`,
      `${post}Content-Length: 4, 4\r\n\r\nabcd`,
      `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${post}Transfer-Encoding: chunke\r\n\r\n0\r\n\r\n`,
      `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\n${HOST}Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n`,
      `${post}Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n`,
      `${post}Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 0\r\n\r\n`,
      'GET http://a b/ HTTP/1.1\r\nHost: x\r\n\r\n',
      'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      Buffer.from('160301020001000001fc0303', 'hex'),
    ]
    for (const bytes of bad) assertProblem(await send(bytes), 400)
    assert.deepEqual(seen, [])
  })
  test('nothing that follows a broken request is answered', async () => {
    assertProblem(
      await send(
        `POST /x HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`,
      ),
      400,
    )
    assertProblem(
      await send(`GET /x HTTP/1.1\r\n${HOST}${HOST}\r\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`),
      400,
    )
    assert.deepEqual(seen, [])
  })
  test('a broken chunk after good headers ends the request', async () => {
    const text = await send(
      `POST /counts HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nZZ\r\n`,
    )
    assert.deepEqual(statuses(text), [400])
  })
  test('header fields that are too large are 431 (T-122)', async () => {
    assertProblem(
      await send(`GET / HTTP/1.1\r\n${HOST}Authorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`),
      431,
    )
    assertProblem(await send(`GET / HTTP/1.1\r\n${HOST}Cookie: ${'x'.repeat(100_000)}\r\n\r\n`), 431)
    assert.deepEqual(
      statuses(
        await send(
          `GET / HTTP/1.1\r\n${HOST}${CLOSE}${Array.from({ length: 200 }, (_, i) => `X-${i}: 1\r\n`).join('')}\r\n`,
        ),
      ),
      [200],
    )
  })
  test('an expectation other than 100-continue is 417', async () => {
    assertProblem(await send(`POST / HTTP/1.1\r\n${HOST}Expect: tea\r\nContent-Length: 3\r\n\r\nabc`), 417)
  })
  test('an upgrade is ignored (T-124)', async () => {
    for (const upgrade of ['h2c', 'websocket']) {
      const text = await send(
        `GET /x HTTP/1.1\r\n${HOST}Upgrade: ${upgrade}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
      )
      assert.deepEqual(statuses(text), [200])
    }
  })
  test('an absolute target is a path here, whatever host it names; dots lead nowhere', async () => {
    await send(`GET http://evil.test/api/A/tasks HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)
    await send(`GET /api/B/../A/tasks HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)
    await send(`GET /api/B/%2e%2E/A/tasks HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)
    assert.deepEqual(seen, ['GET /api/A/tasks', 'GET /api/A/tasks', 'GET /api/A/tasks'])
  })
  test('requests sent ahead are answered one after another, each once', async () => {
    const one = (path: string, close = '') => `GET ${path} HTTP/1.1\r\n${HOST}${close}\r\n`
    assert.deepEqual(statuses(await send(one('/slow') + one('/b') + one('/c', CLOSE))), [200, 200, 200])
    assert.deepEqual(seen, ['GET /slow', 'GET /b', 'GET /c'])
  })
})

describe('bodies', () => {
  beforeEach(() => start())
  const head = (path: string, more: string) => `POST ${path} HTTP/1.1\r\n${HOST}${more}\r\n`

  test('a refusal does not wait for a large body, and its answer arrives (T-183)', async () => {
    for (const framing of ['Content-Length: 10000000\r\n', 'Transfer-Encoding: chunked\r\n']) {
      const connection = connect()
      connection.socket.write(head('/refuses', framing))
      const chunk = framing.startsWith('T')
        ? Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`)
        : Buffer.alloc(65_536)
      const flood = setInterval(() => connection.socket.writable && connection.socket.write(chunk), 1)
      await connection.ended
      clearInterval(flood)
      assert.deepEqual(statuses(connection.text()), [401])
      assert.match(connection.text(), /connection: close/i)
      connection.socket.destroy()
    }
  })
  test('a body that grows beyond the limit is 413 and the connection ends', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const text = await send(head('/counts', 'Transfer-Encoding: chunked\r\n'), chunk, chunk, chunk)
    assert.deepEqual(statuses(text), [413])
    assert.match(text, /connection: close/i)
  })
  test('after a refusal of a small body the connection goes on', async () => {
    const next = `GET /next HTTP/1.1\r\n${HOST}${CLOSE}\r\n`
    assert.deepEqual(
      statuses(await send(`${head('/refuses', 'Content-Length: 3\r\n')}abc${next}`)),
      [401, 200],
    )
  })
  test('a client that waits for 100 Continue is asked for its body only when it is wanted (T-123)', async () => {
    const expect = 'Expect: 100-continue\r\nContent-Length: 5\r\n'
    const refused = await send(head('/refuses', expect))
    assert.deepEqual(statuses(refused), [401])
    assert.match(refused, /connection: close/i)
    const connection = connect()
    connection.socket.write(head('/x', `${expect}${CLOSE}`))
    await until(() => connection.text().startsWith('HTTP/1.1 100 Continue\r\n\r\n'))
    connection.socket.write('hello')
    await connection.ended
    assert.deepEqual(statuses(connection.text()), [100, 200])
    assert.ok(connection.text().endsWith('hello'))
  })
  test('clients that go away in the middle leave nothing behind', async () => {
    for (let round = 0; round < 200; round += 1) {
      const { socket } = connect()
      const length = round % 2 ? 'Content-Length: 100\r\n' : 'Transfer-Encoding: chunked\r\n'
      socket.write(
        head(['/x', '/counts', '/slow', '/refuses'][round % 4]!, length) +
          (round % 2 ? 'abc' : '3\r\nabc\r\n'),
      )
      if (round % 3) await delay(1)
      if (round % 5 === 0) socket.resetAndDestroy()
      else socket.destroy()
    }
    assert.deepEqual(statuses(await send(`GET /after HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)), [200])
    assert.deepEqual(lines, [])
  })
  test('what an app throws is a 500 without its words', async () => {
    const text = await send(`GET /throws HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)
    assertProblem(text, 500)
    assert.ok(!text.includes('secret detail'))
    assert.ok(lines.some(line => line.includes('secret detail')))
  })
})

describe('time', () => {
  test('headers and bodies that trickle are 408', async () => {
    await start({ headersTimeout: 300, requestTimeout: 600 })
    assertProblem(await send('GET / HTTP/1.1\r\nHo'), 408)
    const text = await send(`POST /x HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nabc`)
    assert.deepEqual(statuses(text), [408])
  })
  test('a body that trickles is 408 at the end of its time, however steadily it does', async () => {
    await start({ headersTimeout: 300, requestTimeout: 900 })
    const { socket, text, ended } = connect()
    socket.write(`POST /x HTTP/1.1\r\n${HOST}Content-Length: 1000000\r\n\r\n`)
    const trickle = setInterval(() => socket.writable && socket.write('a'), 50)
    await ended
    clearInterval(trickle)
    assert.deepEqual(statuses(text()), [408])
    socket.destroy()
  })
  test('a client that does not read its answer is cut off', async () => {
    await start({ idleTimeout: 300 })
    const socket = net.connect({ port, host: '127.0.0.1' })
    socket.pause()
    socket.on('error', () => {})
    socket.write(`GET /large HTTP/1.1\r\n${HOST}\r\n`)
    await until(() => seen.length === 1)
    await delay(3_000)
    let received = 0
    socket.on('data', chunk => {
      received += chunk.length
    })
    socket.resume()
    await new Promise(resolve => socket.once('close', resolve))
    assert.ok(received < 20_000_000)
  })
  test('a connection that says nothing is closed', async () => {
    await start({ headersTimeout: 300, requestTimeout: 600, idleTimeout: 300 })
    const before = Date.now()
    await send('')
    assert.ok(Date.now() - before < 3_000)
  })
})

describe('close', () => {
  test('answers what was received, and takes nothing new', async () => {
    await start()
    const slow = send(`GET /slow HTTP/1.1\r\n${HOST}\r\n`)
    const idle = connect()
    idle.socket.write(`GET /x HTTP/1.1\r\n${HOST}\r\n`)
    await until(() => seen.length === 2 && idle.text().includes('200'))
    const closing = server.close()
    idle.socket.write(`GET /late HTTP/1.1\r\n${HOST}\r\n`)
    assert.deepEqual(statuses(await slow), [200])
    await closing
    await idle.ended
    assert.deepEqual(statuses(idle.text()), [200, 200])
    assert.equal(await send('GET / HTTP/1.1\r\n\r\n'), '')
    await start()
  })
  test('does not wait for ever', async () => {
    await start({ closing: 200 })
    const { socket, ended } = connect()
    socket.write(`POST /x HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nabc`)
    await until(() => seen.length === 1)
    const before = Date.now()
    await server.close()
    assert.ok(Date.now() - before < 1_500)
    await ended
    await start()
  })
})
