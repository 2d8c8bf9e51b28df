import type { Fault } from '../components/error-summary.tsx'
import { LONGEST_DESCRIPTION, LONGEST_TITLE } from '../tasks/task.ts'
import { tidy } from './content.ts'
import type { Draft } from './draft.ts'
import { editorTexts } from './editor-texts.ts'

/** What is wrong before anything is sent. */
export function findFaults({ content, subtasks }: Draft): Fault[] {
  const { title, description } = tidy(content)
  const titleOver = lengthOf(title) - LONGEST_TITLE
  const descriptionOver = lengthOf(description ?? '') - LONGEST_DESCRIPTION
  const faults: Fault[] = []
  if (!title) faults.push({ fieldId: 'task-title', message: editorTexts.nameMissing })
  if (titleOver > 0) faults.push({ fieldId: 'task-title', message: editorTexts.nameTooLong(titleOver) })
  if (descriptionOver > 0)
    faults.push({ fieldId: 'task-description', message: editorTexts.descriptionTooLong(descriptionOver) })
  for (const row of subtasks?.rows ?? []) {
    if (lengthOf(row.title.trim()) > LONGEST_TITLE)
      faults.push({ message: editorTexts.subtaskTooLong({ title: shorten(row.title.trim()) }) })
  }
  return faults
}

/** In Unicode code points, as the contract counts. */
const lengthOf = (text: string) => [...text].length
const shorten = (text: string) => `${[...text].slice(0, 30).join('')}…`
