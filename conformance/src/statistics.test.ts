import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from './random.ts'
import { areaUnderCurve, createStatistics, judge } from './statistics.ts'

test('the area is the share of pairs in which the first is slower', () => {
  assert.equal(areaUnderCurve([2, 3], [1, 1]), 1)
  assert.equal(areaUnderCurve([1, 1], [2, 3]), 0)
  assert.equal(areaUnderCurve([1, 2], [1, 2]), 0.5)
  assert.equal(areaUnderCurve([1, 3], [2, 2]), 0.5)
})

test('few numbers say nothing, many say what they are', () => {
  const random = createRandom('numbers')
  const noise = (count: number, more = 0) => Array.from({ length: count }, () => random.number() + more)
  assert.equal(judge(noise(20), noise(20), [0.45, 0.55]).verdict, 'unclear')
  assert.equal(judge(noise(5_000), noise(5_000), [0.45, 0.55]).verdict, 'same')
  assert.equal(judge(noise(300, 0.3), noise(300), [0.45, 0.55]).verdict, 'apart')
})

test('what is unclear is measured again, and stays unclear when it must', async () => {
  const random = createRandom('measure')
  let calls = 0
  const measure = async () => {
    calls += 1
    return random.number()
  }
  const { compare } = createStatistics(random)
  const few = await compare({ first: measure, second: measure }, { pairs: 10, repeats: 2 })
  assert.deepEqual([few.verdict, few.pairs, calls], ['unclear', 30, 60])
  const apart = await compare({ first: async () => 2 + random.number(), second: measure }, { pairs: 100 })
  assert.deepEqual([apart.verdict, apart.pairs], ['apart', 100])
})
