import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageFault } from './faults.ts'
import { parseKnownFailures } from './known-failures.ts'

const read = (text: string) => parseKnownFailures(text, 'the test', ['T-001', 'T-002'])

test('a row with a reason is known', () => {
  assert.deepEqual(read('T-001: mended in March'), new Map([['T-001', 'mended in March']]))
  assert.deepEqual(read('# nothing yet\n'), new Map())
})

test('a row that is not there, or has no reason, is a fault', () => {
  assert.throws(() => read('T-003: why'), UsageFault)
  assert.throws(() => read('T-001:'), UsageFault)
  assert.throws(() => read('- T-001'), UsageFault)
})
