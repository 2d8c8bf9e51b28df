/** What is typed in the editor, kept with what it began from, until it is saved or cancelled. */
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
  baseSubtasks: Task[]
  content: Content
  subtasks: SubtaskDraft
}

export function beginDraft(base: Task, baseSubtasks: Task[]): Draft {
  return {
    base,
    baseSubtasks,
    content: contentOf(base),
    subtasks: { rows: subtasksOf(baseSubtasks), leaving: [] },
  }
}

export type DraftChanges = { own: TaskChange; subtasks: SubtaskChanges }

/** What saving has to say, or nothing. */
export function changesIn({ base, baseSubtasks, content, subtasks }: Draft): DraftChanges | null {
  const own = changeBetween(contentOf(base), tidy(content))
  const rows = subtaskChanges(subtasksOf(baseSubtasks), subtasks)
  return Object.keys(own).length > 0 || hasSubtaskChanges(rows) ? { own, subtasks: rows } : null
}

/** A draft that does not read as one, or is not of this task, is none. */
export function readDraft(text: string, id: string): Draft | null {
  try {
    const draft: Draft | null = JSON.parse(text || 'null')
    return draft?.base.id === id && draft.content && draft.subtasks.rows ? draft : null
  } catch {
    return null
  }
}
