import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { until } from '../test/until.ts'
import { createKeySet, type KeySet } from './key-set.ts'

const jwk = (kid: string) => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid })

let published: object[]
let looks: number
let status: number
let lines: { event: string }[]
let set: KeySet

const fetch = (async () => {
  looks += 1
  return new Response(JSON.stringify({ keys: published }), { status })
}) as typeof globalThis.fetch

function open(times: { refreshMs?: number; cooldownMs?: number }): KeySet {
  const log = pino({ level: 'info' }, { write: line => lines.push(JSON.parse(line)) })
  return createKeySet({ url: 'http://issuer.test/api/auth/jwks', fetch, log, ...times })
}

beforeEach(() => {
  published = [jwk('e1')]
  looks = 0
  status = 200
  lines = []
})
afterEach(() => set.close())

test('keys are there before a token asks for them, and are looked at again regularly', async () => {
  set = open({ refreshMs: 50, cooldownMs: 10 })
  assert.equal(set.loaded(), false)
  set.start()
  await until(() => set.loaded())
  const first = set.get('e1')
  assert.ok(first)
  await until(() => looks > 2)
  assert.equal(set.get('e1'), first)
  published = []
  await until(() => set.get('e1') === undefined)
})

test('an unknown kid brings the next look forward, and a flood of them no more than one in the cooldown', async () => {
  set = open({ refreshMs: 60_000, cooldownMs: 100 })
  set.start()
  await until(() => set.loaded())
  published.push(jwk('e2'))
  assert.equal(set.get('e2'), undefined)
  await until(() => set.get('e2') !== undefined)
  const [since, start] = [looks, performance.now()]
  for (let i = 0; i < 50; i += 1) {
    set.get(`unknown${i}`)
    await delay(5)
  }
  const most = (performance.now() - start) / 100 + 2
  assert.ok(looks - since <= most, `${looks - since} looks, ${most} allowed`)
})

test('a look that is slow brings no key back that is retired by then', async () => {
  const old = published
  let answerFirst = (_: Response) => {}
  const first = new Promise<Response>(resolve => {
    answerFirst = resolve
  })
  const answers = [first, Promise.resolve(Response.json({ keys: [jwk('e2')] }))]
  const slow = (() => answers.shift()) as unknown as typeof globalThis.fetch
  const log = pino({ level: 'silent' })
  set = createKeySet({ url: 'http://issuer.test/api/auth/jwks', fetch: slow, log })
  const looks = [set.refresh(), set.refresh()]
  await delay(10)
  answerFirst(Response.json({ keys: old }))
  await Promise.all(looks)
  assert.equal(set.get('e1'), undefined)
  assert.ok(set.get('e2'))
})

test('while the issuer is away the keys stay, and that is logged once', async () => {
  set = open({ refreshMs: 20, cooldownMs: 10 })
  set.start()
  await until(() => set.loaded())
  status = 500
  await until(() => lines.length > 0)
  await delay(100)
  assert.ok(set.get('e1'))
  status = 200
  await until(() => lines.length > 1)
  assert.deepEqual(
    lines.map(line => line.event),
    ['key_set_lost', 'key_set_recovered'],
  )
})
