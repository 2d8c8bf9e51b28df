/** The subtasks of a task while it is being edited, and what has to be sent for them when it is saved. */
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'
import type { Task, TaskChange } from '../tasks/task.ts'

export type Subtask = Pick<Task, 'id' | 'title' | 'completed' | 'position'> & {
  /** Undefined until the server knows it. */
  revision?: number
}

/** `leaving` become tasks of their own. */
export type SubtaskDraft = { rows: Subtask[]; leaving: Subtask[] }

export type SubtaskChange = { id: string; revision: number } & TaskChange & { deleted?: boolean }
export type SubtaskChanges = {
  create: Pick<Task, 'id' | 'title' | 'completed' | 'position'>[]
  change: SubtaskChange[]
}

export function subtasksOf(tasks: readonly Task[]): Subtask[] {
  return tasks
    .map(({ id, title, completed, position, revision }) => ({ id, title, completed, position, revision }))
    .toSorted(byPlace)
}

export function addSubtasks(rows: readonly Subtask[], added: { id: string; title: string }[]): Subtask[] {
  const positions = generateNKeysBetween(rows.at(-1)?.position, null, added.length)
  return [...rows, ...added.map((row, at) => ({ ...row, completed: false, position: positions[at]! }))]
}

export function editSubtask(rows: readonly Subtask[], id: string, change: Partial<Subtask>): Subtask[] {
  return rows.map(row => (row.id === id ? { ...row, ...change } : row))
}

/** One that was on its way out takes its place again. */
export const returnSubtask = (rows: readonly Subtask[], row: Subtask) => [...rows, row].toSorted(byPlace)

export const removeSubtask = (rows: readonly Subtask[], id: string) => rows.filter(row => row.id !== id)

/** Only the row that moves gets another position, unless its new neighbours have the same one. */
export function moveSubtask(rows: readonly Subtask[], id: string, to: number): Subtask[] {
  const row = rows.find(other => other.id === id)
  const others = removeSubtask(rows, id)
  const at = Math.min(Math.max(to, 0), others.length)
  if (!row || rows.indexOf(row) === at) return [...rows]
  const [above, below] = [others[at - 1]?.position, others[at]?.position]
  if (above && below && above >= below) return numberAnew(others.toSpliced(at, 0, row))
  return others.toSpliced(at, 0, { ...row, position: generateKeyBetween(above, below) })
}

function numberAnew(rows: readonly Subtask[]): Subtask[] {
  const positions = generateNKeysBetween(null, null, rows.length)
  return rows.map((row, at) => ({ ...row, position: positions[at]! }))
}

/** A row whose title was emptied is deleted, as a line in a list on paper would be. */
export function subtaskChanges(before: readonly Subtask[], { rows, leaving }: SubtaskDraft): SubtaskChanges {
  const kept = rows.map(tidy).filter(row => row.title)
  const known = new Map(before.map(row => [row.id, row]))
  const keptIds = new Set([...kept, ...leaving].map(row => row.id))
  return {
    create: kept.filter(row => row.revision === undefined).map(newSubtask),
    change: [
      ...kept.flatMap(row => changeOf(known.get(row.id), row)),
      ...leaving.flatMap(row => leave(known.get(row.id), tidy(row))),
      ...before.filter(row => !keptIds.has(row.id)).flatMap(remove),
    ],
  }
}

export const hasSubtaskChanges = ({ create, change }: SubtaskChanges) => create.length + change.length > 0

/** Line by line, without the marks of a list: "- [x] milk" is "milk". */
export function titlesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.replace(/^\s*(?:[-*•]\s+)?(?:\[[ xX]?\]\s+)?/, '').trim())
    .filter(Boolean)
}

const byPlace = (a: Subtask, b: Subtask) => compare(a.position, b.position) || compare(a.id, b.id)
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const tidy = (row: Subtask): Subtask => ({ ...row, title: row.title.trim() })
const newSubtask = ({ id, title, completed, position }: Subtask) => ({ id, title, completed, position })

function changeOf(before: Subtask | undefined, after: Subtask): SubtaskChange[] {
  if (!before || before.revision === undefined) return []
  const change: TaskChange = {
    ...(before.title !== after.title && { title: after.title }),
    ...(before.completed !== after.completed && { completed: after.completed }),
    ...(before.position !== after.position && { position: after.position }),
  }
  return Object.keys(change).length > 0 ? [{ id: after.id, revision: before.revision, ...change }] : []
}

function leave(before: Subtask | undefined, after: Subtask): SubtaskChange[] {
  if (!before || before.revision === undefined) return []
  const [change] = changeOf(before, { ...after, title: after.title || before.title })
  return [{ ...(change ?? { id: after.id, revision: before.revision }), parent: null }]
}

const remove = ({ id, revision }: Subtask): SubtaskChange[] =>
  revision === undefined ? [] : [{ id, revision, deleted: true }]
