import { useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import type { OverlayProps } from '../tasks/overlays.ts'
import type { Task } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import type { TasksApi } from '../tasks/tasks-api.ts'
import { editorTexts } from './editor-texts.ts'

/** Asked once, when something is ticked whose steps are not all done. */
export default function OpenSubtasks({ tasks, onClose }: OverlayProps<'open-subtasks'>) {
  const { api, actions } = useTaskServices()
  const [fault, setFault] = useState('')
  const open = tasks.reduce((sum, { subtasks }) => sum + subtasks.total - subtasks.completed, 0)

  async function completeAll() {
    try {
      const subtasks = await Promise.all(tasks.map(task => readOpenSubtasks(api, task)))
      onClose()
      actions.completeAlone([...tasks, ...subtasks.flat()])
    } catch (error) {
      setFault(explain(failureOf(error)))
    }
  }
  function completeOnlyThese() {
    onClose()
    actions.completeAlone(tasks)
  }
  return (
    <Dialog title={editorTexts.completeTitle(open)} onClose={onClose}>
      <p className="mb-5 text-ink-2 wrap-anywhere">
        {tasks.length === 1
          ? editorTexts.completeLead({ title: tasks[0]!.title })
          : editorTexts.completeLeadMany(tasks.length)}
      </p>
      {fault && (
        <p role="alert" className="note note-danger mb-5">
          {editorTexts.subtasksFailed} {fault}
        </p>
      )}
      <div className="dialog-choices">
        <button type="button" className="btn btn-quiet" onClick={onClose}>
          {editorTexts.cancel}
        </button>
        <button type="button" className="btn btn-quiet" onClick={completeOnlyThese}>
          {tasks.length === 1 ? editorTexts.completeOnlyThis : editorTexts.completeOnlyThese}
        </button>
        <button type="button" className="btn btn-primary" data-autofocus onClick={completeAll}>
          {editorTexts.completeAll}
        </button>
      </div>
    </Dialog>
  )
}

async function readOpenSubtasks(api: Pick<TasksApi, 'list'>, { id, subtasks }: Task): Promise<Task[]> {
  const found: Task[] = []
  let page: string | null = `?parent=${id}&completed=false&limit=100`
  while (page && subtasks.total > subtasks.completed) {
    const { tasks, next } = await api.list(page)
    found.push(...tasks)
    page = next
  }
  return found
}
