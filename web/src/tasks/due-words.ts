/** When a task is due, in the reader's words: "Tomorrow", "Wed 25 Nov, 14:30", "24 Nov 2027". */
import { byLocale } from '../messages.ts'
import { daysBetween, inUtc, type PlainDate } from '../plain-dates.ts'
import { dateOf, timeOf } from './due.ts'
import { dueTexts as texts } from './due-texts.ts'

export function dueWords(due: string, today: PlainDate): string {
  const day = dayWords(dateOf(due), today)
  const clock = timeOf(due)
  if (!clock) return day
  const time = times().format(inUtc('2000-01-01', clock))
  const zone = zoneOf(due)
  return zone && zone !== ownZone()
    ? texts.atTimeIn({ day, time, zone: cityOf(zone) })
    : texts.atTime({ day, time })
}

export function dayWords(date: PlainDate, today: PlainDate): string {
  const ahead = daysBetween(today, date)
  if (ahead === 0) return texts.today
  if (ahead === 1) return texts.tomorrow
  if (ahead === -1) return texts.yesterday
  const format = date.slice(0, 4) === today.slice(0, 4) || Math.abs(ahead) < 60 ? thisYear : anyYear
  return format().format(inUtc(date))
}

/** Null for a date alone. */
export function zoneOf(due: string): string | null {
  return /\[(.+)\]$/.exec(due)?.[1] ?? null
}

export const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

const cityOf = (zone: string) => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')

const utc = { timeZone: 'UTC' } as const
const thisYear = byLocale(
  locale => new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', ...utc }),
)
const anyYear = byLocale(
  locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', ...utc }),
)
const times = byLocale(
  locale => new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', ...utc }),
)
