import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLoad } from './load.ts'

test('a request is refused when those before it would keep it waiting for more than a quarter second', t => {
  let waiting = 0
  const load = createLoad({ slots: 10, waiting: () => waiting })
  t.after(load.close)
  assert.equal(load.excess(), null)
  for (let n = 0; n < 500; n += 1) load.served(10)
  waiting = 240
  assert.equal(load.excess(), null)
  waiting = 260
  assert.equal(load.excess(), 'queue')
  for (let n = 0; n < 500; n += 1) load.served(5)
  assert.equal(load.excess(), null)
})

test('however fast the database is believed to be, not everybody can wait', t => {
  const load = createLoad({ slots: 10, waiting: () => 10_000 })
  t.after(load.close)
  assert.equal(load.excess(), 'queue')
})

test('a process that comes late to its timers takes nothing more until it is in time again', t => {
  let now = 0
  t.mock.timers.enable({ apis: ['setInterval'] })
  const load = createLoad({ slots: 10, waiting: () => 0, monotonic: () => now })
  t.after(load.close)
  const look = (milliseconds: number) => {
    now += milliseconds
    t.mock.timers.tick(50)
  }
  look(50)
  assert.equal(load.excess(), null)
  look(600)
  assert.equal(load.excess(), 'event_loop')
  look(50)
  assert.equal(load.excess(), null)
})
