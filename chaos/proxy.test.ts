import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { type ChaosProxy, createProxy } from './proxy.ts'

let proxy: ChaosProxy
let asked = 0
const server = http.createServer(async (request, response) => {
  await request.toArray()
  asked += 1
  response.end(JSON.stringify({ answer: asked }))
})

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await createProxy({ port: (server.address() as AddressInfo).port })
})
after(async () => {
  await proxy.close()
  server.close()
  server.closeAllConnections()
})
beforeEach(() => proxy.set('pass'))

const ask = async (ms = 300) => {
  const signal = AbortSignal.timeout(ms)
  return await (await fetch(`http://127.0.0.1:${proxy.port}`, { method: 'POST', body: 'x', signal })).json()
}

test('what passes is noted with when it was asked for and when it was delivered', async () => {
  const before = performance.now()
  await ask()
  const { sentAt, deliveredAt } = proxy.deliveries.at(-1)!
  assert.ok(before <= sentAt && sentAt <= deliveredAt && deliveredAt <= performance.now())
})

test('refused and cut connections fail, and later ones do not', async () => {
  await proxy.set('refuse')
  await assert.rejects(ask())
  await proxy.set('pass')
  proxy.cut()
  await ask()
})

test('a frozen link is silent, and then delivers what was on its way', async () => {
  const count = asked
  await proxy.set('freeze')
  await assert.rejects(ask())
  assert.equal(asked, count)
  const patient = ask(10_000)
  await proxy.set('pass')
  await patient
})

test('a slow link delays, and a cut in the middle of the body delivers no answer', async () => {
  await proxy.set('slow', { delayMs: 100 })
  const start = performance.now()
  await ask(10_000)
  assert.ok(performance.now() - start >= 200)
  await proxy.set('cut-mid-body')
  const count = proxy.deliveries.length
  await assert.rejects(ask(10_000))
  assert.equal(proxy.deliveries.length, count)
})

test('a request can arrive twice, and an answer be that to an earlier one', async () => {
  proxy.cut()
  const count = asked
  await proxy.set('duplicate-requests')
  await ask(10_000)
  for (const end = Date.now() + 5_000; asked < count + 2 && Date.now() < end; )
    await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(asked, count + 2)
  await proxy.set('pass')
  const { answer } = await ask(10_000)
  await proxy.set('replay-answers')
  assert.deepEqual(await ask(10_000), { answer })
})
