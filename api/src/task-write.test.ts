import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi } from '../test/open-api.ts'
import { fieldsOf, type Organizer, openOrganizer } from '../test/organizer.ts'
import { uuidV7 } from './uuid.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let me: Organizer

before(async () => {
  product = await openTestApi()
  me = await openOrganizer(product)
})
after(() => product.close())

const statusOf = async (change: Json) => {
  const { id } = await me.add({ title: 'x' })
  return (await me.ask('PATCH', `/tasks/${id}`, change)).status
}

describe('the members of a task', () => {
  test('come back as they were sent, and have their defaults', async () => {
    const list = await me.addList('l')
    const content = {
      title: 'x',
      due: '2026-11-24T18:30[Europe/Berlin]',
      priority: 1,
      tags: ['a'],
      list: list.id,
      position: 'a1V',
      recurrence: { rule: 'FREQ=WEEKLY;BYDAY=TU;INTERVAL=2', from: 'completion' },
    }
    const task = await me.add(content)
    for (const [name, value] of Object.entries(content)) assert.deepEqual(task[name], value, name)
    const replaced = await me.good('PUT', `/tasks/${task.id}`, { title: 'y' })
    const { due, priority, tags, list: place, position, recurrence } = replaced
    assert.deepEqual(
      { due, priority, tags, place, position, recurrence },
      { due: null, priority: 4, tags: [], place: null, position: 'a1V', recurrence: null },
    )
  })
  test('are refused, each by name, when they are nothing the contract knows', async () => {
    const wrong: [Json, string[]][] = [
      [{ due: '2026-02-30' }, ['/due']],
      [{ due: '2026-11-24T18:30' }, ['/due']],
      [{ due: '2026-11-24T25:30[Europe/Berlin]' }, ['/due']],
      [{ due: '2026-11-24T18:30[Europe/Atlantis]' }, ['/due']],
      [{ due: '2026-11-24T18:30+01:00[Europe/Berlin]' }, ['/due']],
      [{ due: '2026-11-24T18:30[+01:00]' }, ['/due']],
      [{ due: 20261124 }, ['/due']],
      [{ priority: 0, position: 'g' }, ['/priority', '/position']],
      [{ priority: 5, position: '' }, ['/priority', '/position']],
      [{ priority: '1', position: 'a10' }, ['/priority', '/position']],
      [{ position: `a${'1'.repeat(250)}` }, ['/position']],
      [{ position: 'A00000000000000000000000000' }, ['/position']],
      [{ list: 'inbox', parent: 'none' }, ['/list', '/parent']],
      [{ list: crypto.randomUUID() }, ['/list']],
      [{ recurrence: { rule: 'FREQ=HOURLY', from: 'schedule' } }, ['/recurrence/rule']],
      [{ recurrence: { rule: 'FREQ=DAILY' } }, ['/recurrence/from']],
      [{ recurrence: { rule: 'FREQ=DAILY', from: 'now', x: 1 } }, ['/recurrence/from', '/recurrence/x']],
      [{ recurrence: 'FREQ=DAILY' }, ['/recurrence']],
      [{ completed_at: null, deleted_at: null, revision: 1 }, ['/completed_at', '/deleted_at', '/revision']],
      [{ subtasks: [], next: null }, ['/subtasks', '/next']],
    ]
    for (const [members, fields] of wrong)
      for (const [method, path] of [
        ['POST', '/tasks'],
        ['PUT', `/tasks/${uuidV7(0)}`],
        ['PATCH', `/tasks/${uuidV7(0)}`],
      ] as const) {
        const answer = await me.ask(method, path, { title: 'x', ...members })
        assert.equal(answer.status, 400, JSON.stringify(members))
        assert.deepEqual(fieldsOf(answer), fields)
      }
    for (const due of [
      '2028-02-29',
      '1999-12-31',
      '2026-11-24T00:00[UTC]',
      '2026-11-24T23:59[America/Argentina/Ushuaia]',
    ])
      assert.equal(await statusOf({ due }), 200, due)
  })
  test('new tasks come last in manual order', async () => {
    const fresh = await openOrganizer(product)
    for (const title of ['one', 'two', 'three']) await fresh.add({ title })
    assert.deepEqual(await fresh.titles('sort=position'), ['one', 'two', 'three'])
  })
  test('completed_at is the moment it was completed, until it is open again', async () => {
    const task = await me.add({ title: 'x' })
    assert.equal(task.completed_at, null)
    const done = await me.change(task.id, { completed: true })
    assert.ok(Math.abs(Date.parse(done.completed_at) - Date.now()) < 60_000)
    assert.equal((await me.change(task.id, { title: 'y', completed: true })).completed_at, done.completed_at)
    assert.equal((await me.good('PATCH', `/tasks/${task.id}/complete`)).completed_at, null)
  })
  test('PUT with If-None-Match: * may be repeated with all of them, and says 412 when one differs', async () => {
    const id = uuidV7(Date.now())
    const list = await me.addList('l')
    const content = {
      title: 'x',
      due: '2026-11-24',
      priority: 2,
      tags: ['Once', 'twice'],
      list: list.id,
      recurrence: { rule: 'FREQ=DAILY', from: 'schedule' },
    }
    const put = (more: Json = {}) =>
      me.ask('PUT', `/tasks/${id}`, { ...content, ...more }, { 'If-None-Match': '*' })
    const first = await put()
    assert.equal(first.status, 201)
    const same = await put({ tags: ['TWICE', 'once'], recurrence: { from: 'schedule', rule: 'FREQ=DAILY' } })
    assert.deepEqual([same.status, same.text], [200, first.text])
    const others = [
      { due: null, recurrence: null },
      { priority: 3 },
      { tags: ['once'] },
      { list: null },
      { position: 'a1' },
    ]
    for (const other of others) assert.equal((await put(other)).status, 412, JSON.stringify(other))
    await me.good('DELETE', `/tasks/${id}`)
    assert.equal((await put()).status, 412, 'what is in the trash is not made again')
  })
})

