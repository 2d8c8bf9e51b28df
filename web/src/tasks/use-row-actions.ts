import { type RefObject, useCallback, useMemo } from 'react'
import { openOverlay } from './overlays.ts'
import { taskIdAt } from './row-focus.ts'
import { getSelection, selectTo, toggleSelected } from './selection.ts'
import type { Task } from './task.ts'
import type { ListControl } from './task-list.tsx'
import type { RowActions } from './task-row.tsx'
import { useActions } from './task-services.ts'
import { useEdited } from './use-edited.ts'

/** Moves a task one place, in a view whose order is the person's own. */
export type Moves = (task: Task) => ((by: -1 | 1) => void) | null

/** What a row does when it is used. The same functions for as long as the view is there: rows are memoised. */
export function useRowActions(
  control: RefObject<ListControl | null>,
  moves: RefObject<Moves | null>,
): RowActions {
  const actions = useActions()
  const [, edit] = useEdited()
  const onPress = useCallback(
    (task: Task, event: React.MouseEvent) => {
      const from = taskIdAt(document.activeElement)
      if (event.shiftKey) selectTo(task.id, from, control.current?.order ?? [])
      else if (event.ctrlKey || event.metaKey || getSelection().boxes) toggleSelected(task.id)
      else if (task.deleted_at === null) edit(task.id)
    },
    [edit, control],
  )
  return useMemo(
    () => ({
      onPress,
      onToggle: task => actions.complete([task], !task.completed),
      onSelect: task => toggleSelected(task.id),
      onMenu: (task, anchor) =>
        openOverlay({ kind: 'task-menu', task, anchor, moveByOne: moves.current?.(task) ?? null }),
    }),
    [actions, onPress, moves],
  )
}
