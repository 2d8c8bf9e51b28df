/** What a calendar says, in the page's language and by the customs of the reader's region. */
import { MONDAY, startOfWeek } from './calendar.ts'
import { plain, weekday } from './dates.ts'
import { byLocale } from './messages.ts'
import { addDays, inUtc, type PlainDate } from './plain-dates.ts'

const shortWeekday = plain({ weekday: 'short' })
const month = plain({ month: 'long', year: 'numeric' })

/** "November 2026". */
export function monthLabel(date: PlainDate): string {
  return month().format(inUtc(date))
}

/** Some engines have the method, some the property, Firefox neither. */
type WeekAware = { getWeekInfo?(): { firstDay: number }; weekInfo?: { firstDay: number } }

const firstWeekday = byLocale(name => {
  const locale = new Intl.Locale(name) as WeekAware
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? MONDAY
})

/** The day weeks begin with in the reader's region: 1 is Monday, 7 is Sunday. */
export const firstDayOfWeek = (): number => firstWeekday()

/** The names of a calendar's columns in the reader's order. */
export function weekdayColumns(): { short: string; long: string }[] {
  const first = startOfWeek('2026-11-21', firstDayOfWeek())
  return Array.from({ length: 7 }, (_, day) => inUtc(addDays(first, day))).map(date => ({
    short: shortWeekday().format(date),
    long: weekday().format(date),
  }))
}
