/** The repetitions that are offered for a day; any other is kept as it is. */
import { partsOf, weekdayOf } from '../calendar.ts'
import type { PlainDate } from '../plain-dates.ts'
import { type Repetition, writeRule } from '../tasks/quick-add/recurrence.ts'
import type { Recurrence } from '../tasks/task.ts'

/** Rules, from often to seldom. */
export function repeatOptions(date: PlainDate, current: Recurrence | null): string[] {
  const { month, day } = partsOf(date)
  const weekdays = [weekdayOf(date)]
  const repetitions: Repetition[] = [
    { unit: 'day', every: 1 },
    { unit: 'week', every: 1, weekdays: [1, 2, 3, 4, 5] },
    { unit: 'week', every: 1, weekdays },
    { unit: 'week', every: 2, weekdays },
    { unit: 'month', every: 1, days: [day] },
    { unit: 'month', every: 1, nth: { position: -1, weekday: 'workday' } },
    { unit: 'year', every: 1, month, days: [day] },
  ]
  const rules = repetitions.map(writeRule)
  return current && !rules.includes(current.rule) ? [current.rule, ...rules] : rules
}
