import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addTags, MOST_TAGS, readTags, suggestTags } from './tag-names.ts'

test('a tag ends where the contract lets none go on', () => {
  assert.deepEqual(readTags('#home, work/urgent  später'), ['home', 'work', 'urgent', 'später'])
  assert.deepEqual(readTags(' # '), [])
  assert.equal([...readTags('ä'.repeat(60))[0]!].length, 50)
})

test('a tag is added once, written as it is known', () => {
  assert.deepEqual(addTags(['Home'], ['home', 'WORK', 'new'], ['home', 'Work']), ['Home', 'Work', 'new'])
})

test('a task takes no more tags than the contract allows', () => {
  const many = Array.from({ length: MOST_TAGS }, (_, at) => `tag${at}`)
  assert.deepEqual(addTags(many, ['another'], []), many)
})

test('suggestions begin with what is typed before they merely contain it, and leave out what is chosen', () => {
  const known = ['garden', 'home', 'homework', 'welcome-home']
  assert.deepEqual(suggestTags(known, ['homework'], '#HOME'), ['home', 'welcome-home'])
  assert.deepEqual(suggestTags(known, [], '', 2), ['garden', 'home'])
})