describe('a subtask', () => {
  test("lies in its parent's list, moves with it and counts there", async () => {
    const [list, other] = [await me.addList('a'), await me.addList('b')]
    const parent = await me.add({ title: 'parent', list: list.id })
    const sub = await me.add({ title: 'sub', parent: parent.id })
    assert.deepEqual([sub.parent, sub.list], [parent.id, list.id])
    assert.equal(
      (await me.ask('POST', '/tasks', { title: 'x', parent: parent.id, list: list.id })).status,
      201,
    )
    await me.change(sub.id, { completed: true })
    const found = await me.read(parent.id)
    assert.deepEqual([found.subtasks, found.revision], [{ total: 2, completed: 1 }, parent.revision])
    await me.change(parent.id, { list: other.id })
    assert.equal((await me.read(sub.id)).list, other.id)
    assert.equal((await me.change(parent.id, { list: null })).list, null)
    assert.equal((await me.read(sub.id)).list, null)
    for (const body of [{ list: list.id }, { list: list.id, title: 'x' }]) {
      const refused = await me.ask('PATCH', `/tasks/${sub.id}`, body)
      assert.deepEqual([refused.status, fieldsOf(refused)], [400, ['/list']])
    }
    const free = await me.change(sub.id, { parent: null, list: list.id })
    assert.deepEqual([free.parent, free.list], [null, list.id])
  })
  test('has no subtasks, and a task with subtasks is none', async () => {
    const parent = await me.add({ title: 'parent' })
    const sub = await me.add({ title: 'sub', parent: parent.id })
    const other = await me.add({ title: 'other' })
    const refusals: [string, string, Json][] = [
      ['POST', '/tasks', { title: 'x', parent: sub.id }],
      ['PATCH', `/tasks/${other.id}`, { parent: sub.id }],
      ['PATCH', `/tasks/${parent.id}`, { parent: other.id }],
      ['PATCH', `/tasks/${other.id}`, { parent: other.id }],
      ['PUT', `/tasks/${parent.id}`, { title: 'x', parent: other.id }],
    ]
    for (const [method, path, body] of refusals) {
      const answer = await me.ask(method, path, body)
      assert.equal(answer.status, 400, `${method} ${path} ${JSON.stringify(body)} ${answer.text}`)
      assert.deepEqual(fieldsOf(answer), ['/parent'])
    }
    const bulk = await me.bulk([
      { id: other.id, parent: parent.id },
      { id: parent.id, parent: other.id },
    ])
    assert.equal(bulk.status, 400)
  })
  test('stays open when its parent is completed, and a read of the parent is never "unchanged"', async () => {
    const parent = await me.add({ title: 'parent' })
    const sub = await me.add({ title: 'still open', parent: parent.id })
    const done = await me.change(parent.id, { completed: true })
    assert.equal((await me.read(sub.id)).completed, false)
    const known = { 'If-None-Match': `"${done.revision}"` }
    assert.equal((await me.ask('GET', `/tasks/${parent.id}`, undefined, known)).status, 200)
    assert.deepEqual(await me.titles(`parent=${parent.id}`), ['still open'])
    assert.ok(!(await me.titles('parent=none&limit=100')).includes('still open'))
  })
  test('of 201 there is no room for the last', async () => {
    const parent = await me.add({ title: 'parent' })
    await product.admin.query('begin')
    await product.admin.query(`select set_config('app.subject', $1, true)`, [me.id])
    await product.admin.query(
      `insert into todo.task (id, title, parent_id)
       select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 's', $1 from generate_series(1, 199)`,
      [parent.id],
    )
    await product.admin.query('commit')
    const loose = [await me.add({ title: 'x' }), await me.add({ title: 'y' })]
    const both = await me.bulk(loose.map(({ id }) => ({ id, parent: parent.id })))
    assert.deepEqual([both.status, both.json.code], [409, 'limit_reached'])
    await me.change(loose[0].id, { parent: parent.id })
    assert.equal((await me.ask('POST', '/tasks', { title: 'z', parent: parent.id })).status, 409)
    assert.equal((await me.read(parent.id)).subtasks.total, 200)
  })
})

