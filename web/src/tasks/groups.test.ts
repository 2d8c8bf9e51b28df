import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupTasks, itemsOf } from './groups.ts'
import { draftTask, type Task } from './task.ts'

const TODAY = '2026-11-21'
const task = (id: string, more: Partial<Task> = {}): Task => ({
  ...draftTask({ title: id }, id, 'ada', 0),
  ...more,
})
const shape = (groups: ReturnType<typeof groupTasks>) =>
  groups.map(({ key, tasks }) => [key, tasks.map(({ id }) => id).join('')])

test('what is overdue stands apart from today; alone, today needs no heading', () => {
  const late = task('a', { due: '2026-11-20' })
  const now = task('b', { due: `${TODAY}T09:00[Europe/Berlin]` })
  assert.deepEqual(shape(groupTasks([late, now], { kind: 'today' }, TODAY)), [
    ['overdue', 'a'],
    [TODAY, 'b'],
  ])
  assert.deepEqual(shape(groupTasks([now], { kind: 'today' }, TODAY)), [['', 'b']])
})

test('what was unticked in Done stays with its neighbours', () => {
  const done = (id: string) => task(id, { completed: true, completed_at: '2026-11-19T12:00:00.000Z' })
  assert.deepEqual(shape(groupTasks([done('a'), task('b'), done('c')], { kind: 'done' }, TODAY)), [
    ['2026-11-19', 'abc'],
  ])
})

test('each row knows its place in its group, and says when the end is not known yet', () => {
  const groups = groupTasks(
    [task('a', { due: '2026-11-22' }), task('b', { due: '2026-11-23' })],
    { kind: 'upcoming' },
    TODAY,
  )
  const sizes = (isWhole: boolean) =>
    itemsOf(groups, isWhole).map(item => (item.kind === 'task' ? item.size : item.group))
  assert.deepEqual(sizes(true), ['2026-11-22', 1, '2026-11-23', 1])
  assert.deepEqual(sizes(false), ['2026-11-22', 1, '2026-11-23', -1])
})
