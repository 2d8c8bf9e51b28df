/** The members of a task in words. */

import { dueLabel } from '../dates.ts'
import { recurrenceWords } from '../tasks/quick-add/recurrence-words.ts'
import type { List } from '../tasks/task.ts'
import { currentDate } from '../today.ts'
import type { Content, Field } from './content.ts'
import { editorTexts } from './editor-texts.ts'
import { priorityName } from './priority-field.tsx'

/** Nothing where there is no value. */
export function sayValue(field: Field, content: Content, lists: readonly List[]): string {
  const { due, recurrence, list } = content
  if (field === 'title') return content.title
  if (field === 'description') return content.description ?? ''
  if (field === 'due') return due ? dueLabel(due, currentDate()) : ''
  if (field === 'recurrence') return recurrence ? recurrenceWords(recurrence) : ''
  if (field === 'priority') return priorityName(content.priority)
  if (field === 'tags') return content.tags.map(tag => `#${tag}`).join(' ')
  return list ? (lists.find(({ id }) => id === list)?.name ?? '') : editorTexts.inbox
}
