/** What waits in the outbox, and what of it is sent next. Pure. */
import type { Failure } from '../http.ts'
import type { Task, TaskChange } from './task.ts'

/** `deleted` moves a task to the trash, or out of it. */
export type EntryChange = TaskChange & { deleted?: boolean }

export type Entry = {
  id: string
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

/** One parcel for each task that can be sent now, in the order the tasks were first changed. */
export function nextParcels(entries: readonly Entry[], now: number): Parcel[] {
  const unmade = new Set(entries.filter(entry => entry.isNew).map(entry => entry.taskId))
  const parcels = new Map<string, Parcel>()
  /** Tasks whose later changes must wait for an earlier one. */
  const closed = new Set<string>()
  for (const entry of entries) {
    if (entry.refused || closed.has(entry.taskId)) continue
    const parent = entry.base.parent
    const waits = entry.theirs || entry.holdUntil > now || (parent !== null && unmade.has(parent))
    const parcel = parcels.get(entry.taskId)
    if (waits || (parcel && !canJoin(entries, parcel, entry))) closed.add(entry.taskId)
    else parcels.set(entry.taskId, parcel ? join(parcel, entry) : parcelOf(entry))
  }
  return [...parcels.values()]
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
