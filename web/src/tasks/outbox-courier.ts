/** Carries what waits to the server, and knows what each of its answers means for the outbox. */
import { type Failure, failureOf } from '../http.ts'
import {
  type Entry,
  type EntryChange,
  nextParcels,
  nextPlace,
  type Parcel,
  type Waiting,
} from './outbox-entry.ts'
import type { PlaceEntry } from './places.ts'
import { MOST_AT_ONCE, type Task } from './task.ts'
import type { Call } from './tasks-api.ts'

export type CourierApi = {
  create(task: Task): Promise<Task>
  change(id: string, change: EntryChange, revision: number): Promise<Task>
  changeMany(changes: ({ id: string; revision?: number } & EntryChange)[]): Promise<Task[]>
  remove(id: string): Promise<void>
  read(id: string): Promise<Task>
  list(query: string): Promise<{ tasks: Task[] }>
  request(call: Call): Promise<unknown>
  requestWhileLeaving(call: Call): void
  sendWhileLeaving(parcels: readonly Parcel[]): void
}

/** What the courier may do to the outbox. */
export type Desk = {
  read(): readonly Waiting[]
  edit(ids: readonly string[], change: Partial<Entry>): void
  settle(ids: readonly string[], tasks: readonly Task[]): void
  settlePlace(entry: PlaceEntry): Promise<void>
  refuse(ids: readonly string[], failure: Failure): void
  meetConflict(ids: readonly string[], theirs: Task): void
}

export type Courier = ReturnType<typeof createCourier>

const rare = () => import('./outbox-rare.ts')

const AT_ONCE = 4
const MOST_RELATIVES = 20

/** `organizes`: the API has a trash and takes many changes in one request. */
export function createCourier(api: CourierApi, organizes: boolean, now: () => number) {
  /** Sends all that can be sent now. False when there was nothing; throws when it has to wait. */
  async function deliver(desk: Desk): Promise<boolean> {
    const parcels = nextParcels(desk.read(), now())
    const place = nextPlace(desk.read(), now())
    if (parcels.length === 0) return place ? await deliverPlace(desk, place) : false
    desk.edit(
      parcels.flatMap(parcel => parcel.entries),
      { tried: true },
    )
    const shared = parcels.filter(parcel => organizes && !parcel.alone && !parcel.creates)
    const single = shared.length > 1 ? parcels.filter(parcel => !shared.includes(parcel)) : parcels
    await inTurns(single, parcel => deliverOne(desk, parcel))
    for (let at = 0; shared.length > 1 && at < shared.length; at += MOST_AT_ONCE)
      await deliverTogether(desk, shared.slice(at, at + MOST_AT_ONCE))
    return true
  }

  async function deliverPlace(desk: Desk, entry: PlaceEntry): Promise<true> {
    desk.edit([entry.id], { tried: true })
    try {
      await (await rare()).sendPlace(api, entry)
      await desk.settlePlace(entry)
    } catch (error) {
      const failure = failureOf(error)
      if (mayPass(failure)) throw error
      desk.refuse([entry.id], failure)
    }
    return true
  }

  async function deliverOne(desk: Desk, parcel: Parcel): Promise<void> {
    try {
      await sendOne(desk, parcel)
    } catch (error) {
      const failure = failureOf(error)
      if (mayPass(failure)) throw error
      desk.refuse(parcel.entries, failure)
    }
  }

  async function sendOne(desk: Desk, parcel: Parcel): Promise<void> {
    try {
      desk.settle(parcel.entries, await followUp([parcel], [await send(parcel)]))
    } catch (error) {
      if (failureOf(error).status !== 412 || parcel.creates) throw error
      await (await rare()).compare(api, desk, parcel)
    }
  }

  /** All or nothing: after a refusal each goes alone, so that only the one it is about is held up. */
  async function deliverTogether(desk: Desk, parcels: Parcel[]): Promise<void> {
    const ids = parcels.flatMap(parcel => parcel.entries)
    try {
      const answers = await api.changeMany(parcels.map(toBulkChange))
      desk.settle(ids, await followUp(parcels, answers))
    } catch (error) {
      if (mayPass(failureOf(error))) throw error
      desk.edit(ids, { alone: true })
    }
  }

  async function send(parcel: Parcel): Promise<Task> {
    const { taskId, base, change, creates, revision } = parcel
    if (creates) return await create(creates)
    if (change.deleted === undefined) return await api.change(taskId, change, revision)
    try {
      if (organizes) return (await api.changeMany([toBulkChange(parcel)]))[0]!
      await api.remove(taskId)
    } catch (error) {
      if (failureOf(error).status !== 404 || !change.deleted) throw error
    }
    return asDeleted(base)
  }

  /** 412: it was created before, and has been changed since. */
  async function create(task: Task): Promise<Task> {
    try {
      return await api.create(task)
    } catch (error) {
      if (failureOf(error).status !== 412) throw error
      return await api.read(task.id)
    }
  }

  /** Other tasks that the server changed along with these: the next occurrence, and the parent's count. */
  async function followUp(parcels: readonly Parcel[], answers: Task[]): Promise<Task[]> {
    const wanted = parcels.flatMap(({ base }, at) => relativesOf(base, answers[at]!))
    const ids = [...new Set(wanted)].filter(id => answers.every(task => task.id !== id))
    const read = (id: string) =>
      api.read(id).catch(error => {
        if (failureOf(error).status !== 404) return []
        return asDeleted({ ...answers[0]!, id })
      })
    return [...answers, ...(await Promise.all(ids.slice(0, MOST_RELATIVES).map(read))).flat()]
  }

  const asDeleted = (task: Task): Task => ({ ...task, deleted_at: new Date(now()).toISOString() })

  return {
    deliver,
    /** While the page closes nothing can be awaited. All of it may be repeated when the page comes back. */
    leave(waiting: readonly Waiting[]) {
      for (const { place, refused } of waiting)
        if (place && !place.onlyEmpty && !refused) api.requestWhileLeaving(place.call)
      const isTask = (entry: Waiting): entry is Entry => !entry.place
      api.sendWhileLeaving(nextParcels(waiting.filter(isTask), Infinity))
    },
  }
}

function relativesOf(before: Task, after: Task): string[] {
  const occurrences = before.next === after.next ? [] : [before.next, after.next]
  return [...occurrences, after.parent].filter(id => id !== null)
}

/** What goes to the trash or comes back does so whatever else was changed meanwhile. */
const toBulkChange = ({ taskId, revision, change }: Parcel) => ({
  id: taskId,
  ...(revision > 0 && change.deleted === undefined && { revision }),
  ...change,
})

/** No answer, a refused token, a busy or broken server: nothing that concerns what was sent. */
function mayPass({ status }: Failure): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500
}

/** A few at a time; what has been begun is finished before a failure is told. */
async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const results = await Promise.allSettled(items.slice(at, at + AT_ONCE).map(work))
    const failed = results.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}
