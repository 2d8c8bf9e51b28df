/** `due` of a task: a date, or the wall time of a zone (`2026-11-21T09:00[Europe/Berlin]`). */
import type { PlainDate } from '../plain-dates.ts'

/** The date on the wall, which is what tasks are compared by. */
export const dateOf = (due: string): PlainDate => due.slice(0, 10)

/** "09:00", or null when it is due some time that day. */
export const timeOf = (due: string): string | null => (due[10] === 'T' ? due.slice(11, 16) : null)

/** The same time of another day. */
export const onDate = (due: string | null, date: PlainDate): string => date + (due?.slice(10) ?? '')
