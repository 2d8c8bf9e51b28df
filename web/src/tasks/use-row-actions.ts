import { type RefObject, useCallback, useMemo } from 'react'
import { openOverlay } from './overlays.ts'
import { focusedBeforePress } from './row-focus.ts'
import { getSelection, selectTo, toggleSelected } from './selection.ts'
import type { Task } from './task.ts'
import type { ListControl } from './task-list.tsx'
import type { RowActions } from './task-row.tsx'
import { useActions } from './task-services.ts'
import { editTitle } from './title-edit.ts'
import { useEdited } from './use-edited.ts'
import { useRestore } from './use-restore.ts'

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
      const from = focusedBeforePress()
      const isAlone = !(event.ctrlKey || event.metaKey || getSelection().boxes)
      if (event.shiftKey) selectTo(task.id, from, control.current?.order ?? [])
      else if (!isAlone) toggleSelected(task.id)
      return event.shiftKey || !isAlone
    },
    [control],
  )
  const onMenu = useCallback(
    (task: Task, anchor: Element) =>
      openOverlay({ kind: 'task-menu', task, anchor, moveByOne: moves.current?.(task) ?? null }),
    [moves],
  )
  const restore = useRestore()
  return useMemo(
    () => ({
      onPress(task, event) {
        if (select(task, event)) return
        if (task.deleted_at !== null) onMenu(task, event.currentTarget)
        else if (isByFinger(event)) edit(task.id)
        else editTitle(task.id)
      },
      onOpen(task, event) {
        if (task.deleted_at !== null) restore(task)
        else if (!select(task, event)) edit(task.id)
      },
      onToggle: task => actions.complete([task], !task.completed),
      onSelect: task => toggleSelected(task.id),
      onMenu,
    }),
    [actions, edit, select, onMenu, restore],
  )
}

/** A small field under a finger and above a keyboard is no place to edit. A key press has no detail. */
function isByFinger({ detail, nativeEvent }: React.MouseEvent): boolean {
  const { pointerType } = nativeEvent as PointerEvent
  return detail > 0 && (pointerType ? pointerType === 'touch' : matchMedia('(hover: none)').matches)
}
