import assert from 'node:assert/strict'
import net from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { mint } from '../test/issuer-stand-in.ts'
import { openTestApi, type User } from '../test/open-api.ts'
import { createServer } from './server.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let server: ReturnType<typeof createServer>
let port: number
let a: User
const faults: string[] = []

before(async () => {
  product = await openTestApi()
  a = await product.addUser()
  const log = pino({ level: 'error' }, { write: line => faults.push(line) })
  server = createServer(product.api.fetch, { log })
  port = (await server.listen({ host: '127.0.0.1', port: 0 })).port
})
after(async () => {
  await server.close()
  await product.close()
})

async function send(
  method: string,
  more: string | string[] = '',
  token: string | null = a.token,
): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {})
  const authorization = token ? `Authorization: Bearer ${token}\r\n` : ''
  socket.write(`${method} ${a.tasks} HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n${authorization}`)
  for (const part of [more].flat()) socket.write(part || '\r\n')
  await Promise.race([
    new Promise(resolve => socket.on('close', resolve)),
    delay(3_000, undefined, { ref: false }),
  ])
  socket.destroy()
  return Buffer.concat(chunks).toString()
}

const status = (answer: string) => Number(answer.slice(9, 12))
const CHUNKED = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'

test('TRACE and other methods are 405 with Allow, and nothing of the request comes back (T-145, T-146)', async () => {
  for (const method of ['TRACE', 'QUERY', 'PROPFIND', 'SEARCH', 'DELETE']) {
    const answer = await send(method)
    assert.equal(status(answer), 405, answer)
    assert.match(answer, /^allow: GET, HEAD, POST, PATCH, OPTIONS\r$/im)
    assert.ok(!answer.includes(a.token))
  }
  assert.equal(status(await send('TRACE', '', null)), 401)
})

test('a body in chunks is read as any other, and its trailers are not headers', async () => {
  const other = await product.addUser()
  const body = ['5\r\n{"tit\r\n', '8\r\nle":"y"}\r\n', `0\r\nAuthorization: Bearer ${other.token}\r\n\r\n`]
  const answer = await send('POST', [CHUNKED, ...body])
  assert.equal(status(answer), 201, answer)
  assert.ok(answer.includes(a.id))
})

test('a body over the limit is 413, and 401 comes before it', async () => {
  const chunks = Array(5).fill(`8000\r\n${'x'.repeat(0x8000)}\r\n`)
  assert.equal(status(await send('POST', [CHUNKED, ...chunks])), 413)
  const stated = 'Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n'
  assert.equal(status(await send('POST', [stated, 'x'.repeat(100_000)])), 413)
  assert.equal(status(await send('POST', [stated, 'x'.repeat(100_000)], mint(a.id, { iss: 'x' }))), 401)
})

test('bytes beyond ASCII in credentials are a bad token, in a path a bad request (T-121, T-137)', async () => {
  assert.equal(status(await send('GET', '', '👋')), 401)
  const socket = net.connect(port, '127.0.0.1')
  socket.write(Buffer.from(`GET /api/é/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`))
  const answer = Buffer.concat(await socket.toArray()).toString()
  assert.equal(status(answer), 400)
})

test('hundreds of clients that go away leave no connection, no transaction and no fault behind', async () => {
  await Promise.all(
    Array.from({ length: 300 }, async (_, i) => {
      const socket = net.connect(port, '127.0.0.1').on('error', () => {})
      const head = `POST ${a.tasks} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${a.token}\r\n`
      if (i % 3 === 0)
        socket.write(`${head}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"title":`)
      if (i % 3 === 1) socket.write(`${head}${CHUNKED}5\r\n{"tit\r\n`)
      if (i % 3 === 2)
        socket.write(`GET ${a.tasks} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${a.token}\r\n\r\n`)
      await delay(i % 50)
      if (i % 2) socket.destroy()
      else socket.resetAndDestroy()
    }),
  )
  assert.equal(status(await send('GET')), 200)
  const open = `select from pg_stat_activity where application_name = 'latchkey-api' and state like 'idle in%' and datname = current_database()`
  assert.equal((await product.admin.query(open)).rowCount, 0)
  assert.deepEqual(faults, [])
})
