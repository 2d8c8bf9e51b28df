import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { List } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { viewPath } from '../tasks/views.ts'
import { createListActions } from './list-actions.ts'

/** The actions on lists. A list that is deleted is left, a new one is entered. */
export function useListActions() {
  const services = useTaskServices()
  const [path, navigate] = useLocation()
  const actions = useMemo(() => createListActions(services), [services])
  return {
    ...actions,
    async create(...list: Parameters<typeof actions.create>) {
      const made = await actions.create(...list)
      navigate(viewPath({ kind: 'list', id: made.id }))
    },
    remove(list: List) {
      if (path === viewPath({ kind: 'list', id: list.id })) navigate(viewPath({ kind: 'inbox' }))
      void actions.remove(list)
    },
  }
}
