import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpError } from '../http.ts'
import { draftTask } from './task.ts'
import { createTasksApi } from './tasks-api.ts'

type Sent = {
  url: string
  body: string
  method: string
  headers: Headers
  credentials?: string
  keepalive?: boolean
}

function openApi(answers: Response[], organizes = true) {
  const sent: Sent[] = []
  const waits: number[] = []
  let minted = 1
  const api = createTasksApi({
    apiUrl: 'https://todo.example',
    userId: 'ada/1',
    organizes,
    session: {
      accessToken: async (_user, stale) => (stale ? `token-${++minted}` : 'token-1'),
      tokenInHand: () => 'token-1',
    },
    fetch: async (url, init = {}) => {
      sent.push({
        ...init,
        url: String(url),
        method: init.method ?? 'GET',
        headers: new Headers(init.headers),
      } as Sent)
      return answers.shift() ?? new Response(null, { status: 204 })
    },
    wait: async ms => void waits.push(ms),
  })
  return { api, sent, waits }
}

const json = (body: unknown, init?: ResponseInit) => Response.json(body, init)
const problem = (status: number, code: string, headers = {}) =>
  json({ code }, { status, headers: { 'content-type': 'application/problem+json', ...headers } })

test('every call carries the token, no cookie, and the person it is for in its path', async () => {
  const { api, sent } = openApi([json([])])
  await api.list('')
  assert.equal(sent[0]?.url, 'https://todo.example/api/ada%2F1/tasks')
  assert.equal(sent[0]?.headers.get('authorization'), 'Bearer token-1')
  assert.equal(sent[0]?.credentials, 'omit')
})

test('a refused token is renewed once and the call made again', async () => {
  const { api, sent } = openApi([problem(401, 'token_expired'), json([])])
  assert.deepEqual(await api.list('?completed=false'), { tasks: [], next: null })
  assert.deepEqual(
    sent.map(({ headers }) => headers.get('authorization')),
    ['Bearer token-1', 'Bearer token-2'],
  )
})

test('a second refusal is an answer, not a loop', async () => {
  const { api, sent } = openApi([problem(401, 'invalid_token'), problem(401, 'invalid_token')])
  await assert.rejects(api.list(''), (error: HttpError) => error.failure.status === 401)
  assert.equal(sent.length, 2)
})

const task = draftTask({ title: 'Buy milk', due: '2026-11-21' }, '0193-a', 'ada/1', 0)

test('a repeated add is the same request under the same id, and only creates', async () => {
  const { api, sent } = openApi([
    problem(503, 'not_ready', { 'retry-after': '1' }),
    json(task, { status: 201 }),
  ])
  await api.create(task)
  for (const { url, method, headers } of sent) {
    assert.equal(url, 'https://todo.example/api/ada%2F1/tasks/0193-a')
    assert.equal(method, 'PUT')
    assert.equal(headers.get('if-none-match'), '*')
  }
  assert.equal(sent.length, 2)
})

test('a backend of the core alone is told nothing it does not know', async () => {
  const { api, sent } = openApi([json(task), json(task)], false)
  await api.create(task)
  assert.deepEqual(JSON.parse(sent[0]!.body), { title: 'Buy milk', description: null, completed: false })
})

test('a change says which revision it is for', async () => {
  const { api, sent } = openApi([json(task), json(task)])
  await api.change('a', { title: 'Buy oat milk' }, 7)
  await api.change('a', { title: 'Buy oat milk' }, 0)
  assert.equal(sent[0]?.headers.get('if-match'), '"7"')
  assert.equal(sent[1]?.headers.get('if-match'), null)
})

test('a busy server is given the time it asks for, three tries at most', async () => {
  const busy = () => problem(503, 'not_ready', { 'retry-after': '2' })
  const { api, sent, waits } = openApi([busy(), busy(), busy(), json([])])
  await assert.rejects(api.list(''), HttpError)
  assert.equal(sent.length, 3)
  assert.deepEqual(waits, [2000, 2000])
})

test('a wait of minutes is for the person to decide', async () => {
  const { api, sent } = openApi([problem(429, 'too_many', { 'retry-after': '300' })])
  await assert.rejects(api.list(''), (error: HttpError) => error.failure.retryAfter === 300)
  assert.equal(sent.length, 1)
})

test('deleting what is gone already has succeeded', async () => {
  const { api } = openApi([problem(404, 'not_found')])
  await api.remove('1')
})

test('what is sent on the way out needs no second turn of the event loop', () => {
  const { api, sent } = openApi([])
  const parcel = { taskId: 'a', entries: ['1'], base: task, revision: 1, alone: false, creates: null }
  api.sendWhileLeaving([
    { ...parcel, change: { deleted: true } },
    { ...parcel, change: { title: 'b' } },
  ])
  assert.deepEqual(
    sent.map(({ method, keepalive }) => [method, keepalive]),
    [
      ['DELETE', true],
      ['PATCH', true],
    ],
  )
})

test('the next page is the one the server names', async () => {
  const link = '</api/ada%2F1/tasks?completed=false&after=xyz>; rel="next"'
  const { api, sent } = openApi([json([], { headers: { link } }), json([])])
  const { next } = await api.list('?completed=false')
  await api.list(next!)
  assert.equal(sent[0]?.url, 'https://todo.example/api/ada%2F1/tasks?completed=false')
  assert.equal(sent[1]?.url, 'https://todo.example/api/ada%2F1/tasks?completed=false&after=xyz')
})
