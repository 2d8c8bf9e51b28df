import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpError } from '../http.ts'
import './outbox-rare.ts'
import { createOutbox } from './outbox.ts'
import { type CourierApi, createCourier } from './outbox-courier.ts'
import type { Entry, EntryChange } from './outbox-entry.ts'
import type { Place } from './places.ts'
import { draftTask, type Task } from './task.ts'

const failure = (status: number, retryAfter?: number) =>
  new HttpError({ status, code: 'x', ...(retryAfter !== undefined && { retryAfter }) })
const task = (id: string, more: Partial<Task> = {}): Task => ({
  ...draftTask({ title: id }, id, 'ada', 0),
  revision: 1,
  ...more,
})

const garden: Place = {
  ...{ kind: 'list', does: 'create', of: 'garden', name: 'Garden', shows: { id: 'garden', name: 'Garden' } },
  call: { method: 'PUT', path: '/lists/garden' },
}
const withoutGarden: Place = {
  ...{ kind: 'list', does: 'remove', of: 'garden', name: 'Garden', shows: null },
  call: { method: 'DELETE', path: '/lists/garden' },
}

/** A server in memory, and an outbox whose time passes when the test says. */
function setUp({ stored = '', organizes = true, server = [] as Task[] } = {}) {
  const tasks = new Map(server.map(one => [one.id, one]))
  const calls: string[] = []
  const faults: unknown[] = []
  const timers: { work(): void; ms: number }[] = []
  const refused: Entry[] = []
  const conflicts: Entry[] = []
  const disk = { text: stored }
  let now = 1000
  let revision = 10
  const fail = () => {
    const fault = faults.shift()
    if (fault) throw fault
  }
  const write = (id: string, { deleted, ...change }: EntryChange) => {
    const before = tasks.get(id)
    if (!before) throw failure(404)
    const deleted_at = deleted === undefined ? before.deleted_at : deleted ? 'now' : null
    const after = { ...before, ...change, deleted_at, revision: ++revision }
    tasks.set(id, after)
    return after
  }
  const api: CourierApi = {
    async create(made) {
      calls.push(`create ${made.title}`)
      fail()
      tasks.set(made.id, { ...made, revision: ++revision })
      return tasks.get(made.id)!
    },
    async change(id, change, expected) {
      calls.push(`change ${id} ${JSON.stringify(change)} ${expected}`)
      fail()
      if (expected && tasks.get(id) && tasks.get(id)!.revision !== expected) throw failure(412)
      return write(id, change)
    },
    async changeMany(changes) {
      calls.push(`many ${changes.map(({ id }) => id)}`)
      fail()
      if (changes.some(({ id }) => !tasks.has(id))) throw failure(404)
      return changes.map(({ id, revision: _, ...change }) => write(id, change))
    },
    async remove(id) {
      calls.push(`remove ${id}`)
      fail()
      tasks.delete(id)
    },
    async read(id) {
      const found = tasks.get(id)
      if (!found) throw failure(404)
      return found
    },
    async list() {
      return { tasks: [...tasks.values()].filter(({ deleted_at }) => !deleted_at) }
    },
    async request({ method, path }) {
      calls.push(`${method} ${path}`)
      fail()
    },
    requestWhileLeaving: ({ method, path }) => void calls.push(`leaving ${method} ${path}`),
    sendWhileLeaving: parcels => void calls.push(`leaving ${parcels.map(({ taskId }) => taskId)}`),
  }
  const outbox = createOutbox({
    courier: createCourier(api, organizes, () => now),
    storage: { read: () => disk.text, write: text => void Object.assign(disk, { text }) },
    onSaved: () => {},
    onPlaceSaved: async ({ does, of }) => void calls.push(`asked after ${does} ${of}`),
    onRefused: entry => void refused.push(entry),
    onConflict: entry => void conflicts.push(entry),
    now: () => now,
    random: () => 1,
    isOnline: () => true,
    later: (work, ms) => {
      const timer = { work, ms }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer) >>> 0, 1)
    },
  })
  const settled = async () => {
    for (let turns = 0; turns < 50; turns += 1) await Promise.resolve()
  }
  const pass = async (ms: number) => {
    now += ms
    for (const timer of timers.splice(0)) timer.work()
    await settled()
  }
  outbox.start()
  return { outbox, api, tasks, calls, faults, timers, refused, conflicts, disk, settled, pass }
}

