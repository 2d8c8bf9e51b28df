import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysLeft } from './days-left.ts'

const now = Date.parse('2026-11-21T12:00:00.000Z')

test('what was deleted just now stays for 30 days, and what goes today for one', () => {
  assert.equal(daysLeft('2026-11-21T11:59:00.000Z', now), 30)
  assert.equal(daysLeft('2026-11-20T11:59:00.000Z', now), 29)
  assert.equal(daysLeft('2026-10-22T12:01:00.000Z', now), 1)
})

test('clocks that differ never give more than 30 days or less than one', () => {
  assert.equal(daysLeft('2026-11-21T12:05:00.000Z', now), 30)
  assert.equal(daysLeft('2026-10-01T00:00:00.000Z', now), 1)
})
