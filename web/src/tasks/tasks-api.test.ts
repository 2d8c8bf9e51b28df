import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpError } from '../http.ts'
import { createTasksApi } from './tasks-api.ts'

type Sent = { url: string; method: string; headers: Headers; credentials?: string; keepalive?: boolean }

function openApi(answers: Response[]) {
  const sent: Sent[] = []
  const waits: number[] = []
  let minted = 1
  const api = createTasksApi({
    apiUrl: 'https://todo.example',
    userId: 'ada/1',
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
  await api.list('all', null)
  assert.equal(sent[0]?.url, 'https://todo.example/api/ada%2F1/tasks')
  assert.equal(sent[0]?.headers.get('authorization'), 'Bearer token-1')
  assert.equal(sent[0]?.credentials, 'omit')
})

test('a refused token is renewed once and the call made again', async () => {
  const { api, sent } = openApi([problem(401, 'token_expired'), json([])])
  assert.deepEqual(await api.list('open', null), { tasks: [], next: null })
  assert.deepEqual(
    sent.map(({ headers }) => headers.get('authorization')),
    ['Bearer token-1', 'Bearer token-2'],
  )
})

test('a second refusal is an answer, not a loop', async () => {
  const { api, sent } = openApi([problem(401, 'invalid_token'), problem(401, 'invalid_token')])
  await assert.rejects(api.list('all', null), (error: HttpError) => error.failure.status === 401)
  assert.equal(sent.length, 2)
})

test('a retry of an add carries the same key', async () => {
  const { api, sent } = openApi([
    problem(503, 'not_ready', { 'retry-after': '1' }),
    json({ id: '1' }, { status: 201 }),
  ])
  await api.create('Buy milk', 'key-1')
  assert.deepEqual(
    sent.map(({ headers }) => headers.get('idempotency-key')),
    ['key-1', 'key-1'],
  )
})

test('a busy server is given the time it asks for, three tries at most', async () => {
  const busy = () => problem(503, 'not_ready', { 'retry-after': '2' })
  const { api, sent, waits } = openApi([busy(), busy(), busy(), json([])])
  await assert.rejects(api.list('all', null), HttpError)
  assert.equal(sent.length, 3)
  assert.deepEqual(waits, [2000, 2000])
})

test('a wait of minutes is for the person to decide', async () => {
  const { api, sent } = openApi([problem(429, 'too_many', { 'retry-after': '300' })])
  await assert.rejects(api.list('all', null), (error: HttpError) => error.failure.retryAfter === 300)
  assert.equal(sent.length, 1)
})

test('deleting what is gone already has succeeded', async () => {
  const { api } = openApi([problem(404, 'not_found')])
  await api.remove('1')
})

test('a deletion on the way out needs no second turn of the event loop', () => {
  const { api, sent } = openApi([])
  api.removeWhileLeaving('a b')
  assert.equal(sent[0]?.url, 'https://todo.example/api/ada%2F1/tasks/a%20b')
  assert.equal(sent[0]?.keepalive, true)
})

test('the next page is the one the server names', async () => {
  const link = '</api/ada%2F1/tasks?completed=false&after=xyz>; rel="next"'
  const { api, sent } = openApi([json([], { headers: { link } }), json([])])
  const { next } = await api.list('open', null)
  await api.list('open', next)
  assert.equal(sent[0]?.url, 'https://todo.example/api/ada%2F1/tasks?completed=false')
  assert.equal(sent[1]?.url, 'https://todo.example/api/ada%2F1/tasks?completed=false&after=xyz')
})
