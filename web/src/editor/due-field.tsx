import { useId } from 'react'
import { dateOf, onDate } from '../tasks/due.ts'
import type { Content } from './content.ts'
import { editorTexts } from './editor-texts.ts'

type Props = Pick<Content, 'due'> & { onChange(change: Partial<Pick<Content, 'due' | 'recurrence'>>): void }

export function DueField({ due, onChange }: Props) {
  const id = useId()
  return (
    <div className="grid min-w-0 content-start gap-1.5">
      <label htmlFor={id} className="font-medium">
        {editorTexts.due}
      </label>
      <input
        id={id}
        type="date"
        className="input"
        value={due ? dateOf(due) : ''}
        onChange={event => {
          const date = event.target.value
          // A repetition needs a date to count from.
          onChange(date ? { due: onDate(due, date) } : { due: null, recurrence: null })
        }}
      />
    </div>
  )
}
