import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Content, changeBetween, tidy } from './content.ts'

const task: Content = {
  title: 'Call Ada',
  description: null,
  due: null,
  recurrence: null,
  priority: 4,
  list: null,
  tags: ['home'],
}

test('only what was changed is sent', () => {
  assert.deepEqual(changeBetween(task, { ...task, priority: 1, due: '2026-11-23' }), {
    due: '2026-11-23',
    priority: 1,
  })
})

test('white space at the ends is no change, and an emptied description is none', () => {
  assert.deepEqual(changeBetween(task, tidy({ ...task, title: ' Call Ada ', description: '  ' })), {})
})

test('a repetition of another kind is a change though its rule is the same', () => {
  const scheduled = { ...task, recurrence: { rule: 'FREQ=DAILY', from: 'schedule' as const } }
  const relaxed = { ...task, recurrence: { rule: 'FREQ=DAILY', from: 'completion' as const } }
  assert.deepEqual(changeBetween(scheduled, { ...scheduled }), {})
  assert.deepEqual(Object.keys(changeBetween(scheduled, relaxed)), ['recurrence'])
})
