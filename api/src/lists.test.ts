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

const put = (id: string, body: Json, headers: Record<string, string> = { 'If-None-Match': '*' }) =>
  me.ask('PUT', `/lists/${id}`, body, headers)

describe('a list', () => {
  test('is made under an id of the client, once, and answered with its place and entity tag', async () => {
    const id = uuidV7(Date.now())
    const first = await put(id, { name: 'Work', color: 'teal' })
    assert.deepEqual([first.status, first.headers.get('location')], [201, `${me.base}/lists/${id}`])
    assert.deepEqual(Object.keys(first.json), [
      'id',
      'name',
      'color',
      'position',
      'open',
      'created_at',
      'updated_at',
      'revision',
    ])
    assert.equal(first.headers.get('etag'), `"${first.json.revision}"`)
    const again = await put(id, { name: 'Work', color: 'teal' })
    assert.deepEqual([again.status, again.text], [200, first.text])
    assert.equal((await put(id, { name: 'Other' })).status, 412)
    assert.equal((await put(uuidV7(Date.now()), { name: 'x' }, {})).status, 404)
    assert.equal((await put('nothing', { name: 'x' })).status, 404)
    for (const headers of [{ 'If-None-Match': '"1"' }, { 'If-None-Match': '*', 'If-Match': '*' }])
      assert.equal((await put(id, { name: 'x' }, headers as Record<string, string>)).status, 400)
  })
  test('is gray unless told otherwise, and new ones come last', async () => {
    const fresh = await openOrganizer(product)
    for (const name of ['one', 'two', 'three']) await fresh.addList(name)
    const lists = await fresh.good('GET', '/lists')
    assert.deepEqual(
      lists.map((list: Json) => [list.name, list.color]),
      [
        ['one', 'gray'],
        ['two', 'gray'],
        ['three', 'gray'],
      ],
    )
    await fresh.good('PATCH', `/lists/${lists[2].id}`, { position: 'a0' })
    const moved = await fresh.good('GET', '/lists')
    assert.deepEqual(
      moved.map((list: Json) => list.name),
      ['three', 'one', 'two'],
    )
  })
  test('is changed, and replaced but for its position, by the one who knows its revision', async () => {
    const list = await me.addList('Home', { color: 'red', position: 'a5' })
    const path = `/lists/${list.id}`
    const match = { 'If-Match': `"${list.revision}"` }
    const changed = await me.ask('PATCH', path, { name: 'House' }, match)
    assert.deepEqual([changed.status, changed.json.name, changed.json.color], [200, 'House', 'red'])
    assert.ok(changed.json.revision > list.revision)
    for (const [method, body] of [
      ['PATCH', { name: 'x' }],
      ['PUT', { name: 'x' }],
      ['DELETE', undefined],
    ] as const)
      assert.equal((await me.ask(method, path, body, match)).status, 412, method)
    const replaced = await put(list.id, { name: 'Flat' }, {})
    assert.deepEqual([replaced.json.color, replaced.json.position], ['gray', 'a5'])
    assert.equal((await me.ask('GET', path)).text, replaced.text)
  })
  test('names each wrong field', async () => {
    const wrong: [Json, string[]][] = [
      [{}, ['/name']],
      [{ name: '' }, ['/name']],
      [{ name: 'x'.repeat(101) }, ['/name']],
      [{ name: 1, color: 'pinkish', position: 'g' }, ['/name', '/color', '/position']],
      [{ name: 'x', open: 1, user_id: 'x', deleted_at: null }, ['/open', '/user_id', '/deleted_at']],
    ]
    for (const [body, fields] of wrong) {
      const answer = await put(uuidV7(0), body)
      assert.deepEqual([answer.status, fieldsOf(answer)], [400, fields])
    }
    const list = await me.addList('x')
    for (const body of [{}, { id: list.id }, { name: null }])
      assert.equal((await me.ask('PATCH', `/lists/${list.id}`, body)).status, 400)
    assert.deepEqual(fieldsOf(await me.ask('GET', '/lists?sort=name')), ['sort'])
  })
  test('counts its open tasks, subtasks not among them', async () => {
    const list = await me.addList('counted')
    const open = async () => (await me.good('GET', `/lists/${list.id}`)).open
    const task = await me.add({ title: 'a', list: list.id })
    await me.add({ title: 'b', list: list.id, completed: true })
    await me.add({ title: 'c', parent: task.id })
    assert.equal(await open(), 1)
    await me.change(task.id, { completed: true })
    assert.equal(await open(), 0)
  })
  test('goes into the trash with its tasks, and comes back with just those', async () => {
    const list = await me.addList('gone')
    const kept = await me.add({ title: 'kept', list: list.id })
    const sub = await me.add({ title: 'sub', parent: kept.id })
    const thrown = await me.add({ title: 'thrown before', list: list.id })
    await me.good('DELETE', `/tasks/${thrown.id}`)
    assert.equal((await me.ask('DELETE', `/lists/${list.id}`)).status, 204)
    for (const path of [`/lists/${list.id}`, `/tasks/${kept.id}`, `/tasks/${sub.id}`])
      assert.equal((await me.ask('GET', path)).status, 404, path)
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { name: 'x' }],
      ['PUT', { name: 'x' }],
    ] as const)
      assert.equal((await me.ask(method, `/lists/${list.id}`, body)).status, 404, method)
    assert.equal((await put(list.id, { name: 'gone' })).status, 412)
    assert.equal((await me.ask('POST', '/tasks', { title: 'x', list: list.id })).status, 404)
    const restored = await me.good('POST', `/lists/${list.id}/restore`)
    assert.deepEqual([restored.name, restored.open], ['gone', 1])
    assert.equal((await me.read(kept.id)).list, list.id)
    assert.equal((await me.read(sub.id)).parent, kept.id)
    assert.equal((await me.ask('GET', `/tasks/${thrown.id}`)).status, 404)
    assert.equal((await me.ask('POST', `/lists/${list.id}/restore`)).status, 200)
    assert.equal((await me.ask('POST', `/lists/${uuidV7(0)}/restore`)).status, 404)
  })
  test('of 201 there is no room for the last', async () => {
    const many = await openOrganizer(product)
    await product.admin.query('begin')
    await product.admin.query(`select set_config('app.subject', $1, true)`, [many.id])
    await product.admin.query(`
      insert into todo.list (id, name, color)
      select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 'l', 'red' from generate_series(1, 199)`)
    await product.admin.query('commit')
    const last = await many.addList('the 200th')
    const more = await many.ask('PUT', `/lists/${uuidV7(0)}`, { name: 'x' }, { 'If-None-Match': '*' })
    assert.deepEqual([more.status, more.json.code], [409, 'limit_reached'])
    await many.good('DELETE', `/lists/${last.id}`)
    await many.addList('in its place')
    assert.equal((await many.ask('POST', `/lists/${last.id}/restore`)).status, 409)
  })
})
