/** "tomorrow", "next monday", "24 nov", "24/11", "in 3 weeks", "end of month": which day is meant. */
import {
  addMonths,
  FRIDAY,
  lastOfMonth,
  MONDAY,
  nextWeekday,
  partsOf,
  plainDate,
  SATURDAY,
  startOfWeek,
  weekdayOf,
} from '../../calendar.ts'
import { addDays, isPlainDate, type PlainDate } from '../../plain-dates.ts'
import {
  countWords,
  DAY_NUMBER,
  firstOf,
  MONTH,
  monthNamed,
  NUMBER,
  numberNamed,
  ORDINAL_DAY,
  type Rule,
  rule,
  WEEKDAY,
  weekdayNamed,
} from './fragments.ts'

export interface Now {
  today: PlainDate
  /** "14:30" on the wall */
  time: string
  /** Whether 3/4 is 3 April. */
  dayFirst: boolean
  /** 1 is Monday. */
  firstWeekday: number
}

export interface DayPhrase {
  date: PlainDate
  time?: string
  /** Also an ordinary word: it counts only where no ordinary word follows ("sun cream"). */
  weak?: 'anywhere' | 'not-first'
}

const PARTS: Record<string, string> = {
  morning: '09:00',
  afternoon: '14:00',
  evening: '18:00',
  night: '20:00',
}
const YEAR = '(?<year>20\\d\\d)'

const weekdayIs = (date: PlainDate | undefined, weekday: string | undefined) =>
  date && (!weekday || weekdayOf(date) === weekdayNamed(weekday)) ? { date } : undefined

/** That day of that month: of the year said, or the next time there is one. */
function dayOfYear(now: Now, month: number, day: number, year?: string): PlainDate | undefined {
  if (year) return plainDate(fullYear(year), month, day)
  const thisYear = partsOf(now.today).year
  // Eight years: from 2096 on, 29 February is that far away.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = plainDate(thisYear + ahead, month, day)
    if (date && date >= now.today) return date
  }
}

const fullYear = (year: string) => Number(year.length === 2 ? `20${year}` : year)

function dayOfMonth(now: Now, day: number): PlainDate | undefined {
  for (let ahead = 0; ahead <= 2; ahead++) {
    const { year, month } = partsOf(addMonths(now.today.slice(0, 8).concat('01'), ahead))
    const date = plainDate(year, month, day)
    if (date && date >= now.today) return date
  }
}

function after(now: Now, count: number, unit: string): DayPhrase {
  if (unit.startsWith('h')) return later(now, count * 60)
  if (unit.startsWith('min')) return later(now, count)
  if (unit === 'day') return { date: addDays(now.today, count) }
  if (unit === 'week') return { date: addDays(now.today, count * 7) }
  return { date: addMonths(now.today, unit === 'year' ? count * 12 : count) }
}

function later({ today, time }: Now, minutes: number): DayPhrase {
  const total = Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + minutes
  const clock = new Date((total % 1440) * 60_000).toISOString().slice(11, 16)
  return { date: addDays(today, Math.floor(total / 1440)), time: clock }
}

function nextUnit({ today }: Now, unit: string): PlainDate {
  if (unit === 'week') return nextWeekday(today, MONDAY)
  if (unit === 'month') return addMonths(`${today.slice(0, 8)}01`, 1)
  return `${String(partsOf(today).year + 1).padStart(4, '0')}-01-01`
}

function endOf(now: Now, unit: string, isNext: boolean): PlainDate | undefined {
  const { year } = partsOf(now.today)
  if (unit === 'week') {
    const dayBefore = isNext ? nextWeekday(now.today, MONDAY) : addDays(now.today, -1)
    return nextWeekday(dayBefore, FRIDAY)
  }
  if (unit === 'month') return lastOfMonth(isNext ? nextUnit(now, 'month') : now.today)
  if (unit === 'year') return plainDate(year + (isNext ? 1 : 0), 12, 31)
  const first = dayOfYear({ ...now, today: `${now.today.slice(0, 8)}01` }, monthNamed(unit), 1)
  return first && lastOfMonth(first)
}

function weekend({ today }: Now): PlainDate {
  return weekdayOf(today) >= SATURDAY ? today : nextWeekday(today, SATURDAY)
}

/** The weekday in the next calendar week. */
function inNextWeek({ today, firstWeekday }: Now, weekday: number): PlainDate {
  return nextWeekday(addDays(startOfWeek(today, firstWeekday), 6), weekday)
}

function slashed(now: Now, first: number, second: number, year?: string): PlainDate | undefined {
  const [day, month] = now.dayFirst ? [first, second] : [second, first]
  // What cannot be read in the order of the place can only be meant in the other one.
  return dayOfYear(now, month, day, year) ?? dayOfYear(now, day, month, year)
}

const isAbbreviated = (weekday: string) => !weekday.endsWith('day')
const weakWeekday = (name: string) =>
  isAbbreviated(name) ? { weak: name === 'sun' ? ('anywhere' as const) : ('not-first' as const) } : {}

