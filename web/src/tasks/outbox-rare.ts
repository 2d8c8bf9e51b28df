/** What the courier seldom needs: lists and tags, and what somebody else changed. It comes when it is needed. */
import { failureOf, HttpError } from '../http.ts'
import type { CourierApi, Desk } from './outbox-courier.ts'
import type { EntryChange, Parcel } from './outbox-entry.ts'
import type { PlaceEntry } from './places.ts'
import type { Task } from './task.ts'

export async function sendPlace(api: CourierApi, { place, tried }: PlaceEntry): Promise<void> {
  const { call, of, onlyEmpty } = place
  try {
    if (onlyEmpty && (await api.list(`?list=${of}&limit=1`)).tasks.length > 0) return
    await api.request(call)
  } catch (error) {
    const { status } = failureOf(error)
    // It was made by the first of two requests, and changed since; or taken away by the first, or by somebody else.
    const isDone = status === 412 || (status === 404 && (tried || call.method === 'DELETE'))
    if (!isDone) throw error
  }
}

export async function compare(api: CourierApi, desk: Desk, parcel: Parcel): Promise<void> {
  const { taskId, entries, base, change, revision } = parcel
  const theirs = await api.read(taskId)
  const answer = compareVersions(change, base, theirs)
  if (answer === 'same') return desk.settle(entries, [theirs])
  if (answer === 'conflict') return desk.meetConflict(entries, theirs)
  if (theirs.revision === revision) throw new HttpError({ status: 412, code: 'unexpected' })
  desk.edit(entries, { base: theirs, revision: theirs.revision, tried: false })
}

/** What a refusal for another's change means: nothing to do, no harm, or two versions of the same member. */
export function compareVersions(
  change: EntryChange,
  base: Task,
  theirs: Task,
): 'same' | 'apart' | 'conflict' {
  const members = Object.keys(change).filter(name => name !== 'deleted' && name !== 'position') as Members
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  if (change.deleted !== undefined && change.deleted !== (theirs.deleted_at !== null)) return 'apart'
  if (members.every(name => isSame(change[name], theirs[name])) && !('position' in change)) return 'same'
  const harmless = (name: Members[number]) =>
    isSame(base[name], theirs[name]) || isSame(change[name], theirs[name])
  return members.every(harmless) ? 'apart' : 'conflict'
}
type Members = Exclude<keyof EntryChange, 'deleted' | 'position'>[]
