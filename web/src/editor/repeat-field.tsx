import { useId } from 'react'
import { choicesFor } from '../tasks/date-picker/repeat-field.tsx'
import { dateOf } from '../tasks/due.ts'
import { firstDate, readRule, writeRule } from '../tasks/quick-add/recurrence.ts'
import { recurrenceWords } from '../tasks/quick-add/recurrence-words.ts'
import { currentDate } from '../today.ts'
import type { Content } from './content.ts'
import { editorTexts } from './editor-texts.ts'

type Props = Pick<Content, 'due' | 'recurrence'> & {
  onChange(change: Partial<Pick<Content, 'due' | 'recurrence'>>): void
}

/** Every repetition in words, and whether it counts from the date or from the day it was done. */
export function RepeatField({ due, recurrence, onChange }: Props) {
  const id = useId()
  const from = recurrence?.from ?? 'schedule'
  const usual = choicesFor(due ? dateOf(due) : currentDate()).map(writeRule)
  // A repetition of another kind stays among the choices.
  const rules = new Set([...(recurrence ? [recurrence.rule] : []), ...usual])
  function choose(rule: string) {
    if (!rule) return onChange({ recurrence: null })
    const repetition = readRule(rule)
    const first = repetition ? firstDate(repetition, currentDate()) : currentDate()
    onChange({ recurrence: { rule, from }, ...(due === null && { due: first }) })
  }
  return (
    <div className="grid min-w-0 grid-cols-1 gap-1.5">
      <label htmlFor={id} className="font-medium">
        {editorTexts.repeat}
      </label>
      <select
        id={id}
        className="input"
        value={recurrence?.rule ?? ''}
        onChange={event => choose(event.target.value)}
      >
        <option value="">{editorTexts.never}</option>
        {[...rules].map(rule => (
          <option key={rule} value={rule}>
            {recurrenceWords({ rule, from: 'schedule' })}
          </option>
        ))}
      </select>
      {recurrence && (
        <label className="flex min-h-11 items-center gap-2.5">
          <input
            type="checkbox"
            className="switch"
            checked={from === 'completion'}
            onChange={event =>
              onChange({
                recurrence: { ...recurrence, from: event.target.checked ? 'completion' : 'schedule' },
              })
            }
          />
          {editorTexts.fromCompletion}
        </label>
      )}
    </div>
  )
}
