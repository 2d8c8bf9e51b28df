import { Repeat } from 'lucide-react'
import { partsOf, weekdayOf } from '../../calendar.ts'
import type { PlainDate } from '../../plain-dates.ts'
import { type Repetition, writeRule } from '../quick-add/recurrence.ts'
import { recurrenceWords } from '../quick-add/recurrence-words.ts'
import type { Recurrence } from '../task.ts'
import { dateTexts as texts } from './date-texts.ts'

type Props = {
  recurrence: Recurrence | null
  /** The choices are made from it: "every month on the 24th". */
  date: PlainDate
  onChange(recurrence: Recurrence | null): void
}

/** The usual repetitions; what is set now is among them, whatever it is. Others can be typed. */
export function RepeatField({ recurrence, date, onChange }: Props) {
  const from = recurrence?.from ?? 'schedule'
  const rules = new Set([...(recurrence ? [recurrence.rule] : []), ...choicesFor(date).map(writeRule)])
  return (
    <>
      <div className="date-row">
        <Repeat size={17} aria-hidden="true" />
        <select
          className="input date-control min-w-0 flex-1"
          aria-label={texts.repeat}
          value={recurrence?.rule ?? ''}
          onChange={event => onChange(event.target.value ? { rule: event.target.value, from } : null)}
        >
          <option value="">{texts.never}</option>
          {[...rules].map(rule => (
            <option key={rule} value={rule}>
              {recurrenceWords({ rule, from: 'schedule' })}
            </option>
          ))}
        </select>
      </div>
      {recurrence && (
        <label className="date-row ps-8">
          <input
            type="checkbox"
            className="switch"
            checked={from === 'completion'}
            onChange={event =>
              onChange({ ...recurrence, from: event.target.checked ? 'completion' : 'schedule' })
            }
          />
          {texts.fromCompletion}
        </label>
      )}
    </>
  )
}

/** From often to seldom. */
export function choicesFor(date: PlainDate): Repetition[] {
  const { month, day } = partsOf(date)
  const weekdays = [weekdayOf(date)]
  return [
    { unit: 'day', every: 1 },
    { unit: 'week', every: 1, weekdays: [1, 2, 3, 4, 5] },
    { unit: 'week', every: 1, weekdays },
    { unit: 'week', every: 2, weekdays },
    { unit: 'month', every: 1, days: [day] },
    { unit: 'month', every: 1, nth: { position: -1, weekday: 'workday' } },
    { unit: 'year', every: 1, month, days: [day] },
  ]
}
