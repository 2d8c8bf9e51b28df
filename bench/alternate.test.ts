import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { alternate } from './alternate.ts'
import { requestText } from './wire.ts'

/** Answers with the status that `answer` has for the nth request of all. */
async function serve(answer: (n: number) => number) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    response.writeHead(answer(asked.length), { 'content-length': 0 }).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { asked, port, [Symbol.dispose]: () => server.close().closeAllConnections() }
}

const plan = { rounds: 2, requests: 10 }
const requests = ['/a', '/b'].map(path => requestText({ path }))

test('each target is asked as often as the others, half a round more to warm it', async () => {
  using one = await serve(() => 200)
  using two = await serve(() => 201)
  const latencies = await alternate(
    [one, two].map(({ port }) => ({ port, requests })),
    plan,
  )
  assert.deepEqual([one.asked.length, two.asked.length], [25, 25])
  assert.deepEqual(one.asked.slice(0, 3), ['/a', '/b', '/a'])
  for (const { p50, p95, p99, failed } of latencies) {
    assert.ok(0 < p50 && p50 <= p95 && p95 <= p99)
    assert.deepEqual(failed, {})
  }
})

test('a round with failures is done again; what fails three times is told', async () => {
  using late = await serve(n => (n > 5 && n <= 10 ? 503 : 200))
  using broken = await serve(() => 500)
  const [once] = await alternate([{ port: late.port, requests }], plan)
  assert.deepEqual(once!.failed, {})
  assert.equal(late.asked.length, 35)
  const [always] = await alternate([{ port: broken.port, requests }], { ...plan, rounds: 1 })
  assert.deepEqual(always!.failed, { 500: 10 })
  assert.equal(broken.asked.length, 35)
})
