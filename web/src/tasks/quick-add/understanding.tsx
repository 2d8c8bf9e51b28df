/** All that needs the grammar, in one chunk that is fetched after the list stands. */
import { firstDayOfWeek } from '../../dates.ts'
import { byLocale } from '../../messages.ts'
import { wallClock } from '../../plain-dates.ts'
import type { Line } from './line.ts'
import { type ParsedLine, parse, type Surroundings } from './parse.ts'
import type { Known } from './use-quick-add.ts'

export { Assist, type AssistHandle, type AssistState } from './assist.tsx'
export { Chips } from './chips.tsx'
export { makeLists } from './make-lists.ts'
export { Marks } from './marks-layer.tsx'

export const understand = (line: Pick<Line, 'text' | 'literal'>, known: Known): ParsedLine =>
  parse(line.text, surroundings(known), line.literal)

/** The moment and the customs of the place where the line is read. */
export function surroundings({ lists, tags }: Known): Surroundings {
  const { date, time } = wallClock(new Date())
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return { today: date, time, zone, dayFirst: dayFirst(), firstWeekday: firstDayOfWeek(), lists, tags }
}

/** English in the United States says 11/24; elsewhere the day comes first, or the year. */
const dayFirst = byLocale(locale => {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: 'UTC' }).formatToParts(0).map(part => part.type)
  return parts.indexOf('day') < parts.indexOf('month')
})
