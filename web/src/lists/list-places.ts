/** Lists as they are now, and how one comes and goes. */
import { generateKeyBetween } from 'fractional-indexing'
import { type Place, withPlaces } from '../tasks/places.ts'
import type { List } from '../tasks/task.ts'
import type { TaskServices } from '../tasks/task-services.ts'
import { LISTS } from '../tasks/view-cache.ts'
import { leaveList } from './leave-list.ts'

type Parts = Pick<TaskServices, 'outbox' | 'client'>

export const pathTo = (id: string) => `/lists/${id}`

export const readLists = ({ outbox, client }: Parts): List[] =>
  withPlaces('list', client.getQueryData<List[]>(LISTS), outbox.getState().places) ?? []

/** After all the others. The id is ours: a second request makes no second list, and tasks may name it at once. */
export function creation(services: Parts, id: string, { name, color }: Pick<List, 'name' | 'color'>) {
  const position = generateKeyBetween(readLists(services).at(-1)?.position ?? null, null)
  const body = { name, color, position }
  const at = new Date().toISOString()
  const shows: List = { ...body, id, open: 0, created_at: at, updated_at: at, revision: 0 }
  const call = { method: 'PUT', path: pathTo(id), headers: { 'if-none-match': '*' }, body }
  return { kind: 'list', does: 'create', of: id, name, shows, call } satisfies Place
}

export const removal = (id: string, name: string): Place => ({
  ...{ kind: 'list', does: 'remove', of: id, name, shows: null },
  call: { method: 'DELETE', path: pathTo(id) },
})

/** One that the server would not have was never there. */
export function takeBack({ outbox }: Parts, place: Place) {
  const refused = outbox.getState().places.find(entry => entry.refused && entry.place.of === place.of)
  leaveList(place.of)
  if (refused) outbox.discard(refused.id)
  else outbox.putPlace(place)
}
