import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillTask, type Task } from '../tasks/task.ts'
import { beginDraft, changesIn, readDraft, withSubtasks } from './draft.ts'

const at = '2026-11-21T08:00:00.000Z'
const task = (id: string, more: Partial<Task> = {}) =>
  fillTask({
    ...{ id, user_id: 'ada', title: id, description: null, completed: false },
    ...{ created_at: at, updated_at: at, revision: 3, ...more },
  })

test('a draft in which nothing was changed has nothing to say', () => {
  const draft = beginDraft(task('a'), [task('b', { parent: 'a' })])
  assert.equal(changesIn(draft), null)
  assert.equal(changesIn({ ...draft, content: { ...draft.content, title: ' a ', description: ' ' } }), null)
})

test('a draft says what was changed of the task and of its subtasks', () => {
  const draft = beginDraft(task('a'), [task('b', { parent: 'a' })])
  const changed = {
    ...draft,
    content: { ...draft.content, priority: 1 as const },
    subtasks: { rows: [{ ...draft.subtasks!.rows[0]!, completed: true }], leaving: [] },
  }
  assert.deepEqual(changesIn(changed), {
    own: { priority: 1 },
    subtasks: { create: [], change: [{ id: 'b', revision: 3, completed: true }] },
  })
})

test('subtasks that are known later come into the draft once', () => {
  const draft = beginDraft(task('a'), null)
  assert.equal(changesIn({ ...draft, content: { ...draft.content, title: 'A' } })?.subtasks.change.length, 0)
  const known = withSubtasks(draft, [task('b', { parent: 'a' })])
  assert.equal(known.subtasks?.rows.length, 1)
  assert.equal(withSubtasks(known, []), known)
})

test('a draft is read again, and what is none is not', () => {
  const draft = beginDraft(task('a'), [])
  assert.deepEqual(readDraft(JSON.stringify(draft), 'a'), draft)
  for (const text of ['', 'null', '{', '{"title":"old"}', JSON.stringify(draft)])
    assert.equal(readDraft(text, 'b'), null)
})
