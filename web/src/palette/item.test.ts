import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findItems, type Item } from './item.ts'

const item = (id: string, group: Item['group'], label: string, more: Partial<Item> = {}): Item => ({
  ...{ id, group, label, run() {} },
  ...more,
})
const ITEMS = [
  item('today', 'go', 'Today'),
  item('tag:home', 'go', '#home', { onlyFound: true }),
  item('new', 'do', 'New task', { words: 'add create' }),
  item('out', 'do', 'Sign out', { words: 'log out' }),
  item('t1', 'task', 'Add salt', { onlyFound: true }),
]
const ids = (query: string, recent: string[] = []) => findItems(query, ITEMS, recent).map(({ id }) => id)

test('asked for nothing, recent ones lead, and what is only found stays away', () => {
  assert.deepEqual(ids(''), ['today', 'new', 'out'])
  assert.deepEqual(ids('', ['out', 'tag:home']), ['out', 'tag:home', 'today', 'new'])
  assert.deepEqual(
    findItems('', ITEMS, ['out']).map(({ group }) => group),
    ['recent', 'go', 'do'],
  )
})

test('what can be done with the chosen tasks comes before everything', () => {
  const chosen = item('complete', 'chosen', 'Complete')
  assert.deepEqual(
    findItems('', [...ITEMS, chosen], ['out', 'complete']).map(({ id }) => id),
    ['complete', 'out', 'today', 'new'],
  )
})

test('the group with the best hit leads, and other words count less than the name', () => {
  assert.deepEqual(ids('add'), ['t1', 'new'])
  assert.deepEqual(ids('log out'), ['out'])
})

test('one group never crowds out the others', () => {
  const many = Array.from({ length: 30 }, (_, at) => item(`t${at}`, 'task', `Salt ${at}`))
  const found = findItems('salt', [...many, item('go', 'go', 'A list of salt')], [])
  assert.equal(found.filter(({ group }) => group === 'task').length, 8)
  assert.ok(found.some(({ id }) => id === 'go'))
})
