import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Move, moveBeside, moveByOne } from './moves.ts'
import { loadPositions } from './positions.ts'
import { draftTask, type Task } from './task.ts'

await loadPositions()

const task = (id: string, position: string): Task => ({
  ...draftTask({ title: id }, id, 'ada', 0),
  position,
})
const ORDER = ['a', 'b', 'c', 'd'].map((id, at) => task(id, `a${at}`))
const [A, B, C, D] = ORDER as [Task, Task, Task, Task]

function after(order: readonly Task[], moves: readonly Move[]): string {
  const positions = new Map(moves.map(({ task, change }) => [task.id, change.position!]))
  const at = (one: Task) => positions.get(one.id) ?? one.position
  return [...order]
    .sort((one, other) => (at(one) < at(other) ? -1 : 1))
    .map(({ id }) => id)
    .join('')
}

test('a task goes before or after another, and only it gets a new position', () => {
  assert.equal(after(ORDER, moveBeside(ORDER, [D], B, 'before')), 'adbc')
  assert.equal(after(ORDER, moveBeside(ORDER, [A], C, 'after')), 'bcad')
  assert.equal(moveBeside(ORDER, [A], C, 'after').length, 1)
})

test('to the very top and the very end', () => {
  assert.equal(after(ORDER, moveBeside(ORDER, [C], A, 'before')), 'cabd')
  assert.equal(after(ORDER, moveBeside(ORDER, [A], D, 'after')), 'bcda')
})

test('several keep their order among themselves', () => {
  assert.equal(after(ORDER, moveBeside(ORDER, [A, C], D, 'after')), 'bdac')
})

test('a task does not move beside itself', () => {
  assert.deepEqual(moveBeside(ORDER, [A, B], B, 'after'), [])
})

test('one place up and down, and no further than the ends', () => {
  assert.equal(after(ORDER, moveByOne(ORDER, [C], -1)), 'acbd')
  assert.equal(after(ORDER, moveByOne(ORDER, [B, C], 1)), 'adbc')
  assert.deepEqual(moveByOne(ORDER, [A], -1), [])
  assert.deepEqual(moveByOne(ORDER, [D], 1), [])
})

test('where several have the same position, those in the way get one of their own', () => {
  const same = [task('a', 'a1'), task('b', 'a1'), task('c', 'a1'), task('d', 'a2')]
  const moves = moveBeside(same, [same[3]!], same[0]!, 'after')
  assert.equal(after(same, moves), 'adbc')
})
