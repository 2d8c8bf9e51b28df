import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import { reportFailure } from '../components/report-failure.ts'
import type { Show } from './old-api.ts'
import type { Task, TaskChange } from './old-task.ts'
import {
  findTask,
  forgetTask,
  insertTask,
  type ListedTask,
  listKey,
  markListsOld,
  replaceTask,
  restartFirstLoad,
  stopReloading,
} from './task-cache.ts'
import { useTaskServices } from './task-services.ts'
import { taskTexts } from './task-texts.ts'

/** One filter's tasks, without those being deleted. `kept` stay in view though they no longer match. */
export function useTaskList(show: Show, kept: ReadonlySet<string>) {
  const { api, deletions } = useTaskServices()
  const hidden = useSyncExternalStore(deletions.subscribe, deletions.getHidden)
  const query = useInfiniteQuery({
    queryKey: listKey(show),
    queryFn: ({ pageParam, signal }) => api.list(show, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })
  const tasks = useMemo(() => {
    const loaded: ListedTask[] = query.data?.pages.flatMap(page => page.tasks) ?? []
    const belongs = (task: Task) =>
      show === 'all' || task.completed === (show === 'done') || kept.has(task.id)
    return loaded.filter(task => !hidden.has(task.id) && belongs(task))
  }, [query.data, hidden, show, kept])
  return { ...query, tasks }
}

export type NewTask = { title: string; key: string }

/** In the list from the first frame; out of it again, with the text handed back, when it fails. */
export function useAddTask(onFailed: (task: NewTask, error: unknown) => void) {
  const { api, client, user } = useTaskServices()
  return useMutation({
    mutationFn: ({ title, key }: NewTask) => api.create(title, key),
    onMutate: async ({ title, key }) => {
      await stopReloading(client)
      const now = new Date().toISOString()
      insertTask(client, {
        ...{ id: key, key, unsaved: true, user_id: user.id, title },
        ...{ description: null, completed: false, created_at: now, updated_at: now },
      })
    },
    onSuccess: (task, { key }) => {
      if (findTask(client, key)) replaceTask(client, key, () => ({ ...task, key }))
      else if (!findTask(client, task.id)) insertTask(client, task)
      void restartFirstLoad(client)
      void markListsOld(client)
    },
    onError: (error, task) => {
      forgetTask(client, task.key)
      onFailed(task, error)
    },
  })
}

/** The scope keeps the changes of one task in the order they were made. */
export function useCompleteTask(task: Task) {
  const { api, client } = useTaskServices()
  const put = (completed: boolean) => replaceTask(client, task.id, listed => ({ ...listed, completed }))
  return useMutation({
    scope: { id: task.id },
    mutationFn: (completed: boolean) => api.change(task.id, { completed }),
    onMutate: async completed => {
      put(completed)
      await stopReloading(client)
    },
    onSuccess: saved => {
      // With another change of this task waiting, the answer to this one is no longer what the person sees.
      const isLast = client.isMutating({ predicate: ({ options }) => options.scope?.id === task.id }) === 1
      if (isLast) replaceTask(client, task.id, listed => ({ ...saved, key: listed.key }))
      void markListsOld(client)
    },
    onError: (error, completed) => {
      put(!completed)
      reportFailure(taskTexts.changeFailed({ title: task.title }), error)
    },
  })
}

export function useSaveTask(id: string) {
  const { api, client } = useTaskServices()
  return async (change: TaskChange) => {
    const saved = await api.change(id, change)
    await stopReloading(client)
    replaceTask(client, id, listed => ({ ...saved, key: listed.key }))
    await markListsOld(client)
  }
}
