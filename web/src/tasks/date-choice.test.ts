import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeTo } from './date-choice.ts'

const berlin = '2026-11-21T09:00[Europe/Berlin]'
const weekly = { rule: 'FREQ=WEEKLY', from: 'schedule' } as const

test('another day alone keeps the time, its zone and the repetition', () => {
  assert.deepEqual(changeTo({ date: '2026-11-24' }, { due: berlin, recurrence: weekly }), {
    due: '2026-11-24T09:00[Europe/Berlin]',
  })
  assert.deepEqual(changeTo({ date: '2026-11-24' }, { due: null, recurrence: null }), { due: '2026-11-24' })
})

test('a time is set or taken away only when that was asked for', () => {
  const task = { due: berlin, recurrence: null }
  assert.deepEqual(changeTo({ date: '2026-11-24', clock: null }, task), { due: '2026-11-24' })
  assert.deepEqual(changeTo({ date: '2026-11-24', clock: { time: '14:30', zone: 'Asia/Tokyo' } }, task), {
    due: '2026-11-24T14:30[Asia/Tokyo]',
  })
})

test('no date means no repetition either', () => {
  assert.deepEqual(changeTo({ date: null }, { due: berlin, recurrence: weekly }), {
    due: null,
    recurrence: null,
  })
  assert.deepEqual(changeTo({ date: null }, { due: berlin, recurrence: null }), { due: null })
})

test('a repetition is chosen together with its date', () => {
  assert.deepEqual(changeTo({ date: '2026-11-24', recurrence: weekly }, { due: null, recurrence: null }), {
    due: '2026-11-24',
    recurrence: weekly,
  })
})
