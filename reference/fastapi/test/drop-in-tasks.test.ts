// What both APIs do with tasks, which they have in common.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { type Answer, comparable } from './answers.ts'
import { ask, bob, bothSay, JSON_TYPE, make, type Sent, tasks } from './both.ts'

describe('a query', () => {
  test('says which page', async () => {
    for (const query of [
      ...[
        'limit=1',
        'limit=100',
        'limit=101',
        'limit=0',
        'limit=',
        'limit=01',
        'limit=1.0',
        'limit=%31',
        'limit=+1',
      ],
      ...[
        'completed=true',
        'completed=false',
        'completed=1',
        'completed=',
        'limit=1&limit=2',
        'limit=x&completed=y',
      ],
      ...[
        '',
        '&',
        'x=1',
        '%zz=1',
        'cursor=',
        'cursor=x',
        'cursor=AAAA',
        'limit=2&x=1&y=2',
        'x=1&x=2',
        `${'k'.repeat(101)}=1`,
      ],
    ])
      await bothSay({ path: `${tasks()}?${query}` })
    const { id } = await make('ours', 'x')
    for (const query of ['', 'x', 'limit=1', 'x=1&y=2', 'x=1&x=2', '=']) {
      await bothSay({ path: `${tasks()}/${id}?${query}` })
      if (query !== '') await bothSay({ path: `${tasks()}/${id}/complete?${query}`, method: 'PATCH' })
      await bothSay({
        path: `${tasks()}?${query}`,
        method: 'POST',
        headers: JSON_TYPE,
        body: '{"title":"x"}',
      })
    }
  })

  test('a cursor of either leads on at the other, and belongs to its account and query', async () => {
    for (let count = 0; count < 5; count += 1) await make('theirs', `page ${count}`)
    for (const [first, second] of [
      ['ours', 'theirs'],
      ['theirs', 'ours'],
    ] as const) {
      const page = await ask(first, { path: `${tasks()}?limit=2` })
      const cursor = /cursor=([\w-]+)/.exec(page.headers.link ?? '')?.[1]
      assert.ok(cursor)
      const next = `${tasks()}?limit=2&cursor=${cursor}`
      await bothSay({ path: next })
      assert.equal((await ask(second, { path: next })).status, 200)
      assert.deepEqual(idsOf(await ask('ours', { path: next })), idsOf(await ask('theirs', { path: next })))
      await bothSay({ path: `${next}&completed=true` })
      await bothSay({ path: `/api/${bob.id}/tasks?cursor=${cursor}`, token: bob.token })
    }
  })

  test('pages through everything, once each and newest first', async () => {
    const seen: string[] = []
    let path = `${tasks()}?limit=7&completed=false`
    while (path !== '') {
      const page: Answer = await ask('theirs', { path })
      seen.push(...idsOf(page))
      path = /<([^>]+)>/.exec(page.headers.link ?? '')?.[1] ?? ''
    }
    const all = await ask('ours', { path: `${tasks()}?limit=100&completed=false` })
    assert.deepEqual(seen.slice(0, 100), idsOf(all))
    assert.equal(new Set(seen).size, seen.length)
  })

  const idsOf = ({ body }: Answer): string[] => JSON.parse(body).map(({ id }: { id: string }) => id)
})

