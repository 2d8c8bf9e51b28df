import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { List } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { viewPath } from '../tasks/views.ts'
import { leaveList } from './leave-list.ts'
import { createListActions } from './list-actions.ts'
import type { ListContent } from './list-form.tsx'

/** The actions on lists. A list that is deleted is left, a new one is entered. */
export function useListActions() {
  const services = useTaskServices()
  const [, navigate] = useLocation()
  const actions = useMemo(() => createListActions(services), [services])
  return {
    ...actions,
    create(content: ListContent) {
      navigate(viewPath({ kind: 'list', id: actions.create(content).id }))
    },
    remove(list: List) {
      leaveList(list.id)
      actions.remove(list)
    },
  }
}
