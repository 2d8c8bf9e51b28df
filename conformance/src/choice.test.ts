import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseRows } from './choice.ts'
import { UsageFault } from './faults.ts'

const IDS = ['T-001', 'T-002', 'T-010', 'T-011', 'T-031']

test('rows are chosen by name, by beginning and by range', () => {
  assert.deepEqual([...chooseRows(['t-031, T-001'], IDS)], ['T-031', 'T-001'])
  assert.deepEqual([...chooseRows(['T-01*'], IDS)], ['T-010', 'T-011'])
  assert.deepEqual([...chooseRows(['T-002..T-010', 'T-010'], IDS)], ['T-002', 'T-010'])
})

test('a choice of nothing is a fault', () => {
  assert.throws(() => chooseRows(['T-999'], IDS), UsageFault)
  assert.throws(() => chooseRows([''], IDS), UsageFault)
})
