import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi } from '../test/open-api.ts'
import { fieldsOf, type Organizer, openOrganizer } from '../test/organizer.ts'
import { uuidV7 } from './uuid.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let me: Organizer

before(async () => {
  product = await openTestApi()
})
after(() => product.close())

const tagsOf = async (person: Organizer): Promise<Json[]> => await person.good('GET', '/tags')
const tag = async (name: string): Promise<Json> =>
  (await tagsOf(me)).find(found => found.name.toLowerCase() === name.toLowerCase())

describe('the tags of a task', () => {
  before(async () => {
    me = await openOrganizer(product)
  })
  test('are made when they are first named, compared without case, and sorted', async () => {
    const task = await me.add({ title: 'x', tags: ['home', 'Büro', 'HOME', 'errand'] })
    assert.deepEqual(task.tags, ['Büro', 'errand', 'home'])
    const other = await me.add({ title: 'y', tags: ['HOME', 'BÜRO'] })
    assert.deepEqual(other.tags, ['Büro', 'home'])
    const tags = await tagsOf(me)
    assert.deepEqual(
      tags.map(({ name, open }) => [name, open]),
      [
        ['Büro', 2],
        ['errand', 1],
        ['home', 2],
      ],
    )
    assert.deepEqual(Object.keys(tags[0]), ['id', 'name', 'open', 'created_at', 'updated_at', 'revision'])
  })
  test('are replaced by those sent, and stay when none are', async () => {
    const task = await me.add({ title: 'x', tags: ['a', 'b'] })
    assert.deepEqual((await me.change(task.id, { tags: ['b', 'c'] })).tags, ['b', 'c'])
    assert.deepEqual((await me.change(task.id, { title: 'y' })).tags, ['b', 'c'])
    assert.deepEqual((await me.good('PUT', `/tasks/${task.id}`, { title: 'z' })).tags, [])
  })
  test('are at most 20, of 1 to 50 characters without white space, #, / and comma', async () => {
    for (const name of ['', 'a b', 'a\u00a0b', '#a', 'a/b', 'a,b', 'x'.repeat(51), 'a\n', 1, null]) {
      const answer = await me.ask('POST', '/tasks', { title: 'x', tags: ['good', name] })
      assert.deepEqual([answer.status, fieldsOf(answer)], [400, ['/tags/1']], String(name))
    }
    const names = Array.from({ length: 21 }, (_, n) => `t${n}`)
    assert.deepEqual(fieldsOf(await me.ask('POST', '/tasks', { title: 'x', tags: names })), ['/tags'])
    assert.equal((await me.add({ title: 'x', tags: names.slice(1) })).tags.length, 20)
    assert.deepEqual((await me.add({ title: 'x', tags: ['👩‍🚀', '日本'] })).tags.length, 2)
  })
  test('find the task, in any case, and count only what is open', async () => {
    const task = await me.add({ title: 'found', tags: ['Needle'] })
    assert.deepEqual(await me.titles('tag=nEEDLE'), ['found'])
    assert.deepEqual(await me.titles('tag=unknown'), [])
    assert.equal((await tag('needle')).open, 1)
    await me.change(task.id, { completed: true })
    assert.equal((await tag('needle')).open, 0)
    assert.deepEqual(await me.titles('tag=needle&completed=false'), [])
  })
  test('of an account are at most 1,000', async () => {
    const many = await openOrganizer(product)
    await product.admin.query('begin')
    await product.admin.query(`select set_config('app.subject', $1, true)`, [many.id])
    await product.admin.query(`
      insert into todo.tag (id, name, key)
      select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 't' || n, 't' || n
      from generate_series(1, 999) n`)
    await product.admin.query('commit')
    const refused = await many.ask('POST', '/tasks', { title: 'x', tags: ['new', 'newer'] })
    assert.deepEqual([refused.status, refused.json.code], [409, 'limit_reached'])
    assert.equal((await many.add({ title: 'x', tags: ['new', 't5'] })).tags.length, 2)
    assert.equal((await tagsOf(many)).length, 1_000)
  })
})

