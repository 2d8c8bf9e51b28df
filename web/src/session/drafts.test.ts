import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDrafts } from './drafts.ts'

function createStorage(): Storage {
  const items: Record<string, string> = {}
  return Object.defineProperties(items, {
    getItem: { value: (key: string) => items[key] ?? null },
    setItem: { value: (key: string, text: string) => Object.assign(items, { [key]: text }) },
    removeItem: { value: (key: string) => Reflect.deleteProperty(items, key) },
  }) as unknown as Storage
}

test('a draft is found again by its author alone', () => {
  const storage = createStorage()
  const drafts = createDrafts(() => storage)
  drafts.write('ada', 'add', 'Buy milk')
  assert.equal(drafts.read('ada', 'add'), 'Buy milk')
  assert.equal(drafts.read('bob', 'add'), '')
})

test('another person signing in removes the drafts of the one before', () => {
  const storage = createStorage()
  const drafts = createDrafts(() => storage)
  drafts.write('ada', 'add', 'Buy milk')
  drafts.write('bob', 'add', 'Call Ada')
  drafts.keepOnly('bob')
  assert.deepEqual(Object.values(storage), ['Call Ada'])
})

test('signing out removes every draft and nothing else', () => {
  const storage = createStorage()
  storage.setItem('other', 'kept')
  const drafts = createDrafts(() => storage)
  drafts.write('ada', 'add', 'Buy milk')
  drafts.write('ada', 'edit:1', 'More')
  drafts.clear()
  assert.deepEqual(Object.values(storage), ['kept'])
})

test('an emptied draft is not stored', () => {
  const storage = createStorage()
  const drafts = createDrafts(() => storage)
  drafts.write('ada', 'add', 'Buy milk')
  drafts.write('ada', 'add', '')
  assert.deepEqual(Object.keys(storage), [])
})

test('storage that the browser forbids costs the draft, not the page', () => {
  const drafts = createDrafts(() => {
    throw new Error('SecurityError')
  })
  drafts.write('ada', 'add', 'Buy milk')
  drafts.clear()
  assert.equal(drafts.read('ada', 'add'), '')
})
