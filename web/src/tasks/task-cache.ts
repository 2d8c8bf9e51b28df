/** The lists the page has loaded, one per filter, and how a change reaches all of them. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type { Show, TaskPage } from './old-api.ts'
import type { Task } from './old-task.ts'

/** `key` is the add's own key: it names the row before the server has named the task. */
export type ListedTask = Task & { key?: string; unsaved?: boolean }
type Lists = InfiniteData<Omit<TaskPage, 'tasks'> & { tasks: ListedTask[] }, string | null>

const KEY = ['tasks']
export const listKey = (show: Show) => [...KEY, show]

/** A reload that began before a change would show the list without it. The first load and "Load more" go on. */
export const stopReloading = (client: QueryClient) =>
  client.cancelQueries({
    queryKey: KEY,
    predicate: ({ state }) => state.data !== undefined && !state.fetchMeta?.fetchMore,
  })

/** The other filters load again when they are next looked at; the one in view stays still. */
export const markListsOld = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: KEY, refetchType: 'none' })

/** A first load that is still under way may have been answered before a change: it begins again. */
export const restartFirstLoad = (client: QueryClient) =>
  client.resetQueries({ queryKey: KEY, predicate: ({ state }) => state.data === undefined })

export function insertTask(client: QueryClient, task: ListedTask) {
  for (const show of ['all', 'open'] as const) {
    client.setQueryData<Lists>(
      listKey(show),
      lists =>
        lists && {
          ...lists,
          pages: lists.pages.map((page, at) => (at === 0 ? { ...page, tasks: [task, ...page.tasks] } : page)),
        },
    )
  }
}

export function replaceTask(client: QueryClient, id: string, change: (task: ListedTask) => ListedTask) {
  editAll(client, tasks => tasks.map(task => (task.id === id ? change(task) : task)))
}

export function forgetTask(client: QueryClient, id: string) {
  editAll(client, tasks => tasks.filter(task => task.id !== id))
}

export function findTask(client: QueryClient, id: string): ListedTask | undefined {
  for (const [, lists] of client.getQueriesData<Lists>({ queryKey: KEY })) {
    const found = lists?.pages.flatMap(page => page.tasks).find(task => task.id === id)
    if (found) return found
  }
}

export const titleOf = (client: QueryClient, id: string) => findTask(client, id)?.title ?? ''

function editAll(client: QueryClient, edit: (tasks: ListedTask[]) => ListedTask[]) {
  client.setQueriesData<Lists>(
    { queryKey: KEY },
    lists => lists && { ...lists, pages: lists.pages.map(page => ({ ...page, tasks: edit(page.tasks) })) },
  )
}
