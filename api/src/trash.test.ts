import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { pino } from 'pino'
import { type Json, openTestApi } from '../test/open-api.ts'
import { type Organizer, openOrganizer } from '../test/organizer.ts'
import { createDatabase } from './database.ts'
import { startPurging } from './trash.ts'
import { uuidV7 } from './uuid.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let me: Organizer

before(async () => {
  product = await openTestApi()
  me = await openOrganizer(product)
})
after(() => product.close())

const trashed = async (person = me) => await person.titles('trash=true&limit=100')
const remove = (id: string) => me.good('DELETE', `/tasks/${id}`)
const age = (id: string, by: string) =>
  product.admin.query(`update todo.task set deleted_at = deleted_at - $2::interval where id = $1`, [id, by])
const exists = async (id: string) =>
  (await product.admin.query('select from todo.task where id = $1', [id])).rowCount === 1

describe('a deleted task', () => {
  test('is in the trash and nowhere else, as it was', async () => {
    const list = await me.addList('l')
    const task = await me.add({ title: 'gone', tags: ['t'], list: list.id, due: '2026-01-01' })
    await remove(task.id)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { title: 'x' }],
      ['PATCH', '', { title: 'x' }],
      ['DELETE', '', undefined],
      ['PATCH', '/complete', undefined],
    ] as const)
      assert.equal((await me.ask(method, `/tasks/${task.id}${path}`, body)).status, 404, `${method} ${path}`)
    assert.equal((await me.ask('POST', '/tasks', { title: 'x', parent: task.id })).status, 404)
    for (const query of ['', `list=${list.id}`, 'tag=t', 'q=gone', 'due_before=2026-01-02', 'sort=position'])
      assert.deepEqual(await me.titles(query), [], query)
    assert.deepEqual(await me.good('GET', '/counts?today=2026-11-21'), { inbox: 0, today: 0, overdue: 0 })
    assert.equal((await me.good('GET', '/tags'))[0].open, 0)
    const [found] = await me.good('GET', '/tasks?trash=true')
    assert.ok(Date.parse(found.deleted_at) >= Date.parse(task.created_at))
    const comparable = { deleted_at: null, updated_at: task.updated_at, revision: task.revision }
    assert.deepEqual({ ...found, ...comparable }, task)
    const restored = await me.good('POST', `/tasks/${task.id}/restore`)
    assert.deepEqual({ ...restored, updated_at: task.updated_at, revision: task.revision }, task)
    assert.ok(restored.revision > found.revision)
  })
  test('takes its subtasks along, and brings back those that went with it', async () => {
    const parent = await me.add({ title: 'parent' })
    const [before, along] = [
      await me.add({ title: 'before', parent: parent.id }),
      await me.add({ title: 'along', parent: parent.id }),
    ]
    await remove(before.id)
    await remove(parent.id)
    assert.deepEqual(new Set(await trashed()), new Set(['before', 'parent', 'along']))
    const { subtasks } = await me.good('POST', `/tasks/${parent.id}/restore`)
    assert.deepEqual(subtasks, { total: 1, completed: 0 })
    assert.deepEqual(await trashed(), ['before'])
    assert.equal((await me.read(along.id)).parent, parent.id)
    await me.good('DELETE', '/trash')
  })
  test('whose parent or list is in the trash comes back on its own, into the Inbox', async () => {
    const list = await me.addList('l')
    const parent = await me.add({ title: 'parent', list: list.id })
    const sub = await me.add({ title: 'sub', parent: parent.id })
    const loose = await me.add({ title: 'loose', list: list.id })
    await remove(parent.id)
    await me.good('DELETE', `/lists/${list.id}`)
    for (const { id } of [sub, loose]) {
      const back = await me.good('POST', `/tasks/${id}/restore`)
      assert.deepEqual([back.parent, back.list], [null, null])
    }
    const both = await me.add({ title: 'both' })
    const child = await me.add({ title: 'child', parent: both.id })
    await me.bulk([both, child].map(({ id }) => ({ id, deleted: true })))
    const { json } = await me.bulk([child, both].map(({ id }) => ({ id, deleted: false })))
    assert.deepEqual([json[0].parent, json[1].subtasks.total], [both.id, 1])
  })
  test('is restored by the one who knows its revision, and once more without harm', async () => {
    const task = await me.add({ title: 'x' })
    const restore = (headers = {}) => me.ask('POST', `/tasks/${task.id}/restore`, undefined, headers)
    assert.equal((await restore()).json.deleted_at, null)
    await remove(task.id)
    assert.equal((await restore({ 'If-Match': `"${task.revision}"` })).status, 412)
    const [{ revision }] = (await me.good('GET', '/tasks?trash=true&sort=deleted')) as Json[]
    assert.equal((await restore({ 'If-Match': `"${revision}"` })).status, 200)
    for (const missing of [uuidV7(0), 'x'])
      assert.equal((await me.ask('POST', `/tasks/${missing}/restore`)).status, 404)
  })
})

