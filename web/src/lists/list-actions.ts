/** What can be done to lists: shown at once, sent by the outbox in its turn, and undone as one. */
import { generateKeyBetween } from 'fractional-indexing'
import type { Place } from '../tasks/places.ts'
import type { List } from '../tasks/task.ts'
import type { TaskServices } from '../tasks/task-services.ts'
import { uuidv7 } from '../uuid.ts'
import type { ListContent } from './list-form.tsx'
import { creation, pathTo, readLists, removal, takeBack } from './list-places.ts'
import { listTexts } from './list-texts.ts'

type Parts = Pick<TaskServices, 'outbox' | 'client' | 'user' | 'offerUndo'>
type ListChange = Partial<Pick<List, 'name' | 'color' | 'position'>>

export type ListActions = ReturnType<typeof createListActions>

export function createListActions(services: Parts) {
  const { outbox, offerUndo } = services
  const read = () => readLists(services)
  const latest = (list: List) => read().find(({ id }) => id === list.id) ?? list

  function change(list: List, does: 'change' | 'move', wanted: ListChange, said: string) {
    const { name } = latest(list)
    const put = (content: ListChange) =>
      outbox.putPlace({
        ...{ kind: 'list', does, of: list.id, name, shows: content },
        call: { method: 'PATCH', path: pathTo(list.id), body: content },
      })
    const before = inverse(latest(list), wanted)
    put(wanted)
    offerUndo({ text: said }, () => void put(before))
  }

  return {
    create({ name, color }: ListContent): List {
      const place = creation(services, uuidv7(), { name, color })
      outbox.putPlace(place)
      offerUndo({ text: listTexts.created({ name }) }, () => takeBack(services, removal(place.of, name)))
      return place.shows
    },
    change: (list: List, { name, color }: ListContent) =>
      change(list, 'change', { name, color }, listTexts.changed({ name })),
    /** To a place among all lists, counted from 0. */
    move(id: string, to: number) {
      const list = read().find(other => other.id === id)
      const position = list && positionAt(read(), list, to)
      if (!position) return
      const place = { position: to + 1, total: read().length }
      change(list, 'move', { position }, listTexts.moved({ name: list.name, ...place }))
    },
    /** Its tasks go to the trash with it, and come back with it. */
    remove(list: List) {
      const shows = latest(list)
      const { id, name, open } = shows
      const removed = outbox.putPlace(removal(id, name))
      const restoration: Place = {
        ...{ kind: 'list', does: 'restore', of: id, name, shows },
        call: { method: 'POST', path: `${pathTo(id)}/restore` },
      }
      const detail = open > 0 ? listTexts.removedTasks(open) : undefined
      offerUndo({ text: listTexts.removed({ name }), detail }, () => {
        if (!outbox.cancel([removed])) outbox.putPlace(restoration)
      })
    },
  }
}

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
