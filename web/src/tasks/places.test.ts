import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inPlaces, type Place, type PlaceEntry, retagged, withPlaces } from './places.ts'
import { draftTask, type List, type Tag } from './task.ts'

const entry = (place: Partial<Place>, more: Partial<PlaceEntry> = {}): PlaceEntry => ({
  ...{ id: 'e', made: 0, holdUntil: 0, tried: false },
  place: { kind: 'list', does: 'change', of: 'a', name: 'A', call: { path: '' }, ...place },
  ...more,
})
const list = (id: string, position: string) => ({ id, name: id, position, color: 'blue' }) as List
const tag = (id: string, name: string) => ({ id, name }) as Tag
const lists = [list('a', 'a0'), list('b', 'a1')]
const names = (shown: readonly { name: string }[] | undefined) => shown?.map(({ name }) => name)

test('with nothing to say about lists, they are what the server said', () => {
  assert.equal(withPlaces('list', lists, [entry({ kind: 'tag' })]), lists)
})

test('a list that waits to be made, changed or deleted is shown so, with a mark', () => {
  const shown = withPlaces('list', lists, [
    entry({ of: 'c', shows: list('c', 'a0V') }),
    entry({ of: 'c', shows: { name: 'C' } }),
    entry({ of: 'a', shows: null }),
  ])
  assert.deepEqual(names(shown), ['C', 'b'])
  assert.deepEqual(
    shown?.map(({ pending }) => pending),
    [true, undefined],
  )
})

test('a list that is not there any more does not come back by its change, nor by a refused one', () => {
  const gone = entry({ of: 'x', shows: { name: 'X' } })
  const refused = entry({ of: 'a', shows: { name: 'Z' } }, { refused: { status: 409, code: 'x' } })
  assert.deepEqual(names(withPlaces('list', lists, [gone, refused])), ['a', 'b'])
})

test('before the server has answered, what waits is there', () => {
  assert.deepEqual(names(withPlaces('list', undefined, [entry({ of: 'c', shows: list('c', 'a') })])), ['c'])
})

test('a renamed tag stands where its new name belongs', () => {
  const tags = [tag('1', 'Casa'), tag('2', 'home')]
  assert.deepEqual(
    names(withPlaces('tag', tags, [entry({ kind: 'tag', of: '1', shows: { name: 'zoo' } })])),
    ['home', 'zoo'],
  )
})

test('tags are shown on tasks as they will be, one after the other, each once', () => {
  const task = draftTask({ title: 'Sweep', tags: ['Casa', 'Home', 'Old', 'work'] }, 'id', 'ada')
  const changes = [
    entry({ kind: 'tag', retags: { from: 'casa', to: 'house' } }),
    entry({ kind: 'tag', retags: { from: 'House', to: 'Home' } }),
    entry({ kind: 'tag', retags: { from: 'old', to: null } }),
  ]
  assert.deepEqual(retagged(task, changes).tags, ['Home', 'work'])
  assert.equal(retagged(task, [entry({})]), task)
})

test('the tasks of a deleted list go with it, and come back with it', () => {
  const task = draftTask({ title: 'Sweep', list: 'a' }, 'id', 'ada')
  const gone = entry({ does: 'remove', shows: null })
  assert.deepEqual(inPlaces([task], [gone]), [])
  assert.deepEqual(inPlaces([task], [gone, entry({ does: 'restore', shows: lists[0]! })]), [task])
  const inTrash = { ...task, deleted_at: 'now' }
  assert.deepEqual(inPlaces([inTrash], [gone]), [inTrash])
})