describe('the trash', () => {
  test('is told by when things went there, page by page', async () => {
    const person = await openOrganizer(product)
    for (const title of ['one', 'two', 'three']) {
      const { id } = await person.add({ title })
      await person.good('DELETE', `/tasks/${id}`)
    }
    const first = await person.ask('GET', '/tasks?trash=true&sort=deleted&limit=2')
    assert.deepEqual(
      first.json.map((task: Json) => task.title),
      ['three', 'two'],
    )
    const next = /tasks\?([^>]+)/.exec(first.headers.get('link')!)![1]!
    assert.deepEqual(await person.titles(next), ['one'])
    assert.equal((await person.ask('GET', '/tasks?sort=deleted')).status, 400)
  })
  test('lets go of one task with its subtasks, and of nothing that is not in it', async () => {
    const parent = await me.add({ title: 'parent' })
    const sub = await me.add({ title: 'sub', parent: parent.id })
    const purge = (headers = {}) => me.ask('DELETE', `/trash/${parent.id}`, undefined, headers)
    assert.equal((await purge()).status, 404)
    await remove(parent.id)
    assert.equal((await purge({ 'If-Match': '"1"' })).status, 412)
    assert.equal((await purge()).status, 204)
    assert.equal((await purge()).status, 404)
    for (const { id } of [parent, sub]) assert.equal(await exists(id), false)
    assert.equal((await me.ask('POST', `/tasks/${parent.id}/restore`)).status, 404)
  })
  test('is emptied for good, lists too, and twice', async () => {
    const list = await me.addList('l')
    const [kept, inList, gone] = [
      await me.add({ title: 'kept' }),
      await me.add({ title: 'a', list: list.id }),
      await me.add({ title: 'b' }),
    ]
    await me.good('DELETE', `/lists/${list.id}`)
    await remove(gone.id)
    for (let round = 0; round < 2; round += 1) assert.equal((await me.ask('DELETE', '/trash')).status, 204)
    assert.deepEqual(await trashed(), [])
    assert.deepEqual(
      [await exists(kept.id), await exists(inList.id), await exists(gone.id)],
      [true, false, false],
    )
    assert.equal((await me.ask('POST', `/lists/${list.id}/restore`)).status, 404)
  })
})

describe('after 30 days', () => {
  const log = pino({ level: 'silent' })

  test('what is in the trash is as if it had never been, purged or not', async () => {
    const person = await openOrganizer(product)
    const task = await person.add({ title: 'old' })
    await person.good('DELETE', `/tasks/${task.id}`)
    await age(task.id, '29 days 23 hours')
    assert.deepEqual(await trashed(person), ['old'])
    await age(task.id, '1 hour 1 second')
    assert.deepEqual(await trashed(person), [])
    for (const [method, path] of [
      ['POST', `/tasks/${task.id}/restore`],
      ['DELETE', `/trash/${task.id}`],
    ] as const)
      assert.equal((await person.ask(method, path)).status, 404, path)
    assert.equal((await person.bulk([{ id: task.id, deleted: false }])).status, 404)
  })
  test('it goes for real, of everyone, and nothing else goes', async () => {
    const people = [await openOrganizer(product), await openOrganizer(product)]
    const made: Record<string, boolean> = {}
    for (const person of people) {
      const list = await person.addList('l')
      const [open, fresh, old] = [
        await person.add({ title: 'open', list: list.id }),
        await person.add({ title: 'fresh' }),
        await person.add({ title: 'old' }),
      ]
      const sub = await person.add({ title: 'sub', parent: old.id })
      for (const { id } of [fresh, old]) await person.good('DELETE', `/tasks/${id}`)
      for (const { id } of [old, sub]) await age(id, '30 days 1 second')
      Object.assign(made, { [open.id]: true, [fresh.id]: true, [old.id]: false, [sub.id]: false })
    }
    const database = createDatabase({ url: product.apiUrl, log })
    const purging = startPurging(database, log)
    await purging.stop()
    while ((await database.purgeTrash()) > 0);
    await database.close()
    for (const [id, stays] of Object.entries(made)) assert.equal(await exists(id), stays)
  })
  test('a completed task loses the name of its next occurrence and nothing else', async () => {
    const task = await me.add({
      title: 'x',
      due: '2026-11-21',
      recurrence: { rule: 'FREQ=DAILY', from: 'schedule' },
    })
    const { next } = await me.change(task.id, { completed: true })
    await remove(next)
    await age(next, '30 days 1 second')
    const database = createDatabase({ url: product.apiUrl, log })
    while ((await database.purgeTrash()) > 0);
    await database.close()
    assert.equal(await exists(next), false)
    assert.equal((await me.read(task.id)).next, null)
  })
  test("the purge is the owner's, who sees nothing else, and tells a number", async () => {
    const api = new pg.Client({ connectionString: product.apiUrl })
    await api.connect()
    const { rows } = await api.query('select todo.purge_trash() as purged')
    assert.deepEqual(rows, [{ purged: 0 }])
    assert.equal((await api.query('select from todo.task')).rowCount, 0)
    await api.end()
    const fresh = await me.add({ title: 'x' })
    await remove(fresh.id)
    await product.admin.query('begin')
    await product.admin.query('set local role latchkey_owner')
    assert.equal((await product.admin.query('delete from todo.task')).rowCount, 0)
    await product.admin.query('rollback')
    assert.equal(await exists(fresh.id), true)
  })
})
