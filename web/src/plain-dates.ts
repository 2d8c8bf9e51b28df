/** Calendar dates as ISO strings ("2026-11-24"): a date alone is never a moment, so no time zone can move it. */

export type PlainDate = string

const DAY = 86_400_000

export function isPlainDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const milliseconds = Date.parse(`${text}T00:00Z`)
  return !Number.isNaN(milliseconds) && fromDays(milliseconds / DAY) === text
}

export function addDays(date: PlainDate, days: number): PlainDate {
  return fromDays(daysOf(date) + days)
}

export function daysBetween(from: PlainDate, to: PlainDate): number {
  return daysOf(to) - daysOf(from)
}

/** Date and time ("09:30") on the wall, in the browser's zone. */
export function wallClock(moment: Date): { date: PlainDate; time: string } {
  const date = `${pad(moment.getFullYear(), 4)}-${pad(moment.getMonth() + 1, 2)}-${pad(moment.getDate(), 2)}`
  return { date, time: `${pad(moment.getHours(), 2)}:${pad(moment.getMinutes(), 2)}` }
}

/** For Intl: a moment that shows this date (and time) when formatted with `timeZone: 'UTC'`. */
export function inUtc(date: PlainDate, time = '00:00'): Date {
  return new Date(`${date}T${time}Z`)
}

export function daysOf(date: PlainDate): number {
  return Date.parse(`${date}T00:00Z`) / DAY
}

function fromDays(days: number): PlainDate {
  return new Date(days * DAY).toISOString().slice(0, 10)
}

export function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
