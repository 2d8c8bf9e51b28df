import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPasswordHasher } from './password.ts'
import { TooManyWaiting } from './turns.ts'

const { hash, verify } = createPasswordHasher()

test('a hash is argon2id with the OWASP parameters as a PHC string, salted anew each time', async () => {
  const [one, two] = await Promise.all([hash('violet otter ladder'), hash('violet otter ladder')])
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, two)
})

test('only the same password verifies, however its accents were typed and whatever its length', async () => {
  const long = 'x'.repeat(72)
  const stored = await hash(`${long}é`)
  assert.equal(await verify(stored, `${long}e\u0301`), true)
  for (const other of [`${long}e`, `${long}É`, long, '', `${long}é `])
    assert.equal(await verify(stored, other), false)
})

test('what is no hash of ours verifies nothing', async () => {
  const stored = await hash('violet otter ladder')
  for (const strange of [
    '',
    'violet otter ladder',
    stored.replace('argon2id', 'argon2i'),
    stored.slice(0, -44),
    'salt:hash',
  ])
    assert.equal(await verify(strange, 'violet otter ladder'), false)
})

test('a bounded number is worked on, a bounded number waits, and the rest is told', async () => {
  const small = createPasswordHasher({ concurrent: 1, waiting: 2 })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => small.hash('violet otter ladder')),
  )
  const refused = outcomes.filter(outcome => outcome.status === 'rejected')
  assert.equal(refused.length, 2)
  for (const { reason } of refused) assert.ok(reason instanceof TooManyWaiting)
  await small.hash('and the line moves on')
})
