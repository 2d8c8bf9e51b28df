import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi } from '../test/open-api.ts'
import { fieldsOf, type Organizer, openOrganizer } from '../test/organizer.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let me: Organizer

before(async () => {
  product = await openTestApi()
  me = await openOrganizer(product)
})
after(() => product.close())

const YEARLY = { rule: 'FREQ=YEARLY', from: 'schedule' }
/** Far enough ahead that the day this runs does not matter. */
const DUE = '2100-06-01'
const add = (more: Json = {}) => me.add({ title: 'again', due: DUE, recurrence: YEARLY, ...more })

describe('completing a task that recurs', () => {
  test('makes its next occurrence, by whichever way it is completed', async () => {
    const ways: ((id: string) => Promise<Json>)[] = [
      id => me.change(id, { completed: true }),
      id => me.good('PATCH', `/tasks/${id}/complete`),
      id => me.good('PUT', `/tasks/${id}`, { title: 'again', due: DUE, recurrence: YEARLY, completed: true }),
      async id => (await me.bulk([{ id, completed: true }])).json[0],
    ]
    for (const complete of ways) {
      const { id } = await add()
      const done = await complete(id)
      assert.deepEqual([done.completed, done.due], [true, DUE])
      const next = await me.read(done.next)
      assert.deepEqual(
        [next.title, next.completed, next.due, next.next],
        ['again', false, '2101-06-01', null],
      )
      assert.equal(JSON.stringify(await me.read(id)), JSON.stringify(done))
    }
  })
  test('copies its content, and its subtasks open and as many days later', async () => {
    const list = await me.addList('l')
    const content = { description: 'd', priority: 2, tags: ['a', 'b'], list: list.id, position: 'a5' }
    const task = await add(content)
    const first = await me.add({ title: 'first', parent: task.id, due: '2100-05-31', tags: ['c'] })
    await me.add({ title: 'second', parent: task.id, completed: true })
    const thrown = await me.add({ title: 'thrown', parent: task.id })
    await me.good('DELETE', `/tasks/${thrown.id}`)
    const done = await me.change(task.id, { completed: true })
    const next = await me.read(done.next)
    for (const [name, value] of Object.entries(content)) assert.deepEqual(next[name], value, name)
    assert.deepEqual(next.subtasks, { total: 2, completed: 0 })
    const copies = await me.good('GET', `/tasks?parent=${next.id}&sort=position`)
    assert.deepEqual(
      copies.map(({ title, completed, due, tags }: Json) => [title, completed, due, tags]),
      [
        ['first', false, '2101-05-31', ['c']],
        ['second', false, null, []],
      ],
    )
    assert.equal((await me.read(first.id)).completed, false, 'its own subtasks stay as they are')
    assert.deepEqual(done.subtasks, { total: 2, completed: 1 })
  })
  test('twice makes one occurrence, and one that was thrown away is made anew', async () => {
    const { id } = await add()
    const { next } = await me.change(id, { completed: true })
    assert.equal((await me.change(id, { completed: true })).next, next)
    await me.change(next, { title: 'touched' })
    assert.equal((await me.change(id, { completed: false })).next, next)
    assert.equal((await me.change(id, { completed: true })).next, next)
    await me.change(id, { completed: false })
    await me.good('DELETE', `/tasks/${next}`)
    const again = await me.change(id, { completed: true })
    assert.ok(again.next !== null && again.next !== next)
  })
  test('that comes to its end makes none', async () => {
    const last = await add({ recurrence: { rule: 'FREQ=YEARLY;COUNT=2', from: 'schedule' } })
    const { next } = await me.change(last.id, { completed: true })
    assert.equal((await me.read(next)).recurrence.rule, 'FREQ=YEARLY;COUNT=1')
    assert.equal((await me.change(next, { completed: true })).next, null)
    const never = await add({ recurrence: { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', from: 'schedule' } })
    assert.deepEqual((await me.change(never.id, { completed: true })).next, null)
  })
  test('is not what making a completed task, throwing one away or restoring one does', async () => {
    const made = await add({ completed: true })
    assert.equal(made.next, null)
    const { id } = await add()
    const { json } = await me.bulk([{ id, completed: true, deleted: true }])
    assert.equal(json[0].next, null)
    assert.equal((await me.good('POST', `/tasks/${id}/restore`)).next, null)
  })
  test('many at once, each with its own', async () => {
    const tasks = [await add({ title: 'a' }), await me.add({ title: 'plain' }), await add({ title: 'b' })]
    const { json } = await me.bulk(tasks.map(({ id }) => ({ id, completed: true })))
    assert.equal(json[1].next, null)
    assert.deepEqual([(await me.read(json[0].next)).title, (await me.read(json[2].next)).title], ['a', 'b'])
    const back = await me.bulk(tasks.map(({ id }) => ({ id, completed: false })))
    assert.deepEqual(
      back.json.map((task: Json) => task.next),
      [null, null, null],
    )
    for (const { next } of [json[0], json[2]])
      assert.equal((await me.ask('GET', `/tasks/${next}`)).status, 404)
  })
})

describe('taking a completion back', () => {
  test('takes an untouched occurrence with it, subtasks too, and not into the trash', async () => {
    const { id } = await add()
    await me.add({ title: 'sub', parent: id, recurrence: null })
    const { next } = await me.change(id, { completed: true })
    const [copy] = await me.good('GET', `/tasks?parent=${next}`)
    const open = await me.change(id, { completed: false })
    assert.deepEqual([open.next, open.completed, open.due], [null, false, DUE])
    for (const gone of [next, copy.id]) assert.equal((await me.ask('GET', `/tasks/${gone}`)).status, 404)
    assert.deepEqual(await me.titles('trash=true&q=again'), [])
  })
  test('leaves one that somebody has worked on', async () => {
    const touches: ((next: string) => Promise<unknown>)[] = [
      next => me.change(next, { title: 'touched' }),
      next => me.add({ title: 'new', parent: next }),
      async next => {
        const [copy] = await me.good('GET', `/tasks?parent=${next}`)
        await me.change(copy.id, { completed: true })
      },
      async next => {
        const [copy] = await me.good('GET', `/tasks?parent=${next}`)
        await me.good('DELETE', `/tasks/${copy.id}`)
      },
    ]
    for (const touch of touches) {
      const { id } = await add()
      await me.add({ title: 'sub', parent: id })
      const { next } = await me.change(id, { completed: true })
      await touch(next)
      assert.equal((await me.good('PATCH', `/tasks/${id}/complete`)).next, next)
      assert.equal((await me.read(next)).completed, false)
    }
  })
  test('leaves one that is changed at the same time', async () => {
    const { id } = await add()
    const { next } = await me.change(id, { completed: true })
    const { status, json } = await me.bulk([
      { id, completed: false },
      { id: next, priority: 1 },
    ])
    assert.deepEqual([status, json[0].next, json[1].priority], [200, next, 1])
  })
  test('works on after a change of other tasks', async () => {
    const { id } = await add()
    const { next } = await me.change(id, { completed: true })
    await me.add({ title: 'something else' })
    await me.change(id, { description: 'a note on the completed one' })
    assert.equal((await me.change(id, { completed: false })).next, null)
    assert.equal((await me.ask('GET', `/tasks/${next}`)).status, 404)
  })
})

test('a task that recurs needs a due date, and keeps one', async () => {
  for (const [method, path] of [
    ['POST', '/tasks'],
    ['PUT', `/tasks/${(await add()).id}`],
  ] as const) {
    const answer = await me.ask(method, path, { title: 'x', recurrence: YEARLY })
    assert.deepEqual([answer.status, fieldsOf(answer)], [400, ['/recurrence']])
  }
  const { id } = await add()
  const undated = await me.ask('PATCH', `/tasks/${id}`, { due: null })
  assert.deepEqual([undated.status, fieldsOf(undated)], [400, ['/due']])
  assert.equal((await me.change(id, { due: null, recurrence: null })).recurrence, null)
})
