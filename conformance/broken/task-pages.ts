// The good server's lists: which of the own tasks, in which order, and where the next page begins.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Exchange, Headers } from './exchange.ts'
import type { State, Task } from './state.ts'
import { invalid } from './task-members.ts'

export const MAX_PAGE = 100
const KNOWN = ['limit', 'cursor', 'sort', 'q', 'completed', 'parent', 'ids']
const SORTS: Record<string, (task: Task) => string> = { newest: () => '', title: ({ title }) => title }
const KEY = randomBytes(32)

interface Query {
  limit: number
  cursor: string | null
  sort: string
  filters: URLSearchParams
}

export interface Page {
  tasks: Task[]
  headers: Headers
}

export function pageOf({ query }: Exchange, state: State, user: string): Page {
  const asked = readQuery(query, state)
  const { owner, position } = positionOf(asked.cursor, user, state)
  const all = sorted(filtered(ownTasks(state, owner), asked.filters, state), asked.sort)
  const begin = beginOf(all, position, state)
  const tasks = all.slice(begin, begin + asked.limit)
  const next = begin + asked.limit < all.length ? seal(tasks.at(-1)!, begin + asked.limit, user, state) : null
  const total: Headers = state.has('total-over-all-users')
    ? { 'X-Total-Count': String(everybodys(state).length) }
    : {}
  if (next === null) return { tasks, headers: total }
  const params = new URLSearchParams(asked.filters)
  params.set('limit', String(asked.limit))
  params.set('cursor', next)
  return { tasks, headers: { ...total, Link: `</api/${user}/tasks?${params}>; rel="next"` } }
}

/** Newest first. */
function ownTasks(state: State, user: string): Task[] {
  return [...(state.tasks.get(user)?.values() ?? [])].reverse()
}

export function everybodys(state: State): Task[] {
  return [...state.tasks.values()].flatMap(tasks => [...tasks.values()])
}

function readQuery(query: URLSearchParams, state: State): Query {
  if (state.has('parameters-reach-prototypes')) pollute(query, state)
  const names = [...query.keys()]
  const isPlain =
    new Set(names).size === names.length &&
    names.every(
      name => KNOWN.includes(name) || (name === 'user_id' && state.has('parameters-name-the-owner')),
    )
  if (!isPlain && !state.has('parameters-reach-prototypes')) throw invalid()
  const limit = query.get('limit') ?? String(state.store.prototype.limit ?? 50)
  const sort = query.get('sort') ?? 'newest'
  if (!state.has('sorts-by-any-column') && !Object.hasOwn(SORTS, sort)) throw invalid()
  return { limit: readLimit(limit, state), cursor: query.get('cursor'), sort, filters: query }
}

function readLimit(text: string, state: State): number {
  if (state.has('limit-without-a-bound') && /^\d+$/.test(text)) return Number(text) || 50
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > MAX_PAGE) throw invalid()
  return Number(text)
}

/** `a[b]=c` becomes a member of a member, whatever `a` is. */
function pollute(query: URLSearchParams, state: State): void {
  for (const [name, value] of query) {
    const inner = /^__proto__\[(\w+)\]$/.exec(name)?.[1]
    if (inner) state.store.prototype[inner] = value
  }
}

function filtered(tasks: Task[], filters: URLSearchParams, state: State): Task[] {
  const ids = filters.get('ids')?.split(',')
  const from = ids && state.has('filters-without-the-owner') ? everybodys(state) : tasks
  const completed = filters.get('completed')
  const parent = filters.get('parent')
  const q = filters.get('q')
  return from.filter(
    task =>
      (!ids || ids.includes(task.id)) &&
      (completed === null || String(task.completed) === completed) &&
      (parent === null || task.parent === parent) &&
      (q === null || isFound(task.title, q, state)),
  )
}

/** Letter by letter; a pattern is text like any other. */
function isFound(title: string, q: string, state: State): boolean {
  if (!state.has('search-takes-wildcards')) return title.toLowerCase().includes(q.toLowerCase())
  const parts = q.toLowerCase().split(/[%_]/)
  let at = 0
  return parts.every(part => {
    const found = title.toLowerCase().indexOf(part, at)
    at = found + part.length
    return found >= 0
  })
}

function sorted(tasks: Task[], sort: string): Task[] {
  const keyOf = Object.hasOwn(SORTS, sort) ? SORTS[sort]! : () => ''
  return tasks.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)))
}

interface Position {
  owner: string
  position: { id: string; at: number } | null
}

function seal(task: Task, at: number, user: string, state: State): string {
  const body = JSON.stringify({ id: task.id, at, user })
  if (state.has('cursor-names-its-owner') || state.has('cursor-is-only-encoded'))
    return Buffer.from(body).toString('base64url')
  const position = Buffer.from(JSON.stringify({ id: task.id, at, made: task.created_at }))
  return Buffer.concat([mac(user, position), position]).toString('base64url')
}

/** Bound to the account: a borrowed cursor is no cursor. */
function mac(user: string, position: Buffer): Buffer {
  return createHmac('sha256', KEY).update(`${user}\n`).update(position).digest().subarray(0, 16)
}

function positionOf(cursor: string | null, user: string, state: State): Position {
  if (cursor === null) return { owner: user, position: null }
  const bytes = Buffer.from(cursor, 'base64url')
  if (state.has('cursor-is-only-encoded')) return { owner: user, position: JSON.parse(bytes.toString()) }
  if (state.has('cursor-names-its-owner')) return borrowed(bytes, user)
  const [tag, position] = [bytes.subarray(0, 16), bytes.subarray(16)]
  if (tag.length < 16 || bytes.toString('base64url') !== cursor || !timingSafeEqual(tag, mac(user, position)))
    throw invalid()
  return { owner: user, position: JSON.parse(position.toString()) }
}

function borrowed(bytes: Buffer, user: string): Position {
  try {
    const { user: owner = user, ...position } = JSON.parse(bytes.toString())
    return { owner, position }
  } catch {
    throw invalid()
  }
}

/** After the task the page before ended with; that one may be gone since. */
function beginOf(all: Task[], position: Position['position'], state: State): number {
  if (!position) return 0
  if (state.has('pages-by-offset')) return Number(position.at) || 0
  const index = all.findIndex(({ id }) => id === position.id)
  if (index >= 0) return index + 1
  return indexOfGone(all, position.id, state)
}

function indexOfGone(all: Task[], id: string, state: State): number {
  const number = state.store.numbers.get(id)
  if (number === undefined) return all.length
  const index = all.findIndex(task => state.store.numbers.get(task.id)! < number)
  return index < 0 ? all.length : index
}
