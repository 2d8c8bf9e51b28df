import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Choice,
  findDifferences,
  isContested,
  resolve,
  resolvedChange,
  type Versions,
} from './conflict.ts'
import type { Content } from './content.ts'

const base: Content = {
  title: 'Call Ada',
  description: 'Before noon',
  due: '2026-11-23',
  recurrence: null,
  priority: 4,
  list: null,
  tags: ['home', 'phone'],
}
const versions = (mine: Partial<Content>, theirs: Partial<Content>): Versions => ({
  base,
  mine: { ...base, ...mine },
  theirs: { ...base, ...theirs },
})

test('only the fields that differ are asked about', () => {
  const found = findDifferences(versions({ title: 'Call Ada now' }, { priority: 1 }))
  assert.deepEqual(
    found.map(({ field, preselected }) => [field, preselected]),
    [
      ['title', 'mine'],
      ['priority', 'theirs'],
    ],
  )
})

test('what both changed to the same is no difference', () => {
  assert.deepEqual(findDifferences(versions({ title: 'Call Bob' }, { title: 'Call Bob' })), [])
})

test('tags in another order or in other capitals are no difference', () => {
  assert.deepEqual(findDifferences(versions({ tags: ['Phone', 'home'] }, {})), [])
})

test('a field is contested when both sides changed it, and only then', () => {
  assert.equal(isContested(versions({ title: 'A' }, { priority: 1 })), false)
  assert.equal(isContested(versions({ title: 'A' }, { title: 'B' })), true)
  assert.equal(isContested(versions({ title: 'A' }, { title: 'A' })), false)
})

test('the preselection keeps what each side alone changed', () => {
  const both = versions({ title: 'Mine' }, { due: null, priority: 2 })
  assert.deepEqual(resolve(both, {}), { ...base, title: 'Mine', due: null, priority: 2 })
  assert.deepEqual(resolvedChange(both, {}), { title: 'Mine' })
})

test('two descriptions are both kept unless one is chosen', () => {
  const both = versions({ description: 'Ring twice' }, { description: 'After noon' })
  assert.equal(resolve(both, {}).description, 'After noon\n\nRing twice')
  assert.equal(resolve(both, { description: 'mine' }).description, 'Ring twice')
  assert.equal(resolve(both, { description: 'theirs' }).description, 'After noon')
})

test('tags added on either side are added, and removed on either side are removed', () => {
  const both = versions({ tags: ['home', 'family'] }, { tags: ['home', 'phone', 'Friends'] })
  assert.deepEqual(resolve(both, {}).tags, ['home', 'Friends', 'family'])
})

test('choosing theirs everywhere leaves nothing to send', () => {
  const both = versions({ title: 'Mine', priority: 1 }, { title: 'Theirs' })
  const theirs: Choice = 'theirs'
  assert.deepEqual(resolvedChange(both, { title: theirs, priority: theirs }), {})
})

test('a repetition does not outlive its date', () => {
  const weekly = { rule: 'FREQ=WEEKLY', from: 'schedule' } as const
  const both = versions({ recurrence: weekly }, { due: null })
  assert.equal(resolve(both, {}).recurrence, null)
})
