import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeatOptions } from './repeat-options.ts'

test('the day a task is due on says what is offered', () => {
  assert.deepEqual(repeatOptions('2026-11-24', null), [
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    'FREQ=WEEKLY;BYDAY=TU',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
    'FREQ=MONTHLY;BYMONTHDAY=24',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24',
  ])
})

test('a repetition of another kind stays among the choices', () => {
  const rule = 'FREQ=WEEKLY;BYDAY=MO,TH'
  assert.equal(repeatOptions('2026-11-24', { rule, from: 'schedule' })[0], rule)
})
