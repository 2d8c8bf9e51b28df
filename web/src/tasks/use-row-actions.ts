import { type RefObject, useCallback, useMemo } from 'react'
import { openOverlay } from './overlays.ts'
import { taskIdAt } from './row-focus.ts'
import { getSelection, selectTo, toggleSelected } from './selection.ts'
import type { Task } from './task.ts'
import type { ListControl } from './task-list.tsx'
import type { RowActions } from './task-row.tsx'
import { useActions } from './task-services.ts'
import { editTitle } from './title-edit.ts'
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
  /** True when the press was about selecting. */
  const select = useCallback(
    (task: Task, event: React.MouseEvent) => {
      const from = taskIdAt(document.activeElement)
      const isAlone = !(event.ctrlKey || event.metaKey || getSelection().boxes)
      if (event.shiftKey) selectTo(task.id, from, control.current?.order ?? [])
      else if (!isAlone) toggleSelected(task.id)
      return event.shiftKey || !isAlone
    },
    [control],
  )
  return useMemo(
    () => ({
      onPress(task, event) {
        if (select(task, event) || task.deleted_at !== null) return
        if (isByFinger(event)) edit(task.id)
        else editTitle(task.id)
      },
      onOpen: (task, event) => void (select(task, event) || task.deleted_at !== null || edit(task.id)),
      onToggle: task => actions.complete([task], !task.completed),
      onSelect: task => toggleSelected(task.id),
      onMenu: (task, anchor) =>
        openOverlay({ kind: 'task-menu', task, anchor, moveByOne: moves.current?.(task) ?? null }),
    }),
    [actions, edit, select, moves],
  )
}

/** A small field under a finger and above a keyboard is no place to edit. A key press has no detail. */
function isByFinger({ detail, nativeEvent }: React.MouseEvent): boolean {
  const { pointerType } = nativeEvent as PointerEvent
  return detail > 0 && (pointerType ? pointerType === 'touch' : matchMedia('(hover: none)').matches)
}
