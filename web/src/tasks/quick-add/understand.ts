import { firstDayOfWeek } from '../../calendar-words.ts'
import { byLocale } from '../../messages.ts'
import { wallClock } from '../../plain-dates.ts'
import { ownZone } from '../../zone.ts'
import type { Line } from './line.ts'
import { type ParsedLine, parse, type Surroundings } from './parse.ts'
import type { Known } from './use-quick-add.ts'

export const understand = (line: Pick<Line, 'text' | 'literal'>, known: Known): ParsedLine =>
  parse(line.text, surroundings(known), line.literal)

/** The moment and the customs of the place where the line is read. */
export function surroundings({ lists, tags }: Known): Surroundings {
  const { date, time } = wallClock(new Date())
  return {
    today: date,
    time,
    zone: ownZone(),
    dayFirst: dayFirst(),
    firstWeekday: firstDayOfWeek(),
    lists,
    tags,
  }
}

/** English in the United States says 11/24; elsewhere the day comes first, or the year. */
const dayFirst = byLocale(locale => {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: 'UTC' }).formatToParts(0).map(part => part.type)
  return parts.indexOf('day') < parts.indexOf('month')
})
