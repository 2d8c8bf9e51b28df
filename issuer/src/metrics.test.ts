import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { startIssuer } from '../test/issuer.ts'

test('metrics count by endpoint and status class, and tell barriers, leases, passwords and connections', async t => {
  const registry = new Registry()
  const issuer = await startIssuer({ registry })
  t.after(issuer.close)
  const browser = issuer.browser()
  await browser.signUp()
  await browser.get('/token')
  await issuer.poll({ instance: randomUUID() })
  await browser.post('/sign-out')
  await browser.get('/token')
  await browser.get('/no/such/endpoint')
  await issuer.ask('/some/page')
  const text = await registry.metrics()
  for (const [name, least] of [
    ['latchkey_issuer_request_duration_seconds_count{route="/api/auth/sign-up/email",status="2xx"}', 1],
    ['latchkey_issuer_request_duration_seconds_count{route="/api/auth/token",status="2xx"}', 1],
    ['latchkey_issuer_request_duration_seconds_count{route="/api/auth/token",status="4xx"}', 1],
    ['latchkey_issuer_request_duration_seconds_count{route="/api/auth/revocations",status="2xx"}', 1],
    ['latchkey_issuer_request_duration_seconds_count{route="none",status="4xx"}', 1],
    ['latchkey_issuer_request_duration_seconds_count{route="page",status="4xx"}', 1],
    ['latchkey_issuer_barrier_wait_seconds_count', 2],
    ['latchkey_issuer_shed_requests_total{reason="passwords"}', 0],
    ['latchkey_issuer_passwords_running', 0],
    ['latchkey_issuer_passwords_waiting', 0],
    ['latchkey_issuer_database_connections_used', 0],
    ['latchkey_issuer_database_requests_waiting', 0],
    ['latchkey_issuer_leases', 0],
  ] as const)
    assert.ok(text.split('\n').includes(`${name} ${least}`), `${name} ${least}\n${text}`)
  assert.ok(!text.includes('@'))
})
