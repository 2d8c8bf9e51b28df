/** Months and weeks, for what picks dates and reads them from words. */
import { addDays, daysOf, isPlainDate, type PlainDate, pad } from './plain-dates.ts'

export const MONDAY = 1

export const FRIDAY = 5

export const SATURDAY = 6

export const SUNDAY = 7

/** Undefined when there is no such day ("30 February"). */
export function plainDate(year: number, month: number, day: number): PlainDate | undefined {
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  return isPlainDate(date) ? date : undefined
}

export function partsOf(date: PlainDate): { year: number; month: number; day: number } {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  return { year, month, day }
}

/** The same day of a later month, or that month's last day. */
export function addMonths(date: PlainDate, months: number): PlainDate {
  const { year, month, day } = partsOf(date)
  const count = year * 12 + month - 1 + months
  const first = `${pad(Math.floor(count / 12), 4)}-${pad((count % 12) + 1, 2)}-01`
  return addDays(first, Math.min(day, daysInMonth(first)) - 1)
}

/** 1 is Monday, 7 is Sunday, as in ISO 8601. */
export function weekdayOf(date: PlainDate): number {
  // 1 January 1970 was a Thursday; the second remainder is for days before it.
  return ((((daysOf(date) + 3) % 7) + 7) % 7) + 1
}

/** The first such weekday after the date. */
export function nextWeekday(date: PlainDate, weekday: number): PlainDate {
  return addDays(date, ((weekday - weekdayOf(date) + 6) % 7) + 1)
}

export function firstOfMonth(date: PlainDate): PlainDate {
  return `${date.slice(0, 8)}01`
}

export function lastOfMonth(date: PlainDate): PlainDate {
  return addDays(firstOfMonth(date), daysInMonth(date) - 1)
}

export function daysInMonth(date: PlainDate): number {
  const { year, month } = partsOf(date)
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** The first day of the date's week, in a place whose weeks begin with that weekday. */
export function startOfWeek(date: PlainDate, firstWeekday: number): PlainDate {
  return addDays(date, -((weekdayOf(date) - firstWeekday + 7) % 7))
}
