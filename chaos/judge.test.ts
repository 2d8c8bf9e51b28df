import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from './client.ts'
import type { Api } from './deployment.ts'
import type { Account, Session } from './journal.ts'
import { createJudge } from './judge.ts'
import type { Delivery } from './proxy.ts'

const owner: Account = { id: 'ada', email: 'ada@x', canary: 'canary', sessions: [], writes: new Map() }
const live: Session = { cookie: '', token: '' }

const apiThatHeard = (...deliveries: Delivery[]) => ({ name: 'api', feed: { deliveries } }) as unknown as Api
const api = apiThatHeard({ sentAt: 900, deliveredAt: 950 })

function answer(status: number, more: Partial<Answer> = {}): Answer {
  return { status, headers: new Headers(), text: '[]', sentAt: 1_000, answeredAt: 1_010, ...more }
}

function faultsOf(from: Api, given: Answer, session: Session | null = live): string[] {
  const judge = createJudge()
  judge.watch(from, given, session && { owner, session })
  return judge.takeFaults()
}

test('a good answer to a live session is good', () => {
  assert.deepEqual(faultsOf(api, answer(200)), [])
})

test('a good answer to a request sent after the sign-out had answered is found, one sent before is not', () => {
  assert.match(faultsOf(api, answer(200), { ...live, endedAt: 999 })[0]!, /dead session/)
  assert.deepEqual(faultsOf(api, answer(200), { ...live, endedAt: 1_001 }), [])
})

test('a good answer from who has heard nothing for a lease is found', () => {
  const old = apiThatHeard({ sentAt: 900, deliveredAt: 950 }, { sentAt: 2_000, deliveredAt: 3_200 })
  const late = { sentAt: 3_000, answeredAt: 3_100 }
  assert.match(faultsOf(old, answer(200, late))[0]!, /older than the lease/)
  assert.deepEqual(faultsOf(old, answer(200, { sentAt: 3_150, answeredAt: 3_201 })), [])
})

test('a task of another, with or without the owner’s name on it, is found', () => {
  for (const task of [
    { user_id: 'bob', title: 'canary' },
    { user_id: 'ada', title: 'another' },
  ])
    assert.match(faultsOf(api, answer(200, { text: JSON.stringify([task]) }))[0]!, /a task of another/)
})

test('a good answer to a bad token, and a refusal of a live one, are found', () => {
  assert.match(faultsOf(api, answer(200), null)[0]!, /not good/)
  assert.match(faultsOf(api, answer(401))[0]!, /refused a live token/)
  assert.deepEqual(faultsOf(api, answer(401), { ...live, endAskedAt: 1 }), [])
})

test('a 500 is found, and a 503 that does not say when to come back', () => {
  assert.match(faultsOf(api, answer(500))[0]!, /said 500/)
  assert.match(faultsOf(api, answer(503))[0]!, /without Retry-After/)
  assert.deepEqual(faultsOf(api, answer(503, { headers: new Headers({ 'Retry-After': '1' }) })), [])
})
