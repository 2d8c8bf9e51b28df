import { useCallback } from 'react'
import { openOverlay } from './overlays.ts'
import type { Task } from './task.ts'
import { useActions } from './task-services.ts'

/** Takes a task out of the trash; what it belonged to may have to be asked about. */
export function useRestore() {
  const actions = useActions()
  return useCallback(
    (task: Task) => {
      if (task.parent === null && task.list === null) actions.restore([task])
      else openOverlay({ kind: 'restore', task })
    },
    [actions],
  )
}