test('a change is shown before it is sent, and gone from the outbox once it is saved', async () => {
  const { outbox, calls, settled, disk } = setUp({ server: [task('a')] })
  outbox.put([{ task: task('a'), change: { completed: true } }])
  assert.equal(outbox.getState().locals.get('a')?.task.completed, true)
  assert.equal(outbox.getState().locals.get('a')?.pending, true)
  assert.notEqual(disk.text, '')
  await settled()
  assert.deepEqual(calls, ['change a {"completed":true} 1'])
  assert.equal(outbox.getState().locals.get('a')?.pending, false)
  assert.equal(outbox.getState().entries.length, 0)
  assert.equal(disk.text, '')
})

test('many changes travel as one request', async () => {
  const all = ['a', 'b', 'c'].map(id => task(id))
  const { outbox, calls, settled } = setUp({ server: all })
  outbox.put(all.map(one => ({ task: one, change: { completed: true } })))
  await settled()
  assert.deepEqual(calls, ['many a,b,c'])
})

test('one that is refused among many does not hold up the others', async () => {
  const { outbox, calls, settled, tasks, refused } = setUp({ server: [task('a'), task('c')] })
  outbox.put(['a', 'b', 'c'].map(id => ({ task: task(id), change: { completed: true } })))
  await settled()
  assert.equal(calls[0], 'many a,b,c')
  assert.equal(tasks.get('a')?.completed, true)
  assert.equal(tasks.get('c')?.completed, true)
  assert.deepEqual(
    refused.map(({ taskId }) => taskId),
    ['b'],
  )
  assert.equal(outbox.getState().locals.get('b'), undefined)
})

test('without an answer it waits, longer each time, and sends the same again', async () => {
  const { outbox, calls, faults, timers, settled, pass, tasks } = setUp()
  faults.push(failure(0), failure(0), failure(500))
  outbox.put([{ task: task('a'), change: {}, isNew: true }])
  await settled()
  assert.equal(outbox.getState().failure?.status, 0)
  assert.deepEqual(
    timers.map(({ ms }) => ms),
    [1000],
  )
  await pass(1000)
  assert.deepEqual(
    timers.map(({ ms }) => ms),
    [2000],
  )
  await pass(2000)
  await pass(4000)
  assert.deepEqual(calls, Array(4).fill('create a'))
  assert.equal(tasks.get('a')?.title, 'a')
  assert.equal(outbox.getState().failure, null)
})

test('a server that names a time is not asked before it', async () => {
  const { outbox, calls, faults, timers, settled, pass } = setUp()
  faults.push(failure(429, 30))
  outbox.put([{ task: task('a'), change: {}, isNew: true }])
  await settled()
  assert.equal(timers[0]?.ms, 30_000)
  outbox.wake()
  await settled()
  assert.equal(calls.length, 1)
  await pass(30_000)
  assert.equal(calls.length, 2)
})

test('the connection that returns is used at once', async () => {
  const { outbox, calls, faults, settled } = setUp()
  faults.push(failure(0))
  outbox.put([{ task: task('a'), change: {}, isNew: true }])
  await settled()
  outbox.wake()
  await settled()
  assert.equal(calls.length, 2)
  assert.equal(outbox.getState().entries.length, 0)
})

test('after a reload what was not saved is shown and sent', async () => {
  const first = setUp()
  first.faults.push(failure(0))
  first.outbox.put([{ task: task('a'), change: {}, isNew: true }])
  await first.settled()
  const second = setUp({ stored: first.disk.text })
  assert.equal(second.outbox.getState().locals.get('a')?.pending, true)
  await second.settled()
  assert.deepEqual(second.calls, ['create a'])
})

test('a stored outbox that cannot be read is an empty one', () => {
  assert.deepEqual(setUp({ stored: '{"broken' }).outbox.getState().entries, [])
})

test('a change made while another of the task is on its way goes with the revision that one gave', async () => {
  const { outbox, calls, settled } = setUp({ server: [task('a')] })
  outbox.put([{ task: task('a'), change: { title: 'one' } }])
  await Promise.resolve()
  await Promise.resolve()
  outbox.put([{ task: task('a', { title: 'one' }), change: { completed: true } }])
  await settled()
  assert.deepEqual(calls, ['change a {"title":"one"} 1', 'change a {"completed":true} 11'])
})

