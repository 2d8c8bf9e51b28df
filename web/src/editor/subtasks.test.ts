import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addSubtasks,
  editSubtask,
  moveSubtask,
  removeSubtask,
  returnSubtask,
  type Subtask,
  subtaskChanges,
  titlesOf,
} from './subtasks.ts'

const row = (id: string, position: string, more: Partial<Subtask> = {}): Subtask => ({
  id,
  title: id,
  completed: false,
  position,
  revision: 1,
  ...more,
})
const three = [row('a', 'a0'), row('b', 'a1'), row('c', 'a2')]
const ids = (rows: readonly Subtask[]) => rows.map(({ id }) => id)
const isInOrder = (rows: readonly Subtask[]) =>
  rows.every((each, at) => at === 0 || rows[at - 1]!.position < each.position)

test('an untouched list sends nothing', () => {
  assert.deepEqual(subtaskChanges(three, { rows: three, leaving: [] }), { create: [], change: [] })
})

test('moving sends the one position that changed', () => {
  const rows = moveSubtask(three, 'c', 0)
  assert.deepEqual(ids(rows), ['c', 'a', 'b'])
  assert.ok(isInOrder(rows))
  const { change } = subtaskChanges(three, { rows, leaving: [] })
  assert.deepEqual(change, [{ id: 'c', revision: 1, position: rows[0]!.position }])
})

test('moving beyond the ends stays within them', () => {
  assert.deepEqual(ids(moveSubtask(three, 'a', -1)), ['a', 'b', 'c'])
  assert.deepEqual(ids(moveSubtask(three, 'a', 9)), ['b', 'c', 'a'])
})

test('moving between two rows of one position gives all of them an own one', () => {
  const rows = moveSubtask([row('a', 'a0'), row('b', 'a0'), row('c', 'a1')], 'c', 1)
  assert.deepEqual(ids(rows), ['a', 'c', 'b'])
  assert.ok(isInOrder(rows))
})

test('what is new comes last and is created, and what is gone is deleted', () => {
  const rows = addSubtasks(removeSubtask(three, 'b'), [
    { id: 'd', title: ' Four ' },
    { id: 'e', title: '  ' },
  ])
  assert.ok(isInOrder(rows))
  const { create, change } = subtaskChanges(three, { rows, leaving: [] })
  assert.deepEqual(
    create.map(({ id, title }) => [id, title]),
    [['d', 'Four']],
  )
  assert.deepEqual(change, [{ id: 'b', revision: 1, deleted: true }])
})

test('a rename and a tick of one row are one change', () => {
  const rows = editSubtask(three, 'a', { title: 'Anew', completed: true })
  assert.deepEqual(subtaskChanges(three, { rows, leaving: [] }).change, [
    { id: 'a', revision: 1, title: 'Anew', completed: true },
  ])
})

test('an emptied title deletes the row', () => {
  const rows = editSubtask(three, 'a', { title: ' ' })
  assert.deepEqual(subtaskChanges(three, { rows, leaving: [] }).change, [
    { id: 'a', revision: 1, deleted: true },
  ])
})

test('a row that becomes a task of its own leaves its parent and is not deleted', () => {
  const draft = { rows: removeSubtask(three, 'a'), leaving: [row('a', 'a0')] }
  assert.deepEqual(subtaskChanges(three, draft).change, [{ id: 'a', revision: 1, parent: null }])
})

test('a row that stays after all takes its place again', () => {
  assert.deepEqual(ids(returnSubtask(removeSubtask(three, 'b'), three[1]!)), ['a', 'b', 'c'])
})

test('pasted lines lose the marks of a list', () => {
  assert.deepEqual(titlesOf('- milk\n* [ ] bread\n\n  [x] eggs\r\nplain - dash'), [
    'milk',
    'bread',
    'eggs',
    'plain - dash',
  ])
})
