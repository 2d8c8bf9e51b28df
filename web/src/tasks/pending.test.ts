import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Local, type Locals, layOver } from './pending.ts'
import { draftTask, type Task } from './task.ts'
import type { View } from './views.ts'

const TODAY = '2026-11-21'
const task = (id: string, more: Partial<Task> = {}): Task => ({
  ...draftTask({ title: id }, id, 'ada', 0),
  revision: 1,
  position: `a${id}`,
  ...more,
})
const local = (changed: Task, more: Partial<Local> = {}): Local => ({
  ...{ task: changed, base: changed, pending: true, isNew: false, made: 100, known: Infinity },
  ...more,
})
const localsOf = (...all: Local[]): Locals => new Map(all.map(one => [one.task.id, one]))

function show(view: View, tasks: Task[], locals: Locals, { asked = 50, since = 60 } = {}): string[] {
  const pages = [{ tasks, next: null, asked }]
  return layOver(pages, locals, { view, today: TODAY, since }).map(({ id }) => id)
}

const INBOX: View = { kind: 'inbox' }
const UPCOMING: View = { kind: 'upcoming' }

test('a new task stands where its position puts it', () => {
  const added = task('new', { position: 'a15' })
  const locals = localsOf(local(added, { isNew: true }))
  assert.deepEqual(show(INBOX, [task('1'), task('2')], locals), ['1', 'new', '2'])
})

test('a task that was moved away goes, and appears where it belongs now', () => {
  const moved = task('1', { list: 'work' })
  assert.deepEqual(show(INBOX, [task('1'), task('2')], localsOf(local(moved))), ['2'])
  assert.deepEqual(show({ kind: 'list', id: 'work' }, [task('3')], localsOf(local(moved))), ['1', '3'])
})

test('a deleted task goes everywhere and is in the trash', () => {
  const deleted = task('1', { deleted_at: '2026-11-21T10:00:00.000Z' })
  assert.deepEqual(show(INBOX, [task('1')], localsOf(local(deleted))), [])
  assert.deepEqual(show({ kind: 'trash' }, [], localsOf(local(deleted))), ['1'])
})

test('another date moves the row within its view', () => {
  const [first, second] = [task('1', { due: '2026-11-22' }), task('2', { due: '2026-11-23' })]
  const later = { ...first, due: '2026-11-25' }
  assert.deepEqual(show(UPCOMING, [first, second], localsOf(local(later))), ['2', '1'])
})

test('what is ticked stays where it is until the view is left', () => {
  const ticked = task('1', { completed: true, completed_at: '2026-11-21T10:00:00.000Z' })
  assert.deepEqual(show(INBOX, [task('1'), task('2')], localsOf(local(ticked))), ['1', '2'])
  assert.deepEqual(show(INBOX, [task('1'), task('2')], localsOf(local(ticked)), { since: 101 }), ['2'])
})

test('what was ticked and saved stays too, though the server lists it no more', () => {
  const ticked = task('1', { completed: true, revision: 2 })
  const saved = local(ticked, { pending: false, known: 110 })
  assert.deepEqual(show(INBOX, [task('2')], localsOf(saved)), ['1', '2'])
})

test('what is unticked in Done stays there until it is left', () => {
  const done = task('1', { completed: true, completed_at: '2026-11-21T10:00:00.000Z' })
  const open = { ...done, completed: false, completed_at: null }
  assert.deepEqual(show({ kind: 'done' }, [done], localsOf(local(open))), ['1'])
})

test('a page that was asked for after the change was saved knows better', () => {
  const saved = local(task('1', { title: 'mine', revision: 2 }), { pending: false, known: 110 })
  const theirs = task('1', { title: 'theirs', revision: 3 })
  const pages = [{ tasks: [theirs], next: null, asked: 120 }]
  const [shown] = layOver(pages, localsOf(saved), { view: INBOX, today: TODAY, since: 0 })
  assert.equal(shown?.title, 'theirs')
  assert.deepEqual(show(INBOX, [], localsOf(saved), { asked: 120 }), [])
})

test('an answer that was under way while the change was saved does not undo it on screen', () => {
  const saved = local(task('1', { list: 'work', revision: 2 }), { pending: false, known: 110 })
  assert.deepEqual(show(INBOX, [task('1')], localsOf(saved), { asked: 105 }), [])
})

test('a row that nothing is known about stays the very same object, so that it is not drawn again', () => {
  const [one, two] = [task('1'), task('2')]
  const ticked = { ...two, completed: true }
  const pages = [{ tasks: [one, two], next: null, asked: 50 }]
  const shown = layOver(pages, localsOf(local(ticked)), { view: INBOX, today: TODAY, since: 60 })
  assert.equal(shown[0], one)
  assert.equal(shown[1], ticked)
})

test('search shows what the server found, changed as the person changed it', () => {
  const view: View = { kind: 'search', q: 'b' }
  const locals = localsOf(local(task('1', { title: 'bread' })), local(task('9', { title: 'butter' })))
  assert.deepEqual(show(view, [task('1')], locals), ['1'])
})

test('a task that comes with two pages is shown once', () => {
  const pages = [
    { tasks: [task('1')], next: '?', asked: 50 },
    { tasks: [task('1'), task('2')], next: null, asked: 55 },
  ]
  const shown = layOver(pages, new Map(), { view: INBOX, today: TODAY, since: 0 })
  assert.deepEqual(
    shown.map(({ id }) => id),
    ['1', '2'],
  )
})

test('the count of subtasks follows what is ticked, added and deleted at once', () => {
  const parent = task('1', { subtasks: { total: 2, completed: 0 } })
  const child = task('c', { parent: '1' })
  const locals = localsOf(
    local({ ...child, completed: true }, { base: child }),
    local(task('d', { parent: '1' }), { isNew: true }),
  )
  const pages = [{ tasks: [parent], next: null, asked: 50 }]
  const [shown] = layOver(pages, locals, { view: INBOX, today: TODAY, since: 60 })
  assert.deepEqual(shown?.subtasks, { total: 3, completed: 1 })
})

test('equal dates are in the order of their positions, as the server lists them', () => {
  const due = '2026-11-22'
  const added = task('new', { due, position: 'a15' })
  const listed = [task('1', { due }), task('2', { due })]
  assert.deepEqual(show(UPCOMING, listed, localsOf(local(added, { isNew: true }))), ['1', 'new', '2'])
})
