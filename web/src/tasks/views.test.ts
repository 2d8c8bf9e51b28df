import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftTask, type Task } from './task.ts'
import { belongs, defaultsIn, type View, viewAt, viewPath, viewQuery } from './views.ts'

const TODAY = '2026-11-21'
const task = (more: Partial<Task>): Task => ({ ...draftTask({ title: 't' }, 'id', 'ada', 0), ...more })

test('every view is found again by its address', () => {
  const views: View[] = [
    ...(['today', 'upcoming', 'inbox', 'done', 'trash'] as const).map(kind => ({ kind })),
    { kind: 'list', id: '01938d9e-0000-7000-8000-000000000002' },
    { kind: 'tag', name: 'straße&c' },
    { kind: 'search', q: 'a b&c' },
  ]
  for (const view of views) {
    const url = new URL(viewPath(view), 'https://todo.example')
    assert.deepEqual(viewAt(url.pathname, url.search), view)
  }
})

test('an address that is none of a view names none', () => {
  for (const path of ['/', '/tasks', '/lists', '/lists/', '/today/1', '/lists/a/b', '/tags/%E0%A4%A'])
    assert.equal(viewAt(path, ''), null, path)
})

test('a backend of the core alone is asked only what it knows', () => {
  assert.equal(viewQuery({ kind: 'all' }, TODAY), '?limit=100')
})

test('today is what is due by its end, upcoming all after it', () => {
  assert.match(viewQuery({ kind: 'today' }, TODAY), /due_before=2026-11-22&/)
  assert.match(viewQuery({ kind: 'upcoming' }, TODAY), /due_after=2026-11-21&/)
  const evening = task({ due: '2026-11-21T23:30[Asia/Tokyo]' })
  assert.equal(belongs(evening, { kind: 'today' }, TODAY), true)
  assert.equal(belongs(evening, { kind: 'upcoming' }, TODAY), false)
  assert.equal(belongs(task({ due: '2026-11-22' }), { kind: 'upcoming' }, TODAY), true)
})

test('a deleted task belongs to the trash alone', () => {
  const deleted = task({ deleted_at: '2026-11-21T00:00:00.000Z' })
  assert.equal(belongs(deleted, { kind: 'inbox' }, TODAY), false)
  assert.equal(belongs(deleted, { kind: 'search', q: '' }, TODAY), false)
  assert.equal(belongs(deleted, { kind: 'trash' }, TODAY), true)
})

test('what is added in a view belongs there', () => {
  const views: View[] = [
    { kind: 'today' },
    { kind: 'upcoming' },
    { kind: 'inbox' },
    { kind: 'list', id: 'l' },
    { kind: 'tag', name: 'Home' },
    { kind: 'subtasks', parent: 'p' },
  ]
  for (const view of views) assert.equal(belongs(task(defaultsIn(view, TODAY)), view, TODAY), true, view.kind)
})
