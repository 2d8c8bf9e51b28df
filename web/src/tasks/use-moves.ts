import { type RefObject, useEffect } from 'react'
import { announce } from '../components/announce.ts'
import { menuTexts as t } from './menu-texts.ts'
import { moveByOne } from './moves.ts'
import { useOrganizing } from './organizing.ts'
import { getSelection } from './selection.ts'
import type { Task } from './task.ts'
import type { ListControl } from './task-list.tsx'
import type { Moves } from './use-row-actions.ts'
import { isManual, type View } from './views.ts'

type Parts = {
  view: View
  tasks: readonly Task[]
  control: RefObject<ListControl | null>
  moves: RefObject<Moves | null>
}

/** Reordering without dragging. Null where the order is not the person's own. */
export function useMoves({ view, tasks, control, moves }: Parts) {
  const actions = useOrganizing()
  useEffect(() => {
    const moveOf: Moves = task => by => {
      const { ids } = getSelection()
      const moved = ids.has(task.id) ? tasks.filter(other => ids.has(other.id)) : [task]
      const changes = moveByOne(tasks, moved, by)
      if (changes.length === 0) return
      actions.reorder(changes)
      const at = tasks.findIndex(other => other.id === task.id) + 1 + by
      announce(t.movedTo({ title: task.title, at, total: tasks.length }))
      requestAnimationFrame(() => control.current?.focusTask(task.id))
    }
    moves.current = isManual(view) ? moveOf : null
  }, [view, tasks, actions, control, moves])
}
