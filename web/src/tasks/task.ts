/** A task as the page knows it. A backend that offers only the core leaves the newer members out: see `fillTask`. */

import type { Color, Task } from '@latchkey/api/contract'

export type { Color, Counts, List, Recurrence, Tag, Task } from '@latchkey/api/contract'

export type Priority = Task['priority']

/** What a person can say about a task. */
export type TaskContent = Pick<
  Task,
  | 'title'
  | 'description'
  | 'completed'
  | 'due'
  | 'priority'
  | 'tags'
  | 'list'
  | 'parent'
  | 'position'
  | 'recurrence'
>
export type NewTask = Pick<Task, 'title'> & Partial<TaskContent>
export type TaskChange = Partial<TaskContent>

export const PRIORITIES = [1, 2, 3, 4] as const
export const COLORS = [
  'gray',
  'red',
  'orange',
  'amber',
  'green',
  'teal',
  'blue',
  'indigo',
  'purple',
  'pink',
] as const satisfies readonly Color[]

/** In Unicode code points, as the contract counts. */
export const LONGEST_TITLE = 200
export const LONGEST_DESCRIPTION = 10_000
export const MOST_AT_ONCE = 500

type Answered = Pick<
  Task,
  'id' | 'user_id' | 'title' | 'description' | 'completed' | 'created_at' | 'updated_at'
>

const DEFAULTS = {
  due: null,
  priority: 4,
  tags: [],
  list: null,
  parent: null,
  recurrence: null,
  completed_at: null,
  deleted_at: null,
  revision: 0,
  subtasks: { total: 0, completed: 0 },
  next: null,
} satisfies Partial<Task>

/** A task of an answer, whatever the server knows about it. */
export function fillTask(answered: Answered & Partial<Task>): Task {
  return { ...DEFAULTS, position: lastPosition(Date.parse(answered.created_at)), ...answered }
}

/** A task that only this page knows so far. */
export function draftTask(task: NewTask, id: string, userId: string, now = Date.now()): Task {
  const at = new Date(now).toISOString()
  return fillTask({
    ...{ id, user_id: userId, description: null, completed: false, created_at: at, updated_at: at },
    ...task,
  })
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The server's own default: a fractional-indexing key made of the time, so that what is newer sorts later. */
export function lastPosition(ms: number): string {
  let key = ''
  for (let rest = ms; key.length < 7; rest = Math.floor(rest / 62)) key = DIGITS[rest % 62] + key
  return `g${key}`
}

/** Tags are the same whatever their case. */
export const isSameTag = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
