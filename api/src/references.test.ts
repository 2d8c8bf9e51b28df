import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { type Json, openTestApi } from '../test/open-api.ts'
import { type Organizer, openOrganizer, visible } from '../test/organizer.ts'
import { uuidV7 } from './uuid.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let me: Organizer
/** What another account has. */
let theirs: { task: string; sub: string; trashed: string; list: string; trashedList: string; tag: string }
let mine: { task: string; list: string; tag: string }

before(async () => {
  product = await openTestApi()
  me = await openOrganizer(product)
  const other = await openOrganizer(product)
  const list = await other.addList('theirs')
  const trashedList = await other.addList('trashed')
  const task = await other.add({ title: 'theirs', list: list.id, tags: ['theirs'] })
  const sub = await other.add({ title: 'sub', parent: task.id })
  const trashed = await other.add({ title: 'trashed' })
  await other.good('DELETE', `/tasks/${trashed.id}`)
  await other.good('DELETE', `/lists/${trashedList.id}`)
  const [tag] = await other.good('GET', '/tags')
  theirs = {
    task: task.id,
    sub: sub.id,
    trashed: trashed.id,
    list: list.id,
    trashedList: trashedList.id,
    tag: tag.id,
  }
  const own = await me.add({ title: 'mine', tags: ['mine'] })
  const [ownTag] = await me.good('GET', '/tags')
  mine = { task: own.id, list: (await me.addList('mine')).id, tag: ownTag.id }
})
after(() => product.close())

type Attempt = [method: string, path: (id: string) => string, body?: (id: string) => Json]
const name = () => ({ name: 'x' })
const title = () => ({ title: 'x' })

const ATTEMPTS: Record<string, [kinds: (keyof typeof theirs)[], attempts: Attempt[]]> = {
  'a task, a subtask and one in the trash, by path': [
    ['task', 'sub', 'trashed'],
    [
      ['GET', id => `/tasks/${id}`],
      ['PUT', id => `/tasks/${id}`, title],
      ['PATCH', id => `/tasks/${id}`, title],
      ['PATCH', id => `/tasks/${id}/complete`],
      ['DELETE', id => `/tasks/${id}`],
      ['POST', id => `/tasks/${id}/restore`],
      ['DELETE', id => `/trash/${id}`],
    ],
  ],
  'a task in a body': [
    ['task', 'sub', 'trashed'],
    [
      ['POST', () => '/tasks', parent => ({ title: 'x', parent })],
      ['PUT', () => `/tasks/${mine.task}`, parent => ({ title: 'x', parent })],
      ['PATCH', () => `/tasks/${mine.task}`, parent => ({ parent })],
      [
        'PATCH',
        () => '/tasks',
        id => ({
          changes: [
            { id: mine.task, title: 'no' },
            { id, title: 'x' },
          ],
        }),
      ],
      ['PATCH', () => '/tasks', id => ({ changes: [{ id, title: 'x', revision: 1 }] })],
      ['PATCH', () => '/tasks', id => ({ changes: [{ id, deleted: true }] })],
      ['PATCH', () => '/tasks', id => ({ changes: [{ id, deleted: false }] })],
      ['PATCH', () => '/tasks', parent => ({ changes: [{ id: mine.task, parent }] })],
    ],
  ],
  'a list by path': [
    ['list', 'trashedList'],
    [
      ['GET', id => `/lists/${id}`],
      ['PUT', id => `/lists/${id}`, name],
      ['PATCH', id => `/lists/${id}`, name],
      ['DELETE', id => `/lists/${id}`],
      ['POST', id => `/lists/${id}/restore`],
    ],
  ],
  'a list in a body': [
    ['list', 'trashedList'],
    [
      ['POST', () => '/tasks', list => ({ title: 'x', list })],
      ['PUT', () => `/tasks/${mine.task}`, list => ({ title: 'x', list })],
      ['PATCH', () => `/tasks/${mine.task}`, list => ({ list })],
      ['PATCH', () => '/tasks', list => ({ changes: [{ id: mine.task, list }] })],
    ],
  ],
  'a tag, by path and in a body': [
    ['tag'],
    [
      ['PATCH', id => `/tags/${id}`, name],
      ['DELETE', id => `/tags/${id}`],
      ['POST', id => `/tags/${id}/merge`, () => ({ into: mine.tag })],
      ['POST', () => `/tags/${mine.tag}/merge`, into => ({ into })],
    ],
  ],
}

