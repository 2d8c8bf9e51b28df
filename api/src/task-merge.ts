// What becomes of tasks when changes are made to them, and which changes cannot be made. Asks nobody.
import type { Content } from './contract.ts'
import { type FieldError, invalidRequest, ProblemError } from './problem.ts'
import { matches, type Revisions } from './stored.ts'

/** A task as it is in the database, with what a change has to know about others. */
export interface Row extends Omit<Content, 'tags' | 'list' | 'position'> {
  id: string
  list: string | null
  position: string
  deleted_at: string | null
  revision: number
  /** Subtasks that are not in the trash. */
  children: number
  /** The occurrence made when this was completed, and whether it is still as it was made. */
  next: string | null
  next_alive: boolean
  next_untouched: boolean
}

/** One task and what becomes of it; what is absent stays. */
export interface Change extends Partial<Content> {
  id: string
  expected: Revisions
  deleted?: boolean | undefined
  /** Completed if it was not, and the reverse. */
  toggled?: boolean
  /** What is in the trash may be meant as well. */
  reachesTrash?: boolean
  /** Where the change stood in the body, before the names of its members. */
  at: string
}

export interface Merged {
  change: Change
  before: Row
  after: Row
}

export const MAX_SUBTASKS = 200

interface Known {
  rows: Map<string, Row>
  /** Those that are not in the trash. */
  lists: Set<string>
}

/** All or none: first whether everything is there, then whether it is as expected, then whether it fits together. */
export function merge(changes: Change[], known: Known): Merged[] {
  const merged = changes.map(change => ({ change, ...beforeAndAfter(change, known.rows) }))
  const finals = new Map(merged.map(({ after }) => [after.id, after]))
  const finalOf = (id: string) => finals.get(id) ?? known.rows.get(id)
  for (const { change } of merged) requireReferences(change, finalOf, known.lists)
  if (merged.some(({ change, before }) => !matches(change.expected, before.revision)))
    throw new ProblemError('precondition_failed')
  // A subtask follows its parent into a list, so parents are settled first.
  const parentsFirst = merged.toSorted(
    (a, b) => Number(a.after.parent !== null) - Number(b.after.parent !== null),
  )
  const errors = parentsFirst.flatMap(one => settle(one, finalOf, known.lists))
  if (errors.length > 0) throw invalidRequest(errors.slice(0, 20))
  requireRoom(merged, finalOf)
  return merged
}

function beforeAndAfter(change: Change, rows: Map<string, Row>): { before: Row; after: Row } {
  const before = rows.get(change.id)
  if (!before || (before.deleted_at !== null && !change.reachesTrash)) throw new ProblemError('not_found')
  const { id, expected, deleted, toggled, reachesTrash, at, tags, ...members } = change
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
  const after: Row = { ...before, ...given }
  if (toggled) after.completed = !before.completed
  if (deleted !== undefined) after.deleted_at = deleted ? (before.deleted_at ?? 'now') : null
  return { before, after }
}

type FinalOf = (id: string) => Row | undefined

/** A reference to what is not there, or not theirs, is answered as a path to it would be. */
function requireReferences({ list, parent }: Change, finalOf: FinalOf, lists: Set<string>): void {
  if (list && !lists.has(list)) throw new ProblemError('not_found')
  if (!parent) return
  const row = finalOf(parent)
  if (!row || row.deleted_at !== null) throw new ProblemError('not_found')
}

/** Gives a subtask its parent's list, and a restored task what is left of where it was. */
function settle({ change, before, after }: Merged, finalOf: FinalOf, lists: Set<string>): FieldError[] {
  const isRestored = before.deleted_at !== null && after.deleted_at === null
  if (isRestored) settleRestored(after, change, finalOf, lists)
  const parent = after.parent === null ? undefined : finalOf(after.parent)
  const errors = change.parent && parent ? misfits(change, before, parent) : []
  if (parent) {
    if (change.list !== undefined && change.list !== parent.list)
      errors.push({ field: `${change.at}/list`, message: "must be the parent's list" })
    after.list = parent.list
  }
  if (after.recurrence && after.due === null)
    errors.push({ field: `${change.at}/${change.recurrence ? 'recurrence' : 'due'}`, message: NEEDS_DUE })
  return errors
}

export const NEEDS_DUE = 'a task that recurs must have a due date'

function misfits(change: Change, before: Row, parent: Row): FieldError[] {
  const field = `${change.at}/parent`
  if (parent.id === change.id) return [{ field, message: 'must be another task' }]
  if (parent.parent !== null) return [{ field, message: 'must not be a subtask' }]
  return before.children > 0 ? [{ field, message: 'must be null: this task has subtasks' }] : []
}

/** Its parent or its list may be in the trash, or gone: then it stands on its own, or in the Inbox. */
function settleRestored(after: Row, change: Change, finalOf: FinalOf, lists: Set<string>): void {
  const parent = after.parent === null ? undefined : finalOf(after.parent)
  if (!change.parent && (!parent || parent.deleted_at !== null || parent.parent !== null)) after.parent = null
  if (after.list !== null && !lists.has(after.list)) after.list = null
}

function requireRoom(merged: Merged[], finalOf: FinalOf): void {
  const added = new Map<string, number>()
  for (const { before, after } of merged)
    if (after.parent !== null && after.parent !== before.parent)
      added.set(after.parent, (added.get(after.parent) ?? 0) + 1)
  for (const [parent, count] of added)
    if (finalOf(parent)!.children + count > MAX_SUBTASKS) throw new ProblemError('limit_reached')
}