describe('many changes at once', () => {
  const add = async (count: number): Promise<Json[]> => {
    const tasks = []
    for (let n = 0; n < count; n += 1) tasks.push(await me.add({ title: `t${n}` }))
    return tasks
  }
  test('are answered with the tasks as they are now, in the order asked', async () => {
    const [a, b, c] = await add(3)
    const list = await me.addList('l')
    const { status, json } = await me.bulk([
      { id: c.id, title: 'third', tags: ['x'] },
      { id: a.id, completed: true, revision: a.revision },
      { id: b.id, list: list.id, due: '2026-12-01', priority: 1, description: 'd' },
    ])
    assert.equal(status, 200)
    assert.deepEqual(
      json.map((task: Json) => task.id),
      [c.id, a.id, b.id],
    )
    assert.deepEqual([json[0].title, json[0].tags, json[1].completed], ['third', ['x'], true])
    assert.deepEqual([json[2].list, json[2].due, json[2].priority], [list.id, '2026-12-01', 1])
    for (const task of json) assert.equal(JSON.stringify(await me.read(task.id)), JSON.stringify(task))
  })
  test('are all made or none: one that is not there is 404, one at another revision 412', async () => {
    const [a, b] = await add(2)
    const stale = { id: b.id, title: 'no', revision: b.revision + 1_000 }
    assert.equal((await me.bulk([{ id: a.id, title: 'no' }, stale])).status, 412)
    assert.equal(
      (await me.bulk([{ id: a.id, title: 'no' }, stale, { id: uuidV7(0), title: 'x' }])).status,
      404,
    )
    await me.good('DELETE', `/tasks/${b.id}`)
    assert.equal(
      (
        await me.bulk([
          { id: a.id, title: 'no' },
          { id: b.id, title: 'no' },
        ])
      ).status,
      404,
    )
    assert.deepEqual(await me.read(a.id), a)
  })
  test('delete and restore, and may be repeated', async () => {
    const [a, b] = await add(2)
    const deletion = [a, b].map(({ id }) => ({ id, deleted: true }))
    for (let round = 0; round < 2; round += 1) {
      const { status, json } = await me.bulk(deletion)
      assert.deepEqual([status, json.every((task: Json) => task.deleted_at !== null)], [200, true])
    }
    assert.equal((await me.ask('GET', `/tasks/${a.id}`)).status, 404)
    for (let round = 0; round < 2; round += 1) {
      const { status, json } = await me.bulk([
        { id: a.id, deleted: false, title: 'back' },
        { id: b.id, deleted: false },
      ])
      assert.deepEqual([status, json[0].title, json[0].deleted_at], [200, 'back', null])
    }
  })
  test('name each wrong member, a task twice, too many and none', async () => {
    const [a] = await add(1)
    const wrong: [Json, string[]][] = [
      [{ changes: [] }, ['/changes']],
      [{ changes: [{ id: a.id }] }, ['/changes/0']],
      [{ changes: [{ id: a.id, revision: 1 }] }, ['/changes/0']],
      [
        { changes: [{ id: 'x', title: '' }, { title: 'x' }] },
        ['/changes/0/id', '/changes/0/title', '/changes/1/id'],
      ],
      [
        { changes: [{ id: a.id, title: 'x', user_id: 'b', next: null }] },
        ['/changes/0/user_id', '/changes/0/next'],
      ],
      [{ changes: [{ id: a.id, deleted: 1, revision: '1' }] }, ['/changes/0/revision', '/changes/0/deleted']],
      [
        {
          changes: [
            { id: a.id, title: 'x' },
            { id: a.id, title: 'y' },
          ],
        },
        ['/changes/1/id'],
      ],
      [{ changes: Array(501).fill({ id: a.id, title: 'x' }) }, ['/changes']],
      [{ changes: {}, more: 1 }, ['/changes', '/more']],
      [[], ['']],
    ]
    for (const [body, fields] of wrong) {
      const answer = await me.ask('PATCH', '/tasks', body)
      assert.deepEqual([answer.status, fieldsOf(answer)], [400, fields])
    }
    const recurring = await me.bulk([{ id: a.id, recurrence: { rule: 'FREQ=DAILY', from: 'schedule' } }])
    assert.deepEqual([recurring.status, fieldsOf(recurring)], [400, ['/changes/0/recurrence']])
  })
  test('are at most 500 and a megabyte', async () => {
    const many = await openOrganizer(product)
    await product.admin.query('begin')
    await product.admin.query(`select set_config('app.subject', $1, true)`, [many.id])
    const { rows } = await product.admin.query(
      `insert into todo.task (id, title)
       select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 's' from generate_series(1, 500)
       returning id`,
    )
    await product.admin.query('commit')
    const description = 'x'.repeat(1_800)
    const { status, json } = await many.bulk(rows.map(({ id }) => ({ id, description, tags: ['all'] })))
    assert.deepEqual([status, json.length], [200, 500])
    assert.equal(new Set(json.map((task: Json) => task.revision)).size, 500)
    const tooLarge = await many.bulk(rows.map(({ id }) => ({ id, description: 'x'.repeat(2_100) })))
    assert.deepEqual([tooLarge.status, tooLarge.json.code], [413, 'content_too_large'])
    assert.equal((await many.bulk(rows.map(({ id }) => ({ id, deleted: true })))).status, 200)
    assert.equal((await many.good('GET', '/tags'))[0].open, 0)
  })
  test('of the same tasks in another order never wait for each other in a circle', async () => {
    const tasks = await add(20)
    // A crowd may be told 503 on a busy machine, and asks again; a circle would be counted by the database.
    const insist = async (ask: () => ReturnType<Organizer['ask']>): Promise<number> => {
      const { status } = await ask()
      return status === 503 ? await insist(ask) : status
    }
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) => {
        const order = n % 2 ? tasks : tasks.toReversed()
        const changes = order.map(({ id }, at) => ({
          id,
          title: `${n}`,
          ...(at % 3 === 0 && { tags: [`t${n % 4}`] }),
        }))
        const one = () => me.ask('PATCH', `/tasks/${order[3]!.id}`, { title: `one ${n}` })
        return insist(n % 5 === 4 ? one : () => me.bulk(changes))
      }),
    )
    assert.deepEqual(new Set(answers), new Set([200]))
    const { rows } = await product.admin.query(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
    assert.deepEqual(rows, [{ deadlocks: 0 }])
  })
})

