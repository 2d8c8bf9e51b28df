/** What is typed in the editor, kept with what it began from, until it is saved or discarded. */
import type { Task, TaskChange } from '../tasks/task.ts'
import { type Content, changeBetween, contentOf, tidy } from './content.ts'
import {
  hasSubtaskChanges,
  type SubtaskChanges,
  type SubtaskDraft,
  subtaskChanges,
  subtasksOf,
} from './subtasks.ts'

export type Draft = {
  /** The task and its subtasks when the first letter was typed: what another device changes after that is theirs. */
  base: Task
  content: Content
  /** Null until they are known. */
  baseSubtasks: Task[] | null
  subtasks: SubtaskDraft | null
}

export type DraftChanges = { own: TaskChange; subtasks: SubtaskChanges }

export const beginDraft = (base: Task, subtasks: Task[] | null): Draft =>
  withSubtasks({ base, content: contentOf(base), baseSubtasks: null, subtasks: null }, subtasks)

/** What hangs on the task may be known later than the task itself. */
export function withSubtasks(draft: Draft, tasks: Task[] | null): Draft {
  if (draft.subtasks || !tasks) return draft
  return { ...draft, baseSubtasks: tasks, subtasks: { rows: subtasksOf(tasks), leaving: [] } }
}

const NONE: SubtaskChanges = { create: [], change: [] }

/** What saving has to say, or nothing. */
export function changesIn({ base, baseSubtasks, content, subtasks }: Draft): DraftChanges | null {
  const own = changeBetween(contentOf(base), tidy(content))
  const rows = subtasks ? subtaskChanges(subtasksOf(baseSubtasks ?? []), subtasks) : NONE
  return Object.keys(own).length > 0 || hasSubtaskChanges(rows) ? { own, subtasks: rows } : null
}

/** A draft that does not read as one, or is of another task, is none. */
export function readDraft(text: string, id: string): Draft | null {
  try {
    const draft: Draft | null = JSON.parse(text || 'null')
    return draft?.base.id === id && draft.content ? draft : null
  } catch {
    return null
  }
}