test('an answer that was lost is not taken for somebody else', async () => {
  const { outbox, api, faults, settled, pass, conflicts, tasks } = setUp({ server: [task('a')] })
  const change = api.change
  api.change = async (...sent) => {
    api.change = change
    await change(...sent)
    throw failure(0)
  }
  outbox.put([{ task: task('a'), change: { title: 'mine' } }])
  await settled()
  await pass(1000)
  assert.deepEqual(faults, [])
  assert.deepEqual(conflicts, [])
  assert.equal(tasks.get('a')?.title, 'mine')
  assert.equal(outbox.getState().entries.length, 0)
})

test('another device that changed something else of the task is no conflict', async () => {
  const { outbox, settled, conflicts, tasks } = setUp({
    server: [task('a', { completed: true, revision: 5 })],
  })
  outbox.put([{ task: task('a'), change: { title: 'mine' } }])
  await settled()
  assert.deepEqual(conflicts, [])
  assert.equal(tasks.get('a')?.title, 'mine')
  assert.equal(tasks.get('a')?.completed, true)
})

test('two versions of one title wait for the person, who may take either', async () => {
  const theirs = task('a', { title: 'theirs', revision: 5 })
  const { outbox, settled, conflicts, tasks } = setUp({ server: [theirs] })
  outbox.put([{ task: task('a'), change: { title: 'mine' } }])
  await settled()
  assert.equal(conflicts[0]?.theirs?.title, 'theirs')
  assert.equal(tasks.get('a')?.title, 'theirs')
  outbox.retry(conflicts[0]!.id)
  await settled()
  assert.equal(tasks.get('a')?.title, 'mine')
})

test('giving up a change in conflict shows what the server has', async () => {
  const { outbox, settled, conflicts } = setUp({ server: [task('a', { title: 'theirs', revision: 5 })] })
  outbox.put([{ task: task('a'), change: { title: 'mine' } }])
  await settled()
  outbox.discard(conflicts[0]!.id)
  assert.equal(outbox.getState().locals.get('a')?.task.title, 'theirs')
  assert.equal(outbox.getState().locals.get('a')?.pending, false)
})

test('a refused change is taken back on screen and kept to be tried again', async () => {
  const { outbox, faults, settled, refused, tasks } = setUp({ server: [task('a')] })
  faults.push(failure(400))
  outbox.put([{ task: task('a'), change: { title: 'mine' } }])
  await settled()
  assert.equal(outbox.getState().locals.has('a'), false)
  assert.equal(refused[0]?.change.title, 'mine')
  outbox.retry(refused[0]!.id, { title: 'shorter' })
  await settled()
  assert.equal(tasks.get('a')?.title, 'shorter')
})

test('a task that was deleted elsewhere is deleted as the person wished', async () => {
  const { outbox, settled, refused } = setUp()
  outbox.put([{ task: task('a'), change: { deleted: true } }])
  await settled()
  assert.deepEqual(refused, [])
  assert.deepEqual(outbox.getState().entries, [])
})

test('with the core alone a deletion waits as long as it can be undone', async () => {
  const { outbox, calls, settled, pass, tasks } = setUp({ server: [task('a'), task('b')], organizes: false })
  const ids = outbox.put([{ task: task('a'), change: { deleted: true }, hold: 8000 }])
  outbox.put([{ task: task('b'), change: { deleted: true }, hold: 8000 }])
  await settled()
  assert.notEqual(outbox.getState().locals.get('a')?.task.deleted_at, null)
  assert.equal(outbox.cancel(ids), true)
  await pass(8000)
  assert.deepEqual(calls, ['remove b'])
  assert.equal(tasks.has('a'), true)
  assert.equal(outbox.getState().locals.has('a'), false)
})

test('before a sign-out everything is sent, also what was held', async () => {
  const { outbox, calls, faults } = setUp({ server: [task('a')], organizes: false })
  outbox.put([{ task: task('a'), change: { deleted: true }, hold: 8000 }])
  assert.equal(await outbox.flush(), 0)
  assert.deepEqual(calls, ['remove a'])
  faults.push(failure(0))
  outbox.put([{ task: task('b'), change: {}, isNew: true }])
  assert.equal(await outbox.flush(), 1)
})

test('a page that closes leaves the rest to the browser', async () => {
  const { outbox, calls, faults, settled } = setUp()
  faults.push(failure(0))
  outbox.put([{ task: task('a'), change: {}, isNew: true }])
  await settled()
  outbox.leavePage()
  assert.equal(calls.at(-1), 'leaving a')
})