describe("another account's is answered 404, byte for byte as what never was (FR-015)", () => {
  for (const [what, [kinds, attempts]] of Object.entries(ATTEMPTS))
    test(what, async () => {
      const before = await me.read(mine.task)
      for (const [method, pathOf, bodyOf] of attempts) {
        const ask = (id: string, headers = {}) => me.ask(method, pathOf(id), bodyOf?.(id), headers)
        for (const headers of [{}, { 'If-Match': '"1"' }]) {
          const missing = await ask(uuidV7(Date.now()), headers)
          assert.equal(missing.status, 404, `${method} ${pathOf('id')}`)
          for (const kind of kinds)
            assert.equal(visible(await ask(theirs[kind], headers)), visible(missing), `${method} ${kind}`)
        }
      }
      assert.deepEqual(await me.read(mine.task), before)
    })
  test('and a filter by it finds what a filter by nothing finds', async () => {
    for (const [filter, id] of [
      ['list', theirs.list],
      ['parent', theirs.task],
    ] as const)
      for (const asked of [id, uuidV7(0)]) {
        const { status, text } = await me.ask('GET', `/tasks?${filter}=${asked}`)
        assert.deepEqual([status, text], [200, '[]'])
      }
    assert.deepEqual(await me.titles('tag=theirs'), [])
  })
  test('and the same ids may be used for things of my own', async () => {
    const headers = { 'If-None-Match': '*' }
    assert.equal((await me.ask('PUT', `/lists/${theirs.list}`, name(), headers)).status, 201)
    assert.equal((await me.ask('PUT', `/tasks/${theirs.task}`, title(), headers)).status, 201)
  })
})

describe('the database cannot hold a link into another account', () => {
  let api: pg.Client
  before(async () => {
    api = new pg.Client({ connectionString: product.apiUrl })
    await api.connect()
  })
  after(() => api.end())

  const bound = async (text: string, values: unknown[]) => {
    await api.query('begin')
    try {
      await api.query(`select set_config('app.subject', $1, true)`, [me.id])
      return await api.query(text, values)
    } finally {
      await api.query('rollback')
    }
  }
  const missing = uuidV7(1)

  test('to a list, a parent, a next occurrence or a tag: refused as one to what is not there', async () => {
    const links: [string, (id: string) => unknown[], string][] = [
      ['update todo.task set list_id = $2 where id = $1', id => [mine.task, id], theirs.trashedList],
      ['update todo.task set parent_id = $2 where id = $1', id => [mine.task, id], theirs.sub],
      ['update todo.task set next_id = $2 where id = $1', id => [mine.task, id], theirs.sub],
      ['insert into todo.task_tag (task_id, tag_id) values ($1, $2)', id => [mine.task, id], theirs.tag],
      ['insert into todo.task_tag (tag_id, task_id) values ($1, $2)', id => [mine.tag, id], theirs.sub],
    ]
    for (const [text, values, id] of links) {
      const refusals = []
      for (const target of [id, missing])
        refusals.push(
          await bound(text, values(target)).then(
            () => null,
            ({ code, message, detail }) => ({ code, message, detail: detail?.replaceAll(target, 'it') }),
          ),
        )
      assert.equal(refusals[0]?.code, '23503', text)
      assert.deepEqual(refusals[0], refusals[1], text)
    }
  })
  test('whose each row is, no statement may say', async () => {
    const columns: Record<string, string> = {
      list: `(user_id, id, name, color) values ($1, $2, 'x', 'red')`,
      tag: `(user_id, id, name, key) values ($1, $2, 'x', 'x')`,
      task_tag: '(user_id, task_id, tag_id) values ($1, $2, $2)',
    }
    for (const [table, values] of Object.entries(columns)) {
      await assert.rejects(bound(`insert into todo.${table} ${values}`, [me.id, missing]), { code: '42501' })
      await assert.rejects(bound(`update todo.${table} set user_id = $1`, [me.id]), { code: '42501' })
    }
    for (const column of ['revision', 'created_at', 'updated_at', 'completed_at', 'search'])
      await assert.rejects(bound(`update todo.task set ${column} = default where id = $1`, [mine.task]), {
        code: '42501',
      })
  })
  test("and another account's rows are not there to be read or written", async () => {
    const tables = { task: theirs.task, list: theirs.list, tag: theirs.tag }
    for (const [table, id] of Object.entries(tables)) {
      const own = (await bound(`select user_id from todo.${table}`, [])).rows
      assert.ok(own.length > 0 && own.every(row => row.user_id === me.id), table)
      const where = 'where user_id <> $1'
      for (const text of [`select id from todo.${table} ${where}`, `delete from todo.${table} ${where}`])
        assert.equal((await bound(text, [me.id])).rowCount, 0, text)
      assert.ok((await product.admin.query(`select from todo.${table} where id = $1`, [id])).rowCount! > 0)
    }
    assert.equal((await bound('delete from todo.task_tag where user_id <> $1', [me.id])).rowCount, 0)
  })
})
