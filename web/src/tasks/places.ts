/**
 * Lists and tags as the person has them: what waits in the outbox, laid over what the server said. Pure.
 */
import type { Failure } from '../http.ts'
import { isSameTag, type List, type Tag, type Task } from './task.ts'
import type { Call } from './tasks-api.ts'

type Kinds = { list: List; tag: Tag }

/** One change of a list or a tag. */
export type Place = {
  kind: keyof Kinds
  does: 'create' | 'change' | 'move' | 'remove' | 'restore' | 'rename' | 'merge'
  /** Its id. */
  of: string
  /** What it is called in a sentence about this change. */
  name: string
  call: Call
  /** How it looks meanwhile: some of its members, all of them, or null when it is gone. */
  shows?: Partial<List & Tag> | null
  /** What a tag is called on tasks meanwhile; null takes it off. */
  retags?: { from: string; to: string | null }
  /** It is deleted only if no task is in it, wherever that was added. */
  onlyEmpty?: boolean
}

export type PlaceEntry = {
  id: string
  made: number
  place: Place
  /** Infinity while it can be undone. What is kept for a reload knows no Infinity, and is not held any more. */
  holdUntil: number
  tried: boolean
  refused?: Failure
  change?: undefined
  theirs?: undefined
}

/** `pending`: not saved yet. */
export type Shown<What> = What & { pending?: boolean }

export function withPlaces<Kind extends keyof Kinds>(
  kind: Kind,
  answered: readonly Kinds[Kind][] | undefined,
  waiting: readonly PlaceEntry[],
): Shown<Kinds[Kind]>[] | undefined {
  const changes = effective(waiting).filter(place => place.kind === kind)
  if (changes.length === 0) return answered as Kinds[Kind][] | undefined
  const all = new Map<string, Shown<List & Tag>>(answered?.map(one => [one.id, one as List & Tag]))
  for (const { of, shows } of changes) {
    const one = { ...all.get(of), ...shows, pending: true } as Shown<List & Tag>
    if (shows === null) all.delete(of)
    else if (one.id) all.set(of, one)
  }
  const key = kind === 'list' ? listKey : tagKey
  return [...all.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1)) as unknown as Shown<Kinds[Kind]>[]
}

/** Without the tasks of a list that is gone, and with their tags as these are called now. */
export function inPlaces(tasks: Task[], waiting: readonly PlaceEntry[]): Task[] {
  const places = effective(waiting)
  if (places.length === 0) return tasks
  const gone = new Set<string | null>()
  for (const { of, shows } of places) shows === null ? gone.add(of) : gone.delete(of)
  return tasks.filter(task => task.deleted_at || !gone.has(task.list)).map(task => retagged(task, waiting))
}

export function retagged(task: Task, waiting: readonly PlaceEntry[]): Task {
  const tags = effective(waiting).reduce(
    (names, { retags }) =>
      retags ? names.map(name => (name && isSameTag(name, retags.from) ? retags.to : name)) : names,
    task.tags as (string | null)[],
  )
  return tags === task.tags ? task : { ...task, tags: [...new Set(tags)].filter(name => name !== null) }
}

const effective = (waiting: readonly PlaceEntry[]) =>
  waiting.filter(entry => !entry.refused).map(entry => entry.place)

const listKey = ({ position, id }: List) => `${position} ${id}`
const tagKey = ({ name }: Tag) => name.toLowerCase()