describe('a condition', () => {
  test('is met or not, whatever the revision', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TOGGLE']) {
      for (const value of [
        '*',
        '"1"',
        '"REVISION"',
        'W/"REVISION"',
        '"0", "REVISION"',
        'REVISION',
        '""',
        '"x", W/"1"',
        '"1" "2"',
        '',
      ])
        await bothSayOfOwn({ method, name: 'If-Match', value })
    }
    for (const value of ['*', '"1"', '"REVISION"', 'W/"REVISION"', '"0", "REVISION"', 'REVISION', ''])
      await bothSayOfOwn({ method: 'GET', name: 'If-None-Match', value })
    for (const value of ['*', '"1"', 'x']) await bothSayOfOwn({ method: 'PUT', name: 'If-None-Match', value })
  })

  /** Each API about a task of its own, whose revision stands in the header. */
  async function bothSayOfOwn({ method, name, value }: { method: string; name: string; value: string }) {
    const answers = []
    for (const which of ['ours', 'theirs'] as const) {
      const { id, revision } = await make(which, 'conditional')
      const sent: Sent =
        method === 'TOGGLE'
          ? { method: 'PATCH', path: `${tasks()}/${id}/complete` }
          : { method, path: `${tasks()}/${id}`, ...(/^P/.test(method) && { body: '{"title":"y"}' }) }
      const headers = { ...(sent.body && JSON_TYPE), [name]: value.replace('REVISION', String(revision)) }
      answers.push(comparable(await ask(which, { ...sent, headers })))
    }
    assert.deepEqual(answers[1], answers[0], `${method} ${name}: ${value}`)
  }

  test('If-None-Match: * makes a task under an id of its own, once', async () => {
    const put = { method: 'PUT', headers: { ...JSON_TYPE, 'If-None-Match': '*' } }
    const say = async (path: string, body: object) =>
      (await bothSay({ ...put, path, body: JSON.stringify(body) })).status
    const id = () => `01a1fbbd-79fb-7000-804a-${randomUUID().slice(-12)}`
    for (const first of ['ours', 'theirs'] as const) {
      const path = `${tasks()}/${id()}`
      const made = await ask(first, { ...put, path, body: '{"title":"x"}' })
      assert.equal(made.status, 201)
      assert.equal(made.headers.location, path)
      assert.equal(await say(path, { title: 'x' }), 200)
      assert.equal(await say(path, { title: 'x', completed: false, description: null }), 200)
      assert.equal(await say(path, { title: 'y' }), 412)
      assert.equal(await say(path, { title: 'x', completed: true }), 412)
      await ask(first, { method: 'DELETE', path })
      assert.equal(await say(path, { title: 'x' }), 412)
    }
    assert.equal(await say(`${tasks()}/x`, { title: 'x' }), 404)
    assert.equal(await say(`${tasks()}/${id().toUpperCase()}`, { title: 'x' }), 404)
    await bothSay({
      ...put,
      path: `${tasks()}/${id()}`,
      headers: { ...put.headers, 'If-Match': '*' },
      body: '{"title":"x"}',
    })
  })

  test('an Idempotency-Key used at one API is known at the other', async () => {
    for (const [first, second] of [
      ['ours', 'theirs'],
      ['theirs', 'ours'],
      ['theirs', 'theirs'],
    ] as const) {
      const headers = { ...JSON_TYPE, 'Idempotency-Key': randomUUID() }
      const post = { method: 'POST', headers, body: '{"title":"once","description":"é"}' }
      const made = await ask(first, post)
      const again = await ask(second, { ...post, body: '{ "description": "\\u00e9", "title": "once" }' })
      assert.equal(made.status, 201)
      assert.equal(again.status, 201)
      assert.equal(again.body, made.body)
      assert.equal(again.headers.etag, made.headers.etag)
      assert.equal(again.headers.location, made.headers.location)
      await bothSay({ ...post, body: '{"title":"twice"}' })
    }
    for (const key of ['', ' ', 'a b', 'é', 'x'.repeat(255), 'x'.repeat(256)])
      await bothSay({
        method: 'POST',
        headers: { ...JSON_TYPE, 'Idempotency-Key': key },
        body: '{"title":"x"}',
      })
  })

  test('twenty requests with one key at once make one task', async () => {
    const headers = { ...JSON_TYPE, 'Idempotency-Key': randomUUID() }
    const post = { method: 'POST', headers, body: '{"title":"once"}' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('theirs', post)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  })
})

describe('a change', () => {
  test('is what both of them read afterwards', async () => {
    for (const which of ['ours', 'theirs'] as const) {
      const { id } = await make(which, 'first')
      const path = `${tasks()}/${id}`
      const steps: Sent[] = [
        { method: 'PATCH', path, headers: JSON_TYPE, body: '{"title":"second"}' },
        { method: 'PATCH', path, headers: JSON_TYPE, body: '{"completed":true,"description":"said"}' },
        { method: 'PATCH', path: `${path}/complete` },
        { method: 'PUT', path, headers: JSON_TYPE, body: '{"title":"third"}' },
        { method: 'PATCH', path: `${path}/complete` },
      ]
      let revision = 0
      for (const sent of steps) {
        const changed = await ask('theirs', sent)
        assert.equal(changed.status, 200)
        const read = await bothSay({ path })
        assert.equal(read.body, changed.body)
        const task = JSON.parse(read.body)
        assert.ok(task.revision > revision)
        revision = task.revision
        assert.equal(read.headers.etag, `"${revision}"`)
      }
      assert.equal((await ask('theirs', { method: 'DELETE', path })).status, 204)
      await bothSay({ path })
      for (const method of ['DELETE', 'PATCH', 'PUT'])
        await bothSay({
          method,
          path,
          ...(method !== 'DELETE' && { headers: JSON_TYPE, body: '{"title":"x"}' }),
        })
    }
  })

  test('a task is deleted with its subtasks, which a core does not know of', async () => {
    const { id: parent } = await make('ours', 'parent')
    const { body } = await ask('ours', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ title: 'child', parent }),
    })
    const child = JSON.parse(body).id
    const refused = await ask('theirs', {
      method: 'DELETE',
      path: `${tasks()}/${parent}`,
      headers: { 'If-Match': '"1"' },
    })
    assert.equal(refused.status, 412)
    assert.equal((await bothSay({ path: `${tasks()}/${child}` })).status, 200)
    assert.equal((await ask('theirs', { method: 'DELETE', path: `${tasks()}/${parent}` })).status, 204)
    assert.equal((await bothSay({ path: `${tasks()}/${child}` })).status, 404)
    const back = await ask('ours', { method: 'POST', path: `${tasks()}/${parent}/restore` })
    assert.equal(back.status, 200)
    assert.equal((await bothSay({ path: `${tasks()}/${child}` })).status, 200)
  })

  test('a hundred changes of one account at once all count', async () => {
    const { id } = await make('theirs', 'busy')
    const path = `${tasks()}/${id}/complete`
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ask('theirs', { method: 'PATCH', path })),
    )
    const tasksSaid = answers.map(({ body }) => JSON.parse(body))
    assert.equal(new Set(tasksSaid.map(({ revision }) => revision)).size, 100)
    assert.equal(tasksSaid.filter(({ completed }) => completed).length, 50)
  })
})
