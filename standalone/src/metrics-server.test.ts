import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { Gauge, Registry } from 'prom-client'
import { freePort } from '../../test/free-port.ts'
import { serveMetrics } from './metrics-server.ts'
import { StartError } from './start-error.ts'

test('figures are at /metrics of their own port, those of the process among them', async t => {
  const registry = new Registry()
  new Gauge({ name: 'own', help: 'of a part', registers: [registry] }).set(7)
  const metricsPort = await freePort()
  const server = await serveMetrics(registry, { metricsHost: '127.0.0.1', metricsPort })
  t.after(server.close)
  const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${metricsPort}${path}`, { method })
  const answer = await ask('/metrics')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  for (const name of ['own', 'nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
    assert.match(text, new RegExp(`^${name} \\d`, 'm'))
  assert.equal((await ask('/')).status, 404)
  assert.equal((await ask('/metrics', 'POST')).status, 405)
})

test('without a port nothing is listened on; a taken one stops the start in words', async t => {
  const nothing = await serveMetrics(new Registry(), { metricsHost: '127.0.0.1', metricsPort: null })
  await nothing.close()
  const taken = net.createServer().listen(0, '127.0.0.1')
  t.after(() => taken.close())
  await once(taken, 'listening')
  const { port: metricsPort } = taken.address() as AddressInfo
  await assert.rejects(
    serveMetrics(new Registry(), { metricsHost: '127.0.0.1', metricsPort }),
    (error: Error) => error instanceof StartError && error.message.includes(String(metricsPort)),
  )
})