describe('a tag', () => {
  before(async () => {
    me = await openOrganizer(product)
  })
  test('is renamed on every task, whose revisions rise', async () => {
    const task = await me.add({ title: 'x', tags: ['old', 'other'] })
    const found = await tag('old')
    const renamed = await me.ask('PATCH', `/tags/${found.id}`, { name: 'New' })
    assert.deepEqual([renamed.status, renamed.json.name, renamed.json.open], [200, 'New', 1])
    assert.equal(renamed.headers.get('etag'), `"${renamed.json.revision}"`)
    const now = await me.read(task.id)
    assert.deepEqual(now.tags, ['New', 'other'])
    assert.ok(now.revision > task.revision && renamed.json.revision > found.revision)
    assert.deepEqual(await me.titles('tag=new'), ['x'])
    assert.deepEqual(await me.titles('tag=old'), [])
  })
  test('may change its case, and not take the name of another', async () => {
    await me.add({ title: 'x', tags: ['first', 'second'] })
    const { id } = await tag('first')
    assert.equal((await me.good('PATCH', `/tags/${id}`, { name: 'FIRST' })).name, 'FIRST')
    const taken = await me.ask('PATCH', `/tags/${id}`, { name: 'SECOND' })
    assert.deepEqual([taken.status, taken.json.code], [409, 'tag_exists'])
    for (const body of [{}, { name: '' }, { name: 'a b' }, { name: 'x', key: 'x' }])
      assert.equal((await me.ask('PATCH', `/tags/${id}`, body)).status, 400)
  })
  test('is merged into another: its tasks have that one, once', async () => {
    const both = await me.add({ title: 'both', tags: ['from', 'into'] })
    const one = await me.add({ title: 'one', tags: ['from'] })
    const [from, into] = [await tag('from'), await tag('into')]
    const merged = await me.good('POST', `/tags/${from.id}/merge`, { into: into.id })
    assert.deepEqual([merged.id, merged.open], [into.id, 2])
    for (const { id } of [both, one]) assert.deepEqual((await me.read(id)).tags, ['into'])
    assert.equal(await tag('from'), undefined)
    assert.equal((await me.ask('POST', `/tags/${from.id}/merge`, { into: into.id })).status, 404)
    const itself = await me.ask('POST', `/tags/${into.id}/merge`, { into: into.id })
    assert.deepEqual([itself.status, fieldsOf(itself)], [400, ['/into']])
    assert.deepEqual(fieldsOf(await me.ask('POST', `/tags/${into.id}/merge`, { into: 'x' })), ['/into'])
  })
  test('is deleted from every task', async () => {
    const task = await me.add({ title: 'x', tags: ['stays', 'goes'] })
    const { id } = await tag('goes')
    assert.equal((await me.ask('DELETE', `/tags/${id}`)).status, 204)
    assert.equal((await me.ask('DELETE', `/tags/${id}`)).status, 404)
    const now = await me.read(task.id)
    assert.deepEqual(now.tags, ['stays'])
    assert.ok(now.revision > task.revision)
  })
  test('is changed by the one who knows its revision', async () => {
    await me.add({ title: 'x', tags: ['guarded', 'target'] })
    const { id, revision } = await tag('guarded')
    const stale = { 'If-Match': `"${revision + 1_000}"` }
    assert.equal((await me.ask('PATCH', `/tags/${id}`, { name: 'y' }, stale)).status, 412)
    assert.equal((await me.ask('DELETE', `/tags/${id}`, undefined, stale)).status, 412)
    const into = (await tag('target')).id
    assert.equal((await me.ask('POST', `/tags/${id}/merge`, { into }, stale)).status, 412)
    const fresh = { 'If-Match': `"${revision}"` }
    assert.equal((await me.ask('PATCH', `/tags/${id}`, { name: 'y' }, fresh)).status, 200)
    for (const missing of [uuidV7(0), 'x'])
      assert.equal((await me.ask('PATCH', `/tags/${missing}`, { name: 'z' })).status, 404)
  })
  test('whatever was done, a task shows the tags that it has', async () => {
    const { rows } = await product.admin.query(`
      select tags, array(select tag.name from todo.task_tag join todo.tag on tag.user_id = task.user_id
          and tag.id = tag_id where task_tag.user_id = task.user_id and task_id = task.id
        order by tag.key) as having
      from todo.task`)
    assert.ok(rows.length > 5)
    for (const { tags, having } of rows) assert.deepEqual(tags, having)
  })
})
