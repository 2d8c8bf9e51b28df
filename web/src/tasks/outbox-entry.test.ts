import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Entry, nextParcels } from './outbox-entry.ts'
import { compareVersions } from './outbox-rare.ts'
import { draftTask, type Task } from './task.ts'

const NOW = 1000
const task = (id: string, more: Partial<Task> = {}): Task => ({
  ...draftTask({ title: id }, id, 'ada', 0),
  revision: 1,
  ...more,
})
let serial = 0
const entry = (taskId: string, more: Partial<Entry> = {}): Entry => ({
  ...{ id: `e${++serial}`, taskId, made: NOW, base: more.base ?? task(taskId), change: {} },
  ...{ isNew: false, revision: 1, tried: false, alone: false, holdUntil: 0 },
  ...more,
})

test('two quick changes of one task are one, and the later one wins', () => {
  const [parcel, ...others] = nextParcels(
    [entry('a', { change: { title: 'one', completed: true } }), entry('a', { change: { title: 'two' } })],
    NOW,
  )
  assert.deepEqual(parcel?.change, { title: 'two', completed: true })
  assert.deepEqual(others, [])
})

test('a change of a task that is not there yet becomes part of it', () => {
  const [parcel] = nextParcels(
    [entry('a', { isNew: true }), entry('a', { change: { title: 'better' } })],
    NOW,
  )
  assert.equal(parcel?.creates?.title, 'better')
})

test('what was sent once is sent again exactly so, and what came after waits', () => {
  const sent = entry('a', { isNew: true, tried: true })
  const [parcel, ...others] = nextParcels([sent, entry('a', { change: { title: 'later' } })], NOW)
  assert.equal(parcel?.creates?.title, 'a')
  assert.deepEqual(parcel?.entries, [sent.id])
  assert.deepEqual(others, [])
})

test('a task that is deleted before it was created is created first', () => {
  const [parcel] = nextParcels([entry('a', { isNew: true }), entry('a', { change: { deleted: true } })], NOW)
  assert.equal(parcel?.creates?.title, 'a')
  assert.deepEqual(parcel?.change, {})
})

test('a subtask waits for the task it belongs to', () => {
  const parcels = nextParcels(
    [entry('a', { isNew: true }), entry('b', { isNew: true, base: task('b', { parent: 'a' }) })],
    NOW,
  )
  assert.deepEqual(
    parcels.map(({ taskId }) => taskId),
    ['a'],
  )
})

test('what is held, refused or in conflict is not sent, and what builds on it waits', () => {
  const entries = [
    entry('held', { change: { deleted: true }, holdUntil: NOW + 1 }),
    entry('conflict', { change: { title: 'mine' }, theirs: task('conflict') }),
    entry('conflict', { change: { completed: true } }),
    entry('refused', { change: { title: '' }, refused: { status: 400, code: 'invalid_request' } }),
    entry('refused', { change: { completed: true } }),
  ]
  assert.deepEqual(
    nextParcels(entries, NOW).map(({ taskId, change }) => [taskId, change]),
    [['refused', { completed: true }]],
  )
})

test('a deletion whose time is up is sent', () => {
  const [parcel] = nextParcels([entry('a', { change: { deleted: true }, holdUntil: NOW })], NOW)
  assert.deepEqual(parcel?.change, { deleted: true })
})

test('versions: what somebody else changed elsewhere in the task does no harm', () => {
  const base = task('a')
  assert.equal(compareVersions({ title: 'mine' }, base, { ...base, completed: true }), 'apart')
  assert.equal(compareVersions({ title: 'mine' }, base, { ...base, title: 'theirs' }), 'conflict')
  assert.equal(compareVersions({ title: 'mine' }, base, { ...base, title: 'mine' }), 'same')
  assert.equal(compareVersions({ position: 'a5' }, base, { ...base, position: 'a7' }), 'apart')
  assert.equal(compareVersions({ deleted: true }, base, { ...base, title: 'theirs' }), 'apart')
  assert.equal(compareVersions({ tags: ['b'] }, base, { ...base, tags: ['b'] }), 'same')
})
