import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { texts } from '../texts.ts'
import { menuTexts as t } from './menu-texts.ts'
import type { OverlayProps } from './overlays.ts'
import { useActions, useTaskServices } from './task-services.ts'

/** Completing a task says nothing about its subtasks: the person does. */
export default function OpenSubtasks({ tasks, onClose }: OverlayProps<'open-subtasks'>) {
  const { api } = useTaskServices()
  const actions = useActions()
  const parents = tasks.filter(task => task.subtasks.completed < task.subtasks.total)
  const { data: open, isError } = useQuery({
    queryKey: ['open-subtasks', ...parents.map(task => task.id)],
    queryFn: async () => {
      const pages = parents.map(({ id }) => api.list(`?parent=${id}&completed=false&limit=100`))
      return (await Promise.all(pages)).flatMap(page => page.tasks)
    },
    gcTime: 0,
    retry: false,
  })
  const completeOne = () => {
    onClose()
    actions.completeAlone(tasks)
  }
  const completeAll = () => {
    onClose()
    actions.completeAlone([...tasks, ...(open ?? [])])
  }
  const count = parents.reduce((sum, { subtasks }) => sum + subtasks.total - subtasks.completed, 0)
  useEffect(() => {
    if (open?.length === 0) completeOne()
  })
  return (
    <Dialog title={t.openSubtasks} onClose={onClose}>
      <p className="text-ink-2">{t.openSubtasksLead(count)}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={onClose}>
          {texts.cancel}
        </button>
        <button type="button" className="btn btn-quiet" onClick={completeOne}>
          {t.completeOne}
        </button>
        {!isError && (
          <button type="button" className="btn btn-primary" aria-disabled={!open} onClick={() => open && completeAll()}>
            {t.completeAll}
          </button>
        )}
      </div>
    </Dialog>
  )
}
