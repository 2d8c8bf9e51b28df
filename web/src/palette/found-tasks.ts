/** The tasks a query finds: those that are loaded at once, the server's a moment after the last key. */
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Locals } from '../tasks/pending.ts'
import type { Task } from '../tasks/task.ts'
import { useOutbox, useTaskServices } from '../tasks/task-services.ts'
import { type LoadedPages, VIEWS } from '../tasks/view-cache.ts'

const PAUSE = 180
const MOST = 8

/** Loaded tasks that are no trash, as the person has them. */
function collectLoaded(client: QueryClient, locals: Locals): Task[] {
  const tasks = new Map<string, Task>()
  for (const [, data] of client.getQueriesData<LoadedPages>({ queryKey: VIEWS }))
    for (const page of data?.pages ?? []) for (const task of page.tasks) tasks.set(task.id, task)
  for (const [id, { task }] of locals) tasks.set(id, task)
  return [...tasks.values()].filter(task => task.deleted_at === null)
}

export type FoundTasks = {
  tasks: readonly Task[]
  /** Those the server found, in their descriptions too. */
  hits: ReadonlySet<string>
  isSearching: boolean
}

export function useFoundTasks(query: string): FoundTasks {
  const { api, client, organizes } = useTaskServices()
  const { locals } = useOutbox()
  const [loaded] = useState(() => collectLoaded(client, locals))
  const asked = useSettled(query.trim())
  const answer = useQuery({
    queryKey: ['palette', asked],
    // A query that is typed on is given up: the signal ends its request.
    queryFn: ({ signal }) => api.list(`?${new URLSearchParams({ q: asked, limit: String(MOST) })}`, signal),
    enabled: organizes && asked.length > 1,
    ...{ retry: false, staleTime: 0, gcTime: 0 },
  })
  const answered = asked === query.trim() ? (answer.data?.tasks ?? []) : []
  const known = new Set(loaded.map(({ id }) => id))
  return {
    tasks: [...loaded, ...answered.filter(({ id }) => !known.has(id))],
    hits: new Set(answered.map(({ id }) => id)),
    isSearching: answer.isFetching || asked !== query.trim(),
  }
}

function useSettled(text: string): string {
  const [settled, settle] = useState(text)
  useEffect(() => {
    const timer = setTimeout(settle, PAUSE, text)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
