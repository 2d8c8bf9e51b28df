/** When a task is due, in words of the reader's language. */
import { byLocale } from '../messages.ts'
import { daysBetween, inUtc, type PlainDate } from '../plain-dates.ts'
import { dateOf, timeOf } from './due.ts'

const formats = byLocale(locale => {
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
  return {
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
    weekday: date({ weekday: 'long' }),
    thisYear: date({ day: 'numeric', month: 'short' }),
    anyYear: date({ day: 'numeric', month: 'short', year: 'numeric' }),
    heading: date({ weekday: 'long', day: 'numeric', month: 'long' }),
    farHeading: date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    time: date({ hour: 'numeric', minute: '2-digit' }),
    locale,
  }
})

/** "Yesterday", "Tomorrow, 18:30", "Tuesday", "24 Nov", "24 Nov 2027". */
export function dueInWords(due: string, today: PlainDate): string {
  const day = dayInWords(dateOf(due), today)
  const time = dueTime(due)
  return time ? `${day}, ${time}` : day
}

/** "18:30", or null when it is due some time that day. */
export function dueTime(due: string): string | null {
  const time = timeOf(due)
  return time && formats().time.format(inUtc('1970-01-01', time))
}

export function dayInWords(date: PlainDate, today: PlainDate): string {
  const days = daysBetween(today, date)
  const { weekday, thisYear, anyYear } = formats()
  if (Math.abs(days) <= 1) return capital(formats().relative.format(days, 'day'))
  if (days > 1 && days < 7) return weekday.format(inUtc(date))
  return (date.slice(0, 4) === today.slice(0, 4) ? thisYear : anyYear).format(inUtc(date))
}

/** "Tomorrow · Sunday 22 November": over the tasks of a day. */
export function dayAsHeading(date: PlainDate, today: PlainDate): string {
  const { heading, farHeading, relative } = formats()
  const whole = (date.slice(0, 4) === today.slice(0, 4) ? heading : farHeading).format(inUtc(date))
  const days = daysBetween(today, date)
  return Math.abs(days) <= 1 ? `${capital(relative.format(days, 'day'))} · ${whole}` : whole
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase(formats().locale) + text.slice(1)
