import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findFaults, type Report, type Row } from './verdict.ts'

const row = (id: string, verdict: Row['verdict']): Row => ({
  id,
  verdict,
  clause: 'RFC 1',
  sentence: 'It holds.',
  findings: [],
  reasons: ['a reason'],
})

const report = (rows: Row[], more: Partial<Report> = {}): Report => ({
  seed: '1',
  outcome: 'held',
  because: [],
  seconds: 1,
  requests: 1,
  rows,
  ...more,
})

test('a run in which all rows held, but for those on the list, has no fault', () => {
  const rows = [row('T-001', 'held'), row('T-270', 'not applicable')]
  assert.deepEqual(findFaults(report(rows), ['T-270']), [])
})

test('a row that was not run is a fault, with its reason', () => {
  assert.deepEqual(findFaults(report([row('T-057', 'not run')]), []), ['T-057 was not run: a reason'])
})

test('rows that are not applicable are exactly those on the list', () => {
  const rows = [row('T-270', 'not applicable'), row('T-271', 'held')]
  assert.deepEqual(findFaults(report(rows), ['T-271']), [
    'T-270 is not applicable and is not on the list',
    'T-271 is on the list and was applicable',
  ])
})

test('what the kit holds against the run is a fault', () => {
  const because = ['T-031 fell short: alg none']
  assert.deepEqual(
    findFaults(report([row('T-031', 'fell short')], { outcome: 'fell short', because }), []),
    because,
  )
})