const rules: Rule<Now, DayPhrase>[] = [
  rule('today|eod', (_, { today }) => ({ date: today })),
  rule('tod', (_, { today }) => ({ date: today, weak: 'anywhere' })),
  rule('tonight', (_, { today }) => ({ date: today, time: PARTS.night })),
  rule('this (?<part>morning|afternoon|evening)', ({ part }, { today }) => ({
    date: today,
    time: PARTS[part!],
  })),
  rule('(?:the )?day after tomorrow', (_, { today }) => ({ date: addDays(today, 2) })),
  rule('tomorrow|tmrw?|tmw', (_, { today }) => ({ date: addDays(today, 1) })),
  rule(
    `(?:(?<weekday>${WEEKDAY}) )?(?:the )?(?<day>${DAY_NUMBER}) (?:of )?(?<month>${MONTH})(?: ${YEAR})?`,
    ({ weekday, day, month, year }, now) =>
      weekdayIs(dayOfYear(now, monthNamed(month!), Number.parseInt(day!, 10), year), weekday),
  ),
  rule(
    `(?:(?<weekday>${WEEKDAY}) )?(?<month>${MONTH}) (?:the )?(?<day>${DAY_NUMBER})(?: ${YEAR})?`,
    ({ weekday, day, month, year }, now) =>
      weekdayIs(dayOfYear(now, monthNamed(month!), Number.parseInt(day!, 10), year), weekday),
  ),
  rule(
    `(?:(?<weekday>${WEEKDAY}) )?(?<date>\\d{4}-\\d\\d-\\d\\d)(?:t(?<time>(?:[01]\\d|2[0-3]):[0-5]\\d))?`,
    ({ weekday, date, time }) => {
      const found = isPlainDate(date!) ? weekdayIs(date, weekday) : undefined
      return found && { ...found, ...(time && { time }) }
    },
  ),
  rule(
    `(?:(?<weekday>${WEEKDAY}) )?(?<first>\\d{1,2})/(?<second>\\d{1,2})(?<years>/(?<year>20\\d\\d|\\d\\d))?`,
    ({ weekday, first, second, years, year }, now) => {
      // Around the clock, not the 24th of July.
      if (first === '24' && second === '7' && !years) return undefined
      const found = weekdayIs(slashed(now, Number(first), Number(second), year), weekday)
      return found && { ...found, ...(!years && { weak: 'not-first' as const }) }
    },
  ),
  rule(
    `(?:(?<weekday>${WEEKDAY}) )?(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?<year>20\\d\\d)?`,
    ({ weekday, day, month, year }, now) =>
      weekdayIs(dayOfYear(now, Number(month), Number(day), year), weekday),
  ),
  rule(`next (?<weekday>${WEEKDAY})`, ({ weekday }, now) => ({
    date: inNextWeek(now, weekdayNamed(weekday!)),
  })),
  rule(`(?:this|coming) (?<weekday>${WEEKDAY})`, ({ weekday }, { today }) => ({
    date: nextWeekday(today, weekdayNamed(weekday!)),
  })),
  rule(`(?<weekday>${WEEKDAY})`, ({ weekday }, { today }) => ({
    date: nextWeekday(today, weekdayNamed(weekday!)),
    ...weakWeekday(weekday!),
  })),
  rule('next weekend', (_, now) => ({ date: inNextWeek(now, SATURDAY) })),
  rule('this weekend', (_, now) => ({ date: weekend(now) })),
  rule('weekend', (_, now) => ({ date: weekend(now), weak: 'anywhere' })),
  rule('next (?<unit>week|month|year)', ({ unit }, now) => ({ date: nextUnit(now, unit!) })),
  rule(`(?:the )?end of (?:the |this )?(?<unit>week|month|year|${MONTH})`, ({ unit }, now) =>
    weekdayIs(endOf(now, unit!, false), undefined),
  ),
  rule('(?:the )?end of next (?<unit>week|month|year)', ({ unit }, now) =>
    weekdayIs(endOf(now, unit!, true), undefined),
  ),
  rule('eo(?<unit>[wmy])', ({ unit }, now) =>
    weekdayIs(endOf(now, { w: 'week', m: 'month', y: 'year' }[unit!]!, false), undefined),
  ),
  rule(
    `in (?<count>an?|${NUMBER}) (?<unit>day|week|month|year|hour|hr|h|minute|min)s?|` +
      `(?<ahead>an?|${NUMBER}) (?<units>day|week|month|year|hour|minute)s? from now`,
    ({ count, unit, ahead, units }, now) => after(now, numberNamed(count ?? ahead!), unit ?? units!),
  ),
  rule(`the (?<day>${ORDINAL_DAY})`, ({ day }, now) => {
    const date = dayOfMonth(now, Number.parseInt(day!, 10))
    return date ? { date, weak: 'anywhere' } : undefined
  }),
]

/** Words that say that a day follows; after them even a weak phrase is meant. */
const before = /^(?:due (?:on |by )?|by |on |starting (?:on )?)/

export function readDay(phrase: string, now: Now): (DayPhrase & { count: number }) | undefined {
  const preposition = before.exec(phrase)?.[0] ?? ''
  const found = firstOf(rules, phrase.slice(preposition.length), now)
  if (!found) return undefined
  const { weak, ...day } = found
  const strength = weak && !preposition ? { weak } : {}
  const counted = { ...day, ...strength, count: day.count + countWords(preposition) - 1 }
  return withPartOfDay(counted, phrase)
}

/** "tomorrow morning", "friday in the evening". */
function withPartOfDay<Day extends DayPhrase & { count: number }>(day: Day, phrase: string): Day {
  const rest = phrase.split(' ').slice(day.count).join(' ')
  const part = /^(?:in the )?(morning|afternoon|evening|night)(?= |$)/.exec(rest)
  if (!part || day.time) return day
  const { weak: _, ...strong } = day
  return { ...strong, time: PARTS[part[1]!], count: day.count + countWords(part[0]) } as Day
}
