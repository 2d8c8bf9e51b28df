/** What an editor changes of a task, compared with what it began from. */
import type { Task, TaskChange } from '../tasks/task.ts'

export const FIELDS = ['title', 'description', 'due', 'recurrence', 'priority', 'list', 'tags'] as const
export type Field = (typeof FIELDS)[number]
export type Content = Pick<Task, Field>

export function contentOf(task: Content): Content {
  const { title, description, due, recurrence, priority, list, tags } = task
  return { title, description, due, recurrence, priority, list, tags }
}

/** As the server would store it, so that white space alone is no change. */
export function tidy(content: Content): Content {
  const { title, description } = content
  return { ...content, title: title.trim(), description: description?.trim() || null }
}

/** Tags are a set that is written without regard to case; everything else is what it says. */
export function isSame(field: Field, a: Content, b: Content): boolean {
  if (field === 'tags') return tagKey(a.tags) === tagKey(b.tags)
  if (field === 'recurrence') return recurrenceKey(a.recurrence) === recurrenceKey(b.recurrence)
  return a[field] === b[field]
}

export function changedFields(before: Content, after: Content): Field[] {
  return FIELDS.filter(field => !isSame(field, before, after))
}

export function pick(content: Content, fields: readonly Field[]): TaskChange {
  return Object.fromEntries(fields.map(field => [field, content[field]]))
}

/** The members that differ, ready to be sent. */
export function changeBetween(before: Content, after: Content): TaskChange {
  return pick(after, changedFields(before, after))
}

const tagKey = (tags: readonly string[]) => JSON.stringify(tags.map(tag => tag.toLowerCase()).toSorted())
const recurrenceKey = (recurrence: Content['recurrence']) =>
  recurrence && `${recurrence.from} ${recurrence.rule}`
