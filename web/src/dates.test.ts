import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortMoment } from './dates.ts'

const now = new Date(2026, 10, 21, 0, 30)
const at = (...local: [number, number, number, number?, number?]) =>
  shortMoment(new Date(...local).toISOString(), now)

test('today is a time of day', () => assert.match(at(2026, 10, 21, 0, 5), /\d/))

test('yesterday counts calendar days, not hours', () => {
  assert.equal(
    at(2026, 10, 20, 23, 50),
    new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(-1, 'day'),
  )
})

test('the year is said only when it is another one', () => {
  assert.doesNotMatch(at(2026, 10, 1, 12), /2026/)
  assert.match(at(2025, 10, 1, 12), /2025/)
})
