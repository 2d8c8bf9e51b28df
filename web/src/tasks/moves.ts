/** Manual order: which positions bring tasks to another place. Pure. */
import { positionsBetween } from './positions.ts'
import type { Task, TaskChange } from './task.ts'

export type Move = { task: Task; change: TaskChange }

/**
 * Puts the tasks, in the order they are shown, before or after another one of the same list. Only what moves gets a
 * new position, unless two that stay have the same one.
 */
export function moveBeside(
  order: readonly Task[],
  moved: readonly Task[],
  target: Task,
  side: 'before' | 'after',
): Move[] {
  const ids = new Set(moved.map(task => task.id))
  if (ids.has(target.id)) return []
  const rest = order.filter(task => !ids.has(task.id))
  const at = rest.findIndex(task => task.id === target.id) + (side === 'after' ? 1 : 0)
  return placeAt(rest, moved, at)
}

/** One place up or down; several move together. */
export function moveByOne(order: readonly Task[], moved: readonly Task[], by: -1 | 1): Move[] {
  const at = moved.map(task => order.findIndex(other => other.id === task.id))
  const edge = by < 0 ? Math.min(...at) - 1 : Math.max(...at) + 1
  const target = order[edge]
  return target ? moveBeside(order, moved, target, by < 0 ? 'before' : 'after') : []
}

function placeAt(rest: readonly Task[], moved: readonly Task[], at: number): Move[] {
  const before = rest[at - 1]?.position ?? null
  const sameAsBefore = rest.slice(at).findIndex(task => before === null || task.position > before)
  const inTheWay = sameAsBefore < 0 ? rest.slice(at) : rest.slice(at, at + sameAsBefore)
  const after = rest[at + inTheWay.length]?.position ?? null
  const tasks = [...moved, ...inTheWay]
  const keys = positionsBetween(before, after, tasks.length) ?? []
  return keys.map((position, index) => ({ task: tasks[index]!, change: { position } }))
}
