import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Account, findDisagreements, type Row, type Write } from './journal.ts'

function accountWith(...writes: Partial<Write>[]): Account {
  const entries = writes.map((write, number): [string, Write] => {
    const key = String(number)
    return [key, { key, title: `canary ${number}`, id: `id-${number}`, acknowledged: true, ...write }]
  })
  return { id: 'ada', email: 'ada@example.com', canary: 'canary', sessions: [], writes: new Map(entries) }
}

const row = (title: string, changed: Partial<Row> = {}): Row => ({
  id: 'x',
  user_id: 'ada',
  title,
  ...changed,
})

const kinds = (account: Account, rows: Row[]) =>
  findDisagreements(account, rows).map(sentence => sentence.split(':')[0])

test('rows that are what was acknowledged agree with the journal', () => {
  const account = accountWith(
    {},
    { change: { kind: 'delete', acknowledged: true } },
    { change: { kind: 'replace', title: 'canary new', acknowledged: true } },
  )
  assert.deepEqual(kinds(account, [row('canary 0'), row('canary new')]), [])
})

test('what nobody has acknowledged may be there or not', () => {
  const account = accountWith({ acknowledged: false }, { change: { kind: 'delete', acknowledged: false } })
  assert.deepEqual(kinds(account, []), [])
  assert.deepEqual(kinds(account, [row('canary 0'), row('canary 1')]), [])
})

test('an acknowledged write that is lost is found', () => {
  assert.deepEqual(kinds(accountWith({}), []), ['acknowledged, and lost'])
})

test('an acknowledged change that is undone is found', () => {
  const replaced = accountWith({ change: { kind: 'replace', title: 'canary new', acknowledged: true } })
  assert.deepEqual(kinds(replaced, [row('canary 0')]), ['replaced, and reverted'])
  const deleted = accountWith({ change: { kind: 'delete', acknowledged: true } })
  assert.deepEqual(kinds(deleted, [row('canary 0')]), ['deleted, and still there'])
})

test('a write done twice, one nobody asked for, and a row of another are found', () => {
  assert.deepEqual(kinds(accountWith({}), [row('canary 0'), row('canary 0', { id: 'y' })]), ['done twice'])
  assert.deepEqual(kinds(accountWith(), [row('canary 9')]), ['invented'])
  assert.deepEqual(kinds(accountWith(), [row('another 0')]), ['crossed'])
  assert.deepEqual(kinds(accountWith({}), [row('canary 0', { user_id: 'bob' })]), [
    'crossed',
    'acknowledged, and lost',
  ])
})