test('the occurrence that comes after a completed one is known at once', async () => {
  const { outbox, api, tasks, settled } = setUp({ server: [task('a'), task('next')] })
  const change = api.change
  api.change = async (...sent) => ({ ...(await change(...sent)), next: 'next' })
  outbox.put([{ task: task('a'), change: { completed: true } }])
  await settled()
  assert.equal(outbox.getState().locals.get('next')?.task, tasks.get('next'))
})

test('a list is made after what was done before it, and its tasks after it', async () => {
  const { outbox, calls, settled } = setUp({ server: [task('a')] })
  outbox.put([{ task: task('a'), change: { completed: true } }])
  outbox.putPlace(garden)
  outbox.put([{ task: task('b', { list: 'garden' }), change: {}, isNew: true }])
  await settled()
  assert.deepEqual(calls, [
    'change a {"completed":true} 1',
    'PUT /lists/garden',
    'asked after create garden',
    'create b',
  ])
  assert.equal(outbox.getState().waiting.length, 0)
})

test('without a network a list and its tasks wait, through a reload, and are sent in order', async () => {
  const { outbox, faults, calls, settled, disk } = setUp()
  faults.push(failure(0))
  outbox.putPlace(garden)
  outbox.put([{ task: task('b', { list: 'garden' }), change: {}, isNew: true }])
  await settled()
  assert.deepEqual(calls, ['PUT /lists/garden'])
  const later = setUp({ stored: disk.text })
  assert.equal(later.outbox.getState().places[0]?.place.name, 'Garden')
  await later.settled()
  assert.deepEqual(later.calls, ['PUT /lists/garden', 'asked after create garden', 'create b'])
  assert.equal(later.disk.text, '')
})

test('a list that was made by a first request, or is gone already, is no failure', async () => {
  const { outbox, faults, settled } = setUp()
  faults.push(failure(412), failure(404))
  outbox.putPlace(garden)
  outbox.putPlace(withoutGarden)
  await settled()
  assert.deepEqual(outbox.getState().waiting, [])
})

test('a refused list is kept, its tasks wait for it, and others do not', async () => {
  const { outbox, faults, calls, settled } = setUp()
  faults.push(failure(409))
  outbox.putPlace(garden)
  outbox.put([{ task: task('b', { list: 'garden' }), change: {}, isNew: true }])
  outbox.put([{ task: task('c'), change: {}, isNew: true }])
  const call = { method: 'PATCH', path: '/lists/garden' }
  outbox.putPlace({ ...garden, does: 'change', shows: { name: 'Yard' }, call })
  await settled()
  assert.deepEqual(calls, ['PUT /lists/garden', 'create c'])
  const [refused] = outbox.getState().places
  assert.equal(refused?.refused?.status, 409)
  outbox.retry(refused!.id)
  await settled()
  assert.deepEqual(calls.slice(2), [
    ...['PUT /lists/garden', 'asked after create garden', 'create b'],
    ...['PATCH /lists/garden', 'asked after change garden'],
  ])
})

test('a refused list that is given up leaves its tasks to the Inbox', async () => {
  const { outbox, faults, tasks, settled } = setUp()
  faults.push(failure(409))
  outbox.putPlace(garden)
  outbox.put([{ task: task('b', { list: 'garden' }), change: {}, isNew: true }])
  await settled()
  outbox.discard(outbox.getState().places[0]!.id)
  await settled()
  assert.equal(tasks.get('b')?.list, null)
  assert.equal(outbox.getState().waiting.length, 0)
})

test('what is held waits until it is released and holds up nothing; leaving the page sends it', async () => {
  const { outbox, calls, settled, disk } = setUp()
  const id = outbox.putPlace(withoutGarden, true)
  outbox.put([{ task: task('c'), change: {}, isNew: true }])
  await settled()
  assert.deepEqual(calls, ['create c'])
  const reloaded = setUp({ stored: disk.text })
  await reloaded.settled()
  assert.equal(reloaded.calls[0], 'DELETE /lists/garden')
  outbox.leavePage()
  assert.equal(calls[1], 'leaving DELETE /lists/garden')
  assert.equal(outbox.cancel([id]), false)
})

test('a list that is taken back stays when somebody put a task into it', async () => {
  const { outbox, calls, settled } = setUp({ server: [task('a')] })
  outbox.putPlace({ ...withoutGarden, onlyEmpty: true })
  await settled()
  assert.deepEqual(calls, ['asked after remove garden'])
})
