/** The pages of every view that have been loaded, one query per view. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { type LoadedPage, type Locals, layOver } from './pending.ts'
import type { Place } from './places.ts'
import type { Task } from './task.ts'
import type { View } from './views.ts'

export type LoadedPages = InfiniteData<LoadedPage, string | null>

export const VIEWS = ['view']
export const viewKey = (view: View, today: string) =>
  view.kind === 'today' || view.kind === 'upcoming' ? [...VIEWS, view, today] : [...VIEWS, view]

/** What surrounds the tasks: lists, tags and how many there are. */
export const AROUND = ['around']
export const LISTS = [...AROUND, 'lists']
export const TAGS = [...AROUND, 'tags']

/** The other views load again when they are next looked at; the one in view stays still, since it knows already. */
export function markViewsOld(client: QueryClient) {
  void client.invalidateQueries({ queryKey: VIEWS, refetchType: 'none' })
  void client.invalidateQueries({ queryKey: AROUND }, { cancelRefetch: false })
}

/** Where tasks come, go or change with a list or a tag, the views ask again too. */
export const reloadPlaces = (client: QueryClient, { kind, does }: Place) =>
  kind === 'tag' || does === 'remove' || does === 'restore'
    ? reloadViews(client)
    : client.invalidateQueries({ queryKey: AROUND })

/** What a list or a tag has become shows on every task: the view in sight asks again too. */
export async function reloadViews(client: QueryClient) {
  await Promise.all([
    client.invalidateQueries({ queryKey: VIEWS }),
    client.invalidateQueries({ queryKey: AROUND }),
  ])
}

/** Whoever comes back to a view begins at its top: nothing is gained by loading all of its pages again. */
export function trimView(client: QueryClient, key: unknown[]) {
  const firstOf = (data: LoadedPages | undefined) =>
    data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
  const pages = client.getQueryData<LoadedPages>(key)?.pages ?? []
  if (pages.length > 1) client.setQueryData(key, firstOf, { updatedAt: 0 })
}

export function findLoaded(client: QueryClient, id: string): Task | undefined {
  for (const [, data] of client.getQueriesData<LoadedPages>({ queryKey: VIEWS })) {
    for (const page of data?.pages ?? []) {
      const found = page.tasks.find(task => task.id === id)
      if (found) return found
    }
  }
}

export function firstPositionIn(client: QueryClient, locals: Locals, list: string | null): string | null {
  const view: View = list ? { kind: 'list', id: list } : { kind: 'inbox' }
  const pages = client.getQueryData<LoadedPages>(viewKey(view, ''))?.pages ?? []
  if (pages.length === 0) return null
  const [first] = layOver(pages.slice(0, 1), locals, { view, today: '', since: Infinity })
  return first?.position ?? null
}
