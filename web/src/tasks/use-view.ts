import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useToday } from '../today.ts'
import { withoutHidden } from './deferrals.ts'
import { type LoadedPage, layOver } from './pending.ts'
import type { Task } from './task.ts'
import { useDeferred, useOutbox, useTaskServices } from './task-services.ts'
import { AROUND, findLoaded, trimView, viewKey } from './view-cache.ts'
import { type View, viewQuery } from './views.ts'

/** So many pages are loaded again in the background; with more, what is there stays until the view is left. */
const PAGES_TO_REFRESH = 3

const NONE: readonly LoadedPage[] = []

/** The tasks of a view: what the server said, with the person's own changes laid over. */
export function useView(view: View, enabled = true) {
  const { api, client } = useTaskServices()
  const { locals } = useOutbox()
  const today = useToday()
  const [since] = useState(Date.now)
  const key = viewKey(view, today)
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }): Promise<LoadedPage> => {
      const asked = Date.now()
      return { ...(await api.list(pageParam ?? viewQuery(view, today), signal)), asked }
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= PAGES_TO_REFRESH,
    refetchOnReconnect: ({ state }) => (state.data?.pages.length ?? 0) <= PAGES_TO_REFRESH,
    enabled,
  })
  const pages = query.data?.pages ?? NONE
  const hash = JSON.stringify(key)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hash is the view, whatever object says it
  const all = useMemo(() => layOver(pages, locals, { view, today, since }), [pages, locals, hash, since])
  const deferred = useDeferred()
  const tasks = useMemo(() => withoutHidden(all, deferred), [all, deferred])
  useEffect(() => () => trimView(client, JSON.parse(hash)), [client, hash])
  return { ...query, tasks, today }
}

/** One task as the person has it, wherever it is: in the outbox, in a view, or on the server. */
export function useTask(id: string) {
  const { api, client } = useTaskServices()
  const local = useOutbox().locals.get(id)
  const [loaded] = useState(() => findLoaded(client, id))
  const read = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => api.read(id, signal),
    enabled: !local && !loaded,
    retry: false,
    gcTime: 0,
  })
  const task: Task | undefined = local?.task ?? loaded ?? read.data
  return {
    task,
    pending: local?.pending ?? false,
    isLoading: read.isLoading,
    error: read.error,
    refetch: read.refetch,
  }
}

const FRESH = 60_000

export function useLists() {
  const { api, organizes } = useTaskServices()
  return useQuery({
    queryKey: [...AROUND, 'lists'],
    queryFn: ({ signal }) => api.lists(signal),
    enabled: organizes,
    staleTime: FRESH,
  })
}

export function useTags() {
  const { api, organizes } = useTaskServices()
  const { hidden } = useDeferred()
  const query = useQuery({
    queryKey: [...AROUND, 'tags'],
    queryFn: ({ signal }) => api.tags(signal),
    enabled: organizes,
    staleTime: FRESH,
  })
  const data = useMemo(() => query.data?.filter(({ id }) => !hidden.has(id)), [query.data, hidden])
  return { ...query, data }
}

export function useCounts() {
  const { api, organizes } = useTaskServices()
  const today = useToday()
  return useQuery({
    queryKey: [...AROUND, 'counts', today],
    queryFn: ({ signal }) => api.counts(today, signal),
    enabled: organizes,
    staleTime: FRESH,
  })
}
