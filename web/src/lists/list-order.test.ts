import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeAfterDrop } from '../components/place-after-drop.ts'
import type { List } from '../tasks/task.ts'
import { positionAt } from './list-actions.ts'

const order = ['a', 'b', 'c']

test('what is dropped lands before or after the one it is dropped on', () => {
  assert.equal(placeAfterDrop(order, 'a', 'c', true), 2)
  assert.equal(placeAfterDrop(order, 'a', 'c', false), 1)
  assert.equal(placeAfterDrop(order, 'c', 'a', false), 0)
})

test('what is dropped where it is stays there', () => {
  assert.equal(placeAfterDrop(order, 'b', 'a', true), null)
  assert.equal(placeAfterDrop(order, 'b', 'c', false), null)
  assert.equal(placeAfterDrop(order, 'b', 'gone', false), null)
})

const list = (id: string, position: string) => ({ id, position }) as List
const lists = [list('a', 'a0'), list('b', 'a1'), list('c', 'a1'), list('d', 'a2')]
const orderAfter = (id: string, to: number) => {
  const moved = lists.find(other => other.id === id)!
  const position = positionAt(lists, moved, to)!
  return lists
    .map(other => (other.id === id ? { ...other, position } : other))
    .toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : a.id < b.id ? -1 : 1))
    .map(other => other.id)
}

test('a list that is moved gets a position between its new neighbours', () => {
  assert.deepEqual(orderAfter('d', 1), ['a', 'd', 'b', 'c'])
  assert.deepEqual(orderAfter('d', 0), ['d', 'a', 'b', 'c'])
  assert.deepEqual(orderAfter('a', 3), ['b', 'c', 'd', 'a'])
})

test('a place that is none, or its own, is no move', () => {
  assert.equal(positionAt(lists, lists[0]!, 0), null)
  assert.equal(positionAt(lists, lists[0]!, -1), null)
  assert.equal(positionAt(lists, lists[0]!, 4), null)
})
