import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checks } from './checks/index.ts'
import { listIds, loadRequirements } from './requirements.ts'

const ids = listIds()
const requirements = loadRequirements()

test('every row of the list is written about, once, and no other', () => {
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual([...requirements.keys()], ids)
})

test('every row has a level, tiers, a clause, a sentence, a reason and both fixes', () => {
  for (const { id, level, tier, ...texts } of requirements.values()) {
    assert.ok(level === 'MUST' || level === 'SHOULD', id)
    assert.ok(tier.length > 0 && tier.every(name => ['0', 'K', 'C', 'L', 'B'].includes(name)), id)
    for (const [name, text] of Object.entries(texts)) {
      assert.ok(typeof text === 'string' && text.trim().length > 0, `${id} ${name}`)
    }
  }
})

test('every row is judged by a check, and checks judge no others', () => {
  assert.deepEqual([...new Set(checks.flatMap(check => check.rows))].sort(), ids)
})
