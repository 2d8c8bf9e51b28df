/** What repeats and when: the part of RFC 5545's rules that this page can say in words, write and read. */
import { daysInMonth, partsOf, weekdayOf } from '../../calendar.ts'
import { addDays, type PlainDate } from '../../plain-dates.ts'

export interface Recurrence {
  /** An RRULE value: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU" */
  rule: string
  from: 'schedule' | 'completion'
}

/** 1 is Monday; a position or a day of -1 is the last one. */
export interface Repetition {
  unit: 'day' | 'week' | 'month' | 'year'
  every: number
  /** Of a week */
  weekdays?: number[]
  /** Of a month */
  days?: number[]
  /** "The first Monday", "the last workday" of a month */
  nth?: { position: number; weekday: number | 'workday' }
  /** Of a year, with one day */
  month?: number
}

const FREQUENCIES = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' } as const
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const WORKDAYS = 'MO,TU,WE,TH,FR'

export function writeRule({ unit, every, weekdays, days, nth, month }: Repetition): string {
  const parts: (string | false | 0 | undefined)[] = [
    `FREQ=${FREQUENCIES[unit]}`,
    every > 1 && `INTERVAL=${every}`,
    month && `BYMONTH=${month}`,
    weekdays && `BYDAY=${weekdays.map(nameOf).join(',')}`,
    days && `BYMONTHDAY=${days.join(',')}`,
    nth &&
      (nth.weekday === 'workday'
        ? `BYDAY=${WORKDAYS};BYSETPOS=${nth.position}`
        : `BYDAY=${nth.position}${nameOf(nth.weekday)}`),
  ]
  return parts.filter(Boolean).join(';')
}

const nameOf = (weekday: number) => WEEKDAYS[weekday - 1]!

/** Undefined for a rule that says more than this page can: it is shown as a custom one and left as it is. */
export function readRule(rule: string): Repetition | undefined {
  const parts = new Map(
    rule
      .replace(/^RRULE:/i, '')
      .toUpperCase()
      .split(';')
      .filter(Boolean)
      .map(pairOf),
  )
  const unit = (Object.keys(FREQUENCIES) as Repetition['unit'][]).find(
    name => FREQUENCIES[name] === parts.get('FREQ'),
  )
  const every = parts.has('INTERVAL') ? wholeNumber(parts.get('INTERVAL')!, 1, 999) : 1
  if (!unit || !every) return undefined
  const by = new Map([...parts].filter(([name]) => !['FREQ', 'INTERVAL', 'WKST'].includes(name)))
  if (by.size === 0) return { unit, every }
  // A week's first day matters only to rules that skip weeks.
  if (parts.has('WKST') && parts.get('WKST') !== 'MO' && every > 1) return undefined
  const more = readers[unit]?.(by)
  return more && { unit, every, ...more }
}

function pairOf(part: string): [string, string] {
  const at = part.indexOf('=')
  return [part.slice(0, at), part.slice(at + 1)]
}

type By = ReadonlyMap<string, string>
const has = (by: By, ...names: string[]) => by.size === names.length && names.every(name => by.has(name))

const readers: Partial<Record<Repetition['unit'], (by: By) => Partial<Repetition> | undefined>> = {
  week(by) {
    const weekdays = has(by, 'BYDAY') && list(by.get('BYDAY')!, weekdayOfCode)
    return weekdays ? { weekdays } : undefined
  },
  month(by) {
    if (has(by, 'BYMONTHDAY')) {
      const days = list(by.get('BYMONTHDAY')!, text => wholeNumber(text, 1, 31) ?? wholeNumber(text, -1, -1))
      return days && { days }
    }
    if (has(by, 'BYDAY')) return nthWeekday(by.get('BYDAY')!)
    return has(by, 'BYDAY', 'BYSETPOS') ? nthOf(by.get('BYDAY')!, by.get('BYSETPOS')!) : undefined
  },
  year(by) {
    const month = has(by, 'BYMONTH', 'BYMONTHDAY') && wholeNumber(by.get('BYMONTH')!, 1, 12)
    const day = wholeNumber(by.get('BYMONTHDAY') ?? '', 1, 31)
    return month && day ? { month, days: [day] } : undefined
  },
}

function nthWeekday(text: string): Partial<Repetition> | undefined {
  const [, position = '', code = ''] = /^\+?(-?\d)([A-Z]{2})$/.exec(text) ?? []
  return nth(position, weekdayOfCode(code))
}

function nthOf(days: string, position: string): Partial<Repetition> | undefined {
  const sorted = list(days, weekdayOfCode)
  if (sorted?.map(nameOf).join(',') === WORKDAYS) return nth(position, 'workday')
  return sorted?.length === 1 ? nth(position, sorted[0]) : undefined
}

function nth(position: string, weekday: number | 'workday' | undefined): Partial<Repetition> | undefined {
  const number = wholeNumber(position, 1, 4) ?? wholeNumber(position, -1, -1)
  return number && weekday ? { nth: { position: number, weekday } } : undefined
}

/** Sorted, each once; undefined when one is not understood. The last day comes after the others. */
function list(text: string, read: (item: string) => number | undefined): number[] | undefined {
  const numbers = text.split(',').map(read)
  if (!numbers.every(number => number !== undefined)) return undefined
  return inOrder(numbers)
}

export function inOrder(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => (a < 0 ? 99 : a) - (b < 0 ? 99 : b))
}

const weekdayOfCode = (code: string) => WEEKDAYS.indexOf(code) + 1 || undefined

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  return number >= least && number <= most ? number : undefined
}

/** The first day the rule names, on the given one or after it. */
export function firstDate(repetition: Repetition, from: PlainDate): PlainDate {
  // Nine years: 29 February can be eight years away.
  for (let ahead = 0; ahead <= 9 * 366; ahead++) {
    const date = addDays(from, ahead)
    if (isNamedBy(repetition, date)) return date
  }
  return from
}

function isNamedBy({ weekdays, days, nth, month }: Repetition, date: PlainDate): boolean {
  const { month: ofYear, day } = partsOf(date)
  if (month && month !== ofYear) return false
  if (weekdays && !weekdays.includes(weekdayOf(date))) return false
  if (days && !days.some(wanted => day === (wanted < 0 ? daysInMonth(date) : wanted))) return false
  return !nth || isNth(nth, date)
}

function isNth({ position, weekday }: NonNullable<Repetition['nth']>, date: PlainDate): boolean {
  const month = date.slice(0, 8)
  const days = Array.from({ length: daysInMonth(date) }, (_, index) => addDays(`${month}01`, index)).filter(
    other => (weekday === 'workday' ? weekdayOf(other) < 6 : weekdayOf(other) === weekday),
  )
  return days.at(position < 0 ? position : position - 1) === date
}
