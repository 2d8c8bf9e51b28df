/** What can be done to lists: shown at once, taken back when the server will not have it, and undone as one. */
import type { QueryClient } from '@tanstack/react-query'
import { generateKeyBetween } from 'fractional-indexing'
import { reportFailure } from '../components/report-failure.ts'
import type { Offer } from '../tasks/offer-undo.ts'
import type { List } from '../tasks/task.ts'
import type { TasksApi } from '../tasks/tasks-api.ts'
import { AROUND, reloadViews } from '../tasks/view-cache.ts'
import type { ListContent } from './list-form.tsx'
import { listTexts } from './list-texts.ts'

type Parts = { api: Pick<TasksApi, 'ask' | 'request'>; client: QueryClient; offerUndo: Offer }
type ListChange = Partial<Pick<List, 'name' | 'color' | 'position'>>

const KEY = [...AROUND, 'lists']
const pathTo = (id: string) => `/lists/${id}`

export type ListActions = ReturnType<typeof createListActions>

export function createListActions({ api, client, offerUndo }: Parts) {
  const read = () => client.getQueryData<List[]>(KEY) ?? []
  const show = (edit: (lists: List[]) => List[]) =>
    client.setQueryData<List[]>(KEY, lists => lists && edit(lists).toSorted(byPosition))
  const latest = (list: List) => read().find(({ id }) => id === list.id) ?? list
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other, so that a later change knows the revision of the one before. */
  function inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
  const replace = (list: List) => show(lists => lists.map(other => (other.id === list.id ? list : other)))
  const reload = () => client.invalidateQueries({ queryKey: KEY })

  async function send(list: List, change: ListChange, failed: string) {
    await client.cancelQueries({ queryKey: KEY })
    replace({ ...latest(list), ...change })
    try {
      await inTurn(async () =>
        replace(await api.ask<List>({ method: 'PATCH', path: pathTo(list.id), body: change })),
      )
    } catch (error) {
      reportFailure(failed, error)
      await reload()
    }
  }

  function sendWithUndo(list: List, change: ListChange, texts: { done: string; failed: string }) {
    const before = inverse(latest(list), change)
    offerUndo({ text: texts.done }, () => void send(list, before, texts.failed))
    return send(list, change, texts.failed)
  }

  async function remove(list: List) {
    const { name } = latest(list)
    await client.cancelQueries({ queryKey: KEY })
    show(lists => lists.filter(({ id }) => id !== list.id))
    try {
      await inTurn(() => api.request({ method: 'DELETE', path: pathTo(list.id) }))
    } catch (error) {
      reportFailure(listTexts.removeFailed({ name }), error)
    }
    reloadViews(client)
  }

  async function restore(list: List) {
    try {
      await inTurn(() => api.request({ method: 'POST', path: `${pathTo(list.id)}/restore` }))
    } catch (error) {
      reportFailure(listTexts.restoreFailed({ name: list.name }), error)
    }
    reloadViews(client)
  }

  return {
    /** Throws when it did not work: the form says so and keeps what was typed. The id makes a second try the same. */
    async create(id: string, { name, color }: ListContent): Promise<List> {
      const position = generateKeyBetween(read().at(-1)?.position, null)
      const list = await inTurn(() =>
        api.ask<List>({
          ...{ method: 'PUT', path: pathTo(id), headers: { 'if-none-match': '*' } },
          body: { name, color, position },
        }),
      )
      show(lists => [...lists.filter(other => other.id !== id), list])
      offerUndo({ text: listTexts.created({ name }) }, () => void remove(list))
      return list
    },
    change: (list: List, { name, color }: ListContent) =>
      sendWithUndo(
        list,
        { name, color },
        { done: listTexts.changed({ name }), failed: listTexts.changeFailed({ name }) },
      ),
    /** To a place among all lists, counted from 0. */
    move(id: string, to: number) {
      const list = read().find(other => other.id === id)
      if (!list) return
      const position = positionAt(read(), list, to)
      if (!position) return
      const { name } = list
      const place = { position: to + 1, total: read().length }
      void sendWithUndo(
        list,
        { position },
        {
          done: listTexts.moved({ name, ...place }),
          failed: listTexts.moveFailed({ name }),
        },
      )
    },
    /** Its tasks go to the trash with it, and come back with it. */
    remove(list: List) {
      const { name, open } = latest(list)
      const detail = open > 0 ? listTexts.removedTasks(open) : undefined
      offerUndo({ text: listTexts.removed({ name }), detail }, () => void restore(list))
      return remove(list)
    },
  }
}

const byPosition = (a: List, b: List) =>
  a.position < b.position ? -1 : a.position > b.position ? 1 : a.id < b.id ? -1 : 1

function inverse(list: List, change: ListChange): ListChange {
  const names = Object.keys(change) as (keyof ListChange)[]
  return Object.fromEntries(names.map(name => [name, list[name]]))
}

/** Null when it is there already, or the place is none. */
export function positionAt(lists: readonly List[], list: List, to: number): string | null {
  const others = lists.filter(({ id }) => id !== list.id)
  if (to < 0 || to > others.length || lists[to]?.id === list.id) return null
  const above = others[to - 1]?.position
  // Two lists that came to lie at one position leave no room between them.
  const below = others.slice(to).find(({ position }) => !above || position > above)?.position
  return generateKeyBetween(above, below)
}
