/** Dates and times in words, in the page's language and by the customs of the reader's region. */

import { byLocale } from './messages.ts'
import { daysBetween, inUtc, type PlainDate, wallClock } from './plain-dates.ts'

const format = (options: Intl.DateTimeFormatOptions) =>
  byLocale(locale => new Intl.DateTimeFormat(locale, options))
/** For plain dates, which `inUtc` gives to Intl. */
export const plain = (options: Intl.DateTimeFormatOptions) => format({ ...options, timeZone: 'UTC' })

const relative = byLocale(locale => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
const whole = format({ dateStyle: 'medium', timeStyle: 'short' })
const clock = plain({ timeStyle: 'short' })
export const weekday = plain({ weekday: 'long' })
const thisYear = plain({ day: 'numeric', month: 'short' })
const anyYear = plain({ day: 'numeric', month: 'short', year: 'numeric' })
const longThisYear = plain({ weekday: 'long', day: 'numeric', month: 'long' })
const longAnyYear = plain({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const units = byLocale(locale => new Intl.ListFormat(locale, { type: 'unit', style: 'short' }))

/** The first use of Intl reads in all locales: 15 ms of a laptop, to be spent while the page waits for answers. */
export const warmUpDates = () => void longThisYear()

/** Today's date in the browser's zone. */
export const today = (now = new Date()): PlainDate => wallClock(now).date

/** "14:05" today, "yesterday", "12 Nov", "12 Nov 2025". */
export function shortMoment(iso: string, now = new Date()): string {
  const { date, time } = wallClock(new Date(iso))
  const days = daysBetween(date, today(now))
  if (days === 0) return timeWords(time)
  if (days === 1) return relative().format(-1, 'day')
  return shortDate(date, today(now))
}

/** "21 Nov 2026, 14:05". */
export function wholeMoment(iso: string): string {
  return whole().format(new Date(iso))
}

/** Within a sentence: "today", "tomorrow", "yesterday", "Tuesday" for the six days after, else "12 Nov". */
export function dayWords(date: PlainDate, now: PlainDate): string {
  const days = daysBetween(now, date)
  if (Math.abs(days) <= 1) return relative().format(days, 'day')
  if (days > 0 && days < 7) return weekday().format(inUtc(date))
  return shortDate(date, now)
}

/** The same standing alone: "Today", "Tomorrow". */
export function dayLabel(date: PlainDate, now: PlainDate): string {
  return capitalized(dayWords(date, now))
}

/** What `due` of a task says, alone: "Tomorrow", "Tomorrow, 09:30". */
export function dueLabel(due: string, now: PlainDate): string {
  const day = dayLabel(due.slice(0, 10), now)
  const time = due[10] === 'T' ? due.slice(11, 16) : null
  return time ? units().format([day, timeWords(time)]) : day
}

/** "Friday 20 November", with its year when that is another one. */
export function longDate(date: PlainDate, now: PlainDate): string {
  return (isSameYear(date, now) ? longThisYear : longAnyYear)().format(inUtc(date))
}

/** Over the tasks of a day: "Tomorrow · Sunday 22 November". */
export function dayHeading(date: PlainDate, now: PlainDate): string {
  const isNear = Math.abs(daysBetween(now, date)) <= 1
  return isNear ? `${dayLabel(date, now)} · ${longDate(date, now)}` : longDate(date, now)
}

/** "20 Nov", "20 Nov 2025". */
export function shortDate(date: PlainDate, now: PlainDate): string {
  return (isSameYear(date, now) ? thisYear : anyYear)().format(inUtc(date))
}

/** "09:30" as the reader writes it: "9:30 am". */
export function timeWords(time: string): string {
  return clock().format(inUtc('2000-01-01', time))
}

const isSameYear = (date: PlainDate, other: PlainDate) => date.slice(0, 4) === other.slice(0, 4)
const capitalized = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)
