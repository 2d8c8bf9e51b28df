/** The views of the page: their addresses, what the server is asked for, and which task belongs in which. */
import { addDays } from '../plain-dates.ts'
import { dateOf } from './due.ts'
import { isSameTag, type NewTask, type Task } from './task.ts'

export type View =
  | { kind: 'today' | 'upcoming' | 'inbox' | 'done' | 'trash' }
  | { kind: 'list'; id: string }
  | { kind: 'tag'; name: string }
  | { kind: 'search'; q: string }
  /** Every task, newest first: the one list of a backend that offers only the core. */
  | { kind: 'all' }
  /** No place of its own: the subtasks of one task. */
  | { kind: 'subtasks'; parent: string }

export type Sort = 'newest' | 'due' | 'position' | 'completed' | 'deleted'

export function viewPath(view: View): string {
  if (view.kind === 'list') return `/lists/${view.id}`
  if (view.kind === 'tag') return `/tags/${encodeURIComponent(view.name)}`
  if (view.kind === 'search') return `/search?${new URLSearchParams({ q: view.q })}`
  if (view.kind === 'all') return '/tasks'
  return view.kind === 'subtasks' ? '/inbox' : `/${view.kind}`
}

const PLAIN = ['today', 'upcoming', 'inbox', 'done', 'trash'] as const

/** The view an address names, or null. */
export function viewAt(path: string, search: string): View | null {
  const [, first = '', second, more] = path.split('/')
  if (more !== undefined) return null
  if (first === 'lists' && second) return { kind: 'list', id: second }
  if (first === 'tags' && second) return readTag(second)
  if (second !== undefined) return null
  if (first === 'search') return { kind: 'search', q: new URLSearchParams(search).get('q') ?? '' }
  const kind = PLAIN.find(name => name === first)
  return kind ? { kind } : null
}

function readTag(part: string): View | null {
  try {
    return { kind: 'tag', name: decodeURIComponent(part) }
  } catch {
    return null
  }
}

export function sortOf({ kind }: View): Sort {
  if (kind === 'inbox' || kind === 'list' || kind === 'subtasks') return 'position'
  if (kind === 'today' || kind === 'upcoming' || kind === 'tag') return 'due'
  if (kind === 'done') return 'completed'
  return kind === 'trash' ? 'deleted' : 'newest'
}

export const isManual = (view: View) => view.kind === 'inbox' || view.kind === 'list'

/** The query of the first page, `?` included. A backend with the core alone knows none of it. */
export function viewQuery(view: View, today: string, limit = 100): string {
  if (view.kind === 'all') return `?limit=${limit}`
  const query = new URLSearchParams(filtersOf(view, today))
  query.set('sort', sortOf(view))
  query.set('limit', String(limit))
  return `?${query}`
}

function filtersOf(view: View, today: string): Record<string, string> {
  const open = { completed: 'false' }
  if (view.kind === 'today') return { ...open, due_before: addDays(today, 1) }
  if (view.kind === 'upcoming') return { ...open, due_after: today }
  if (view.kind === 'inbox') return { ...open, list: 'inbox', parent: 'none' }
  if (view.kind === 'list') return { ...open, list: view.id, parent: 'none' }
  if (view.kind === 'tag') return { ...open, tag: view.name }
  if (view.kind === 'done') return { completed: 'true', parent: 'none' }
  if (view.kind === 'trash') return { trash: 'true' }
  if (view.kind === 'search') return { q: view.q }
  return view.kind === 'subtasks' ? { parent: view.parent } : {}
}

/** Whether a task is in a view, as the server would say. Null where only the server can (search). */
export function belongs(task: Task, view: View, today: string): boolean | null {
  if ((task.deleted_at !== null) !== (view.kind === 'trash')) return false
  const date = task.due && dateOf(task.due)
  if (view.kind === 'today') return !task.completed && date !== null && date <= today
  if (view.kind === 'upcoming') return !task.completed && date !== null && date > today
  if (view.kind === 'inbox') return !task.completed && task.list === null && task.parent === null
  if (view.kind === 'list') return !task.completed && task.list === view.id && task.parent === null
  if (view.kind === 'tag') return !task.completed && task.tags.some(tag => isSameTag(tag, view.name))
  if (view.kind === 'done') return task.completed && task.parent === null
  if (view.kind === 'subtasks') return task.parent === view.parent
  return view.kind === 'search' ? null : true
}

/** What a task gets by being added in a view. */
export function defaultsIn(view: View, today: string): Partial<NewTask> {
  if (view.kind === 'today') return { due: today }
  if (view.kind === 'upcoming') return { due: addDays(today, 1) }
  if (view.kind === 'list') return { list: view.id }
  if (view.kind === 'tag') return { tags: [view.name] }
  return view.kind === 'subtasks' ? { parent: view.parent } : {}
}
