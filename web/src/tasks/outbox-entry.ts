/** What waits in the outbox, and what of it is sent next. Pure. */
import type { Failure } from '../http.ts'
import type { PlaceEntry } from './places.ts'
import type { Task, TaskChange } from './task.ts'

/** `deleted` moves a task to the trash, or out of it. */
export type EntryChange = TaskChange & { deleted?: boolean }

export type Entry = {
  id: string
  place?: undefined
  taskId: string
  /** Milliseconds of this device's clock. */
  made: number
  /** The task before this change; for a new one, the task itself. */
  base: Task
  change: EntryChange
  isNew: boolean
  /** The revision the change is for: goes along as `If-Match`. 0 when the backend knows none. */
  revision: number
  /** It was sent, and whether it arrived is not known. */
  tried: boolean
  /** Its request is not shared with other tasks, so that a refusal names it. */
  alone: boolean
  /** Not before this moment: a deletion that only waiting can undo. */
  holdUntil: number
  /** The server will not have it. It is not shown as done any more, but what was typed is kept here. */
  refused?: Failure
  /** Somebody changed the same members in the meantime: the task as the server has it. */
  theirs?: Task
}

/** All that waits, in the order it was done. */
export type Waiting = Entry | PlaceEntry

/** Everything that one request says about one task. */
export type Parcel = {
  taskId: string
  entries: readonly string[]
  /** The task before all of it. */
  base: Task
  change: EntryChange
  revision: number
  alone: boolean
  /** The whole task, when it is to be created. */
  creates: Task | null
}

export function applyChange(task: Task, change: EntryChange, at: number): Task {
  const { deleted, ...content } = change
  const now = new Date(at).toISOString()
  const after: Task = { ...task, ...content, updated_at: now }
  if (change.completed !== undefined && change.completed !== task.completed)
    after.completed_at = change.completed ? now : null
  if (deleted !== undefined) after.deleted_at = deleted ? now : null
  return after
}

const isDue = ({ refused, holdUntil }: Waiting, now: number) => !refused && !(holdUntil > now)

/** One parcel for each task that can be sent now, in the order the tasks were first changed. */
export function nextParcels(waiting: readonly Waiting[], now: number): Parcel[] {
  const entries = upToPlace(waiting, now)
  const unmade = new Set(waiting.map(entry => (entry.place ? madeBy(entry) : entry.isNew && entry.taskId)))
  const parcels = new Map<string, Parcel>()
  /** Tasks whose later changes must wait for an earlier one. */
  const closed = new Set<string>()
  for (const entry of entries) {
    if (entry.refused || closed.has(entry.taskId)) continue
    const { parent, list } = { ...entry.base, ...entry.change }
    const waits = entry.theirs || !isDue(entry, now) || unmade.has(parent ?? '') || unmade.has(list ?? '')
    const parcel = parcels.get(entry.taskId)
    if (waits || (parcel && !canJoin(entries, parcel, entry))) closed.add(entry.taskId)
    else parcels.set(entry.taskId, parcel ? join(parcel, entry) : parcelOf(entry))
  }
  return [...parcels.values()]
}

/** A list that is not there yet, or that the server would not have: its tasks wait for what becomes of it. */
const madeBy = ({ place }: PlaceEntry) => place.does === 'create' && place.of

/** A list or a tag comes after what was done to tasks before it, and before what was done to them after it. */
function upToPlace(waiting: readonly Waiting[], now: number): Entry[] {
  const next = nextPlace(waiting, now)
  return waiting.slice(0, next && waiting.indexOf(next)).filter(entry => !entry.place)
}

/** The change of a list or a tag that is next, once no parcel is. */
export function nextPlace(waiting: readonly Waiting[], now: number): PlaceEntry | undefined {
  const refused = waiting.map(entry => entry.place && entry.refused && madeBy(entry))
  return waiting
    .filter(entry => entry.place !== undefined)
    .find(entry => isDue(entry, now) && !refused.includes(entry.place.of))
}

function parcelOf({ id, taskId, change, revision, alone, isNew, base }: Entry): Parcel {
  return { taskId, entries: [id], base, change, revision, alone, creates: isNew ? base : null }
}

/** What was sent once is sent again exactly so: only then is a repetition the same request. */
function canJoin(entries: readonly Entry[], parcel: Parcel, entry: Entry): boolean {
  const first = entries.find(other => other.id === parcel.entries[0])
  const isDeletion = entry.change.deleted !== undefined || parcel.change.deleted !== undefined
  return first?.tried === entry.tried && !(parcel.creates && isDeletion)
}

function join(parcel: Parcel, { id, change, alone, made }: Entry): Parcel {
  return {
    ...parcel,
    entries: [...parcel.entries, id],
    change: { ...parcel.change, ...change },
    alone: parcel.alone || alone,
    creates: parcel.creates && applyChange(parcel.creates, change, made),
  }
}
