import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useToday } from '../today.ts'
import { withoutHidden } from './deferrals.ts'
import { type LoadedPage, layOver } from './pending.ts'
import { inPlaces, type PlaceEntry, retagged, withPlaces } from './places.ts'
import type { Task } from './task.ts'
import { useDeferred, useOutbox, useTaskServices } from './task-services.ts'
import { AROUND, findLoaded, LISTS, TAGS, trimView, viewKey } from './view-cache.ts'
import { type View, viewQuery } from './views.ts'

/** So many pages are loaded again in the background; with more, what is there stays until the view is left. */
const PAGES_TO_REFRESH = 3

const NONE: readonly LoadedPage[] = []

/** The tasks of a view: what the server said, with the person's own changes laid over. */
export function useView(view: View, enabled = true) {
  const { api, client, outbox } = useTaskServices()
  const { locals, places } = useOutbox()
  const today = useToday()
  const [since] = useState(Date.now)
  const key = viewKey(view, today)
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }): Promise<LoadedPage> => {
      const asked = Date.now()
      if (isUnmade(view, outbox.getState().places)) return { tasks: [], next: null, asked }
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
  const listed = useMemo(
    () => pages.map(page => ({ ...page, tasks: inPlaces(page.tasks, places) })),
    [pages, places],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hash is the view, whatever object says it
  const all = useMemo(() => layOver(listed, locals, { view, today, since }), [listed, locals, hash, since])
  const deferred = useDeferred()
  const tasks = useMemo(() => withoutHidden(all, deferred), [all, deferred])
  useEffect(() => () => trimView(client, JSON.parse(hash)), [client, hash])
  return { ...query, tasks, today }
}

/** The server knows nothing yet of a list whose making waits. */
const isUnmade = (view: View, places: readonly PlaceEntry[]) =>
  places.some(({ place }) => view.kind === 'list' && place.does === 'create' && place.of === view.id)

/** One task as the person has it, wherever it is: in the outbox, in a view, or on the server. */
export function useTask(id: string) {
  const { api, client } = useTaskServices()
  const { locals, places } = useOutbox()
  const local = locals.get(id)
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
    task: task && retagged(task, places),
    pending: local?.pending ?? false,
    isLoading: read.isLoading,
    error: read.error,
    refetch: read.refetch,
  }
}

const FRESH = 60_000

export function useLists() {
  const { api, organizes } = useTaskServices()
  const { data, isPending, isSuccess } = useQuery({
    queryKey: LISTS,
    queryFn: ({ signal }) => api.lists(signal),
    enabled: organizes,
    staleTime: FRESH,
  })
  const { places } = useOutbox()
  return { data: useMemo(() => withPlaces('list', data, places), [data, places]), isPending, isSuccess }
}

export function useTags() {
  const { api, organizes } = useTaskServices()
  const { data } = useQuery({
    queryKey: TAGS,
    queryFn: ({ signal }) => api.tags(signal),
    enabled: organizes,
    staleTime: FRESH,
  })
  const { places } = useOutbox()
  return { data: useMemo(() => withPlaces('tag', data, places), [data, places]) }
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