test('revisions only ever rise, and none is given twice', async () => {
  const fresh = await openOrganizer(product)
  const seen: number[] = []
  const note = (row: Json) => seen.push(row.revision)
  const list = await fresh.addList('l')
  note(list)
  const parent = await fresh.add({ title: 'p', list: list.id, tags: ['a', 'b'] })
  note(parent)
  for (const { revision } of await fresh.good('GET', '/tags')) seen.unshift(revision)
  const subs = [
    await fresh.add({ title: 's', parent: parent.id }),
    await fresh.add({ title: 't', parent: parent.id }),
  ]
  subs.forEach(note)
  note(await fresh.good('PATCH', `/lists/${list.id}`, { name: 'm' }))
  for (const task of (await fresh.bulk(subs.map(({ id }) => ({ id, completed: true })))).json) note(task)
  note(await fresh.change(parent.id, { list: null }))
  for (const { id } of subs) note(await fresh.read(id))
  await fresh.good('DELETE', `/tasks/${parent.id}`)
  note(await fresh.good('POST', `/tasks/${parent.id}/restore`))
  assert.equal(new Set(seen).size, seen.length)
  const ofTasks = seen.filter(revision => revision > parent.revision)
  const { rows } = await product.admin.query(
    `select revision, (select max(revision) from (select revision from todo.task where user_id = $1
       union all select revision from todo.list where user_id = $1
       union all select revision from todo.tag where user_id = $1) every) as newest
     from todo.account where user_id = $1`,
    [fresh.id],
  )
  assert.ok(ofTasks.length > 5)
  assert.equal(rows[0].revision, rows[0].newest)
})
