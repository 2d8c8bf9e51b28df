import { useCallback } from 'react'
import { showToast } from '../components/toasts.ts'
import { type InputRef, type ListRef, rowsOf, taskIdAt } from './rows.ts'
import type { ListedTask } from './task-cache.ts'
import { useTaskServices } from './task-services.ts'
import { taskTexts } from './task-texts.ts'

/** Hides the task, offers to undo that, and hands the focus to its neighbour. */
export function useRemove(list: ListRef, input: InputRef) {
  const { deletions } = useTaskServices()
  return useCallback(
    (task: ListedTask) => {
      const rows = rowsOf(list)
      const at = rows.findIndex(row => taskIdAt(row) === task.id)
      const neighbour = rows[at + 1] ?? rows[at - 1] ?? input.current
      neighbour?.focus()
      deletions.schedule(task.id)
      showToast({
        text: taskTexts.removed,
        detail: task.title,
        action: { label: taskTexts.undo, run: () => undo(task.id) },
        onEnd: () => deletions.commit(task.id),
      })
      function undo(id: string) {
        if (!deletions.undo(id)) return showToast({ text: taskTexts.tooLate })
        requestAnimationFrame(() =>
          rowsOf(list)
            .find(row => taskIdAt(row) === id)
            ?.focus(),
        )
      }
    },
    [deletions, list, input],
  )
}
