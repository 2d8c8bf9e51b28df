import { useState } from 'react'
import { drafts } from '../session/current.ts'
import type { Task } from '../tasks/task.ts'
import { beginDraft, type Draft, readDraft, withSubtasks } from './draft.ts'

export const draftName = (taskId: string) => `edit:${taskId}`

/** What is typed survives a reload and a session that ends, until it is saved or discarded. */
export function useEditorDraft(userId: string, task: Task, subtasks: Task[] | null) {
  const name = draftName(task.id)
  const [stored, setStored] = useState(() => readDraft(drafts.read(userId, name), task.id))
  const [isRestored, setRestored] = useState(stored !== null)
  const draft = stored ? withSubtasks(stored, subtasks) : beginDraft(task, subtasks)

  function edit(part: Partial<Pick<Draft, 'content' | 'subtasks'>>) {
    const next = { ...draft, ...part }
    setStored(next)
    drafts.write(userId, name, JSON.stringify(next))
  }
  function forget() {
    drafts.write(userId, name, '')
    setStored(null)
    setRestored(false)
  }
  return { draft, isRestored, edit, forget }
}
