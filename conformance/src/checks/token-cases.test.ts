import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../random.ts'
import { nearMisses, notTexts, notTimes, say } from './token-cases.ts'

test('a near miss is never the text itself', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = createRandom(String(seed))
    const text = random.pick(['HS256', 'https://issuer.example', 'A', random.text(20)])
    assert.ok(!nearMisses(random, text).includes(text))
  }
})

test('the same seed makes the same near misses, another makes others', () => {
  const of = (seed: string) => nearMisses(createRandom(seed), 'https://issuer.example')
  assert.deepEqual(of('one'), of('one'))
  assert.notDeepEqual(of('one'), of('other'))
})

test('what is no text is no text, and what is no time is no number', () => {
  const random = createRandom('any')
  for (const value of notTexts(random)) assert.notEqual(typeof value, 'string')
  for (const value of notTimes(random, 1)) assert.notEqual(typeof value, 'number')
})

test('a value is named in one short line', () => {
  assert.equal(say(undefined), 'missing')
  assert.equal(say([1]), '[1]')
  assert.ok(say('x'.repeat(10_000)).length < 90)
})
