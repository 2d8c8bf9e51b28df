/**
 * What the person changed, laid over what the server said. Pure: a row appears, goes or moves in every view as the
 * change says, before the server has heard of it and after, until the server is asked again.
 */
import type { Task } from './task.ts'
import { belongs, type Sort, sortOf, type View } from './views.ts'

/** One task as the person has it. */
export type Local = {
  task: Task
  /** As it was before the changes that are not saved yet. */
  base: Task
  /** Not saved yet. */
  pending: boolean
  isNew: boolean
  /** When the person made the last change. */
  made: number
  /** When the server confirmed it; Infinity while it has not. */
  known: number
}
export type Locals = ReadonlyMap<string, Local>

/** A page of a view, and when it was asked for. */
export type LoadedPage = { tasks: Task[]; next: string | null; asked: number }

type Situation = {
  view: View
  today: string
  /** When the view was entered: what was ticked since stays in it. */
  since: number
}

export function layOver(pages: readonly LoadedPage[], locals: Locals, situation: Situation): Task[] {
  const counts = countSubtaskChanges(locals)
  const oldest = Math.min(...pages.map(page => page.asked))
  const seen = new Set<string>()
  const moved: Task[] = []
  const rows: Task[] = []
  for (const { tasks, asked } of pages) {
    for (const listed of tasks) {
      if (seen.has(listed.id)) continue
      seen.add(listed.id)
      const local = locals.get(listed.id)
      const task = withSubtaskChanges(local && isNewer(local, listed, asked) ? local.task : listed, counts)
      if (!local || task === listed) rows.push(task)
      else if (!stays(local, task, situation)) continue
      else if (sameOrder(task, listed, sortOf(situation.view))) rows.push(task)
      else moved.push(task)
    }
  }
  for (const local of locals.values()) {
    const isAbsent = !seen.has(local.task.id) && local.known > oldest
    if (isAbsent && belongsHere(local, local.task, situation) === true)
      moved.push(withSubtaskChanges(local.task, counts))
  }
  return moved.length > 0 ? insertAll(rows, moved, sortOf(situation.view)) : rows
}

/** A page that was asked for after the server had confirmed the change knows better. */
function isNewer(local: Local, listed: Task, asked: number): boolean {
  return local.pending || local.task.revision > listed.revision || local.known > asked
}

const stays = (local: Local, task: Task, situation: Situation) =>
  belongsHere(local, task, situation) !== false

/** Ticking takes nothing out of the view it is done in: nothing jumps under the pointer. */
function belongsHere(local: Local, task: Task, { view, today, since }: Situation): boolean | null {
  const answer = belongs(task, view, today)
  if (answer !== false || local.made < since) return answer
  return belongs({ ...task, completed: !task.completed }, view, today)
}

/** As the server sorts. What decides between equals follows. */
const KEYS: Record<Sort, (task: Task) => string[]> = {
  newest: task => [task.created_at, task.id],
  due: task => [task.due ?? '~', task.position, task.id],
  position: task => [task.position, task.id],
  completed: task => [task.completed_at ?? '', task.id],
  deleted: task => [task.deleted_at ?? '', task.id],
}
const isDescending = (sort: Sort) => sort === 'newest' || sort === 'completed' || sort === 'deleted'

/** Ticking again in Done would move the row: it stays where it is. */
function sameOrder(task: Task, listed: Task, sort: Sort): boolean {
  return sort === 'completed' || KEYS[sort](task).every((key, at) => key === KEYS[sort](listed)[at])
}

/** Negative when `one` is listed before `other`. */
export function compareIn(sort: Sort, one: Task, other: Task): number {
  const keys = KEYS[sort](other)
  for (const [at, key] of KEYS[sort](one).entries()) {
    const otherKey = keys[at]!
    if (key !== otherKey) return key < otherKey === isDescending(sort) ? 1 : -1
  }
  return 0
}

/** The others keep the server's order; each moved one goes before the first that comes after it. */
function insertAll(rows: Task[], moved: Task[], sort: Sort): Task[] {
  const sorted = moved.sort((a, b) => compareIn(sort, a, b))
  const result: Task[] = []
  let at = 0
  for (const row of rows) {
    while (sorted[at] && compareIn(sort, sorted[at]!, row) < 0) result.push(sorted[at++]!)
    result.push(row)
  }
  return result.concat(sorted.slice(at))
}

type SubtaskChanges = Map<string, { total: number; completed: number }>

/** The server's count of a task's subtasks knows nothing yet of what is pending. */
function countSubtaskChanges(locals: Locals): SubtaskChanges {
  const changes: SubtaskChanges = new Map()
  const count = ({ parent, completed, deleted_at }: Task, sign: number) => {
    if (!parent || deleted_at) return
    const sum = changes.get(parent) ?? { total: 0, completed: 0 }
    changes.set(parent, {
      total: sum.total + sign,
      completed: sum.completed + (completed ? sign : 0),
    })
  }
  for (const { task, base, pending, isNew } of locals.values()) {
    if (!pending) continue
    if (!isNew) count(base, -1)
    count(task, 1)
  }
  return changes
}

function withSubtaskChanges(task: Task, changes: SubtaskChanges): Task {
  const change = changes.get(task.id)
  if (!change || (change.total === 0 && change.completed === 0)) return task
  const { total, completed } = task.subtasks
  return { ...task, subtasks: { total: total + change.total, completed: completed + change.completed } }
}
