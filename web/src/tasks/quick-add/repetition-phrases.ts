/** "every 2 weeks on tue", "every last workday of the month", "after 3 days": phrases into repetitions and back. */
import {
  DAY_NUMBER,
  firstOf,
  MONTH,
  monthNamed,
  monthNames,
  NUMBER,
  numberNamed,
  ORDINAL_DAY,
  ordinalNamed,
  ordinalNames,
  type Rule,
  rule,
  WEEKDAY,
  weekdayNamed,
  weekdayNames,
} from './fragments.ts'
import { inOrder, type Recurrence, type Repetition, readRule } from './recurrence.ts'

export interface RepetitionPhrase {
  repetition: Repetition
  from: Recurrence['from']
  time?: string
  /** "weekly" is an ordinary word too: it counts only where no ordinary word follows. */
  weak?: 'anywhere'
}

const WORKING_DAYS = [1, 2, 3, 4, 5]
const AND = '(?: and| &|)'
const WEEKDAY_LIST = `${WEEKDAY}(?:${AND} ${WEEKDAY})*`
const MONTH_DAY = `(?:the )?(?:${ORDINAL_DAY}|last day)`
const DAY_LIST = `${MONTH_DAY}(?:${AND} ${MONTH_DAY})*`
const ORDINAL = '(?:first|second|third|fourth|last|1st|2nd|3rd|4th)'
const MONTHLY_DAY = `(?:the )?(?<position>${ORDINAL}) (?<name>${WEEKDAY}|day|workday|weekday)`
const INTERVAL = `(?:(?<other>other|second|third|fourth|2nd|3rd|4th)|(?<count>${NUMBER}))`
const YEARLY_DAY =
  `(?:the )?(?<dayFirst>${DAY_NUMBER}) (?:of )?(?<monthLast>${MONTH})|` +
  `(?<monthFirst>${MONTH}) (?:the )?(?<dayLast>${DAY_NUMBER})`

type Groups = Record<string, string | undefined>
type Found = { repetition: Repetition; time?: string }

const weekly = (weekdays: number[], every = 1): Repetition => ({
  unit: 'week',
  every,
  weekdays: inOrder(weekdays),
})
const interval = ({ other, count }: Groups) =>
  other ? (other === 'other' ? 2 : ordinalNamed(other)) : count ? numberNamed(count) : 1
const weekdaysIn = (text: string) => text.match(new RegExp(`\\b${WEEKDAY}\\b`, 'g'))!.map(weekdayNamed)
const daysIn = (text: string) => text.match(/\d+|last/g)!.map(day => (day === 'last' ? -1 : Number(day)))

function monthly(every: number, { position, name }: Groups): Repetition | undefined {
  const number = ordinalNamed(position!)
  if (name === 'day') return { unit: 'month', every, days: [number] }
  const weekday = name === 'workday' || name === 'weekday' ? 'workday' : weekdayNamed(name!)
  return { unit: 'month', every, nth: { position: number, weekday } }
}

function yearly(every: number, groups: Groups): Found | undefined {
  const day = Number.parseInt((groups.dayFirst ?? groups.dayLast)!, 10)
  const month = monthNamed((groups.monthLast ?? groups.monthFirst)!)
  const isReal = day <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
  return isReal ? { repetition: { unit: 'year', every, month, days: [day] } } : undefined
}

const found = (repetition: Repetition | undefined) => repetition && { repetition }

/** What follows "every". The longer phrases come first. */
const rules: Rule<unknown, Found>[] = [
  rule(`(?:${INTERVAL} )?weeks? (?:on )?(?<list>${WEEKDAY_LIST})`, groups =>
    found(weekly(weekdaysIn(groups.list!), interval(groups))),
  ),
  rule(`(?:${INTERVAL} )?months? (?:on )?${MONTHLY_DAY}`, groups => found(monthly(interval(groups), groups))),
  rule(
    `(?:${INTERVAL} )?months? (?:on )?(?:day )?(?<list>${DAY_LIST}|(?<=day )(?:[12]\\d|3[01]|[1-9]))`,
    groups => found({ unit: 'month', every: interval(groups), days: inOrder(daysIn(groups.list!)) }),
  ),
  rule(`(?:${INTERVAL} )?years? (?:on )?(?:${YEARLY_DAY})`, groups => yearly(interval(groups), groups)),
  rule(`${YEARLY_DAY}`, groups => yearly(1, groups)),
  rule(`${MONTHLY_DAY} (?:of|in) (?:the|each|every) month`, groups => found(monthly(1, groups))),
  rule(`(?:the )?(?<position>first|last|1st) (?<name>${WEEKDAY}|day|workday|weekday)`, groups =>
    found(monthly(1, groups)),
  ),
  rule(`(?<other>other|second|third|fourth|2nd|3rd|4th) (?<list>${WEEKDAY_LIST})`, groups =>
    found(weekly(weekdaysIn(groups.list!), interval(groups))),
  ),
  rule(`(?<list>${DAY_LIST})(?: (?:of|in) (?:the|each|every) month)?`, ({ list }) =>
    found({ unit: 'month', every: 1, days: inOrder(daysIn(list!)) }),
  ),
  rule('weekdays?|workdays?|mon(?:day)?(?:-| to )fri(?:day)?', () => found(weekly(WORKING_DAYS))),
  rule('weekends?', () => found(weekly([6]))),
  rule(`(?<list>${WEEKDAY_LIST})`, ({ list }) => found(weekly(weekdaysIn(list!)))),
  rule('(?<part>morning|afternoon|evening|night)', ({ part }) => ({
    repetition: { unit: 'day', every: 1 },
    time: { morning: '09:00', afternoon: '14:00', evening: '18:00', night: '20:00' }[part!]!,
  })),
  rule('quarter', () => found({ unit: 'month', every: 3 })),
  rule(`(?:${INTERVAL} )?(?<unit>day|week|month|year)s?`, groups =>
    found({ unit: groups.unit as Repetition['unit'], every: interval(groups) }),
  ),
]

const single: Rule<unknown, Found>[] = [
  rule('daily', () => found({ unit: 'day', every: 1 })),
  rule('weekly', () => found({ unit: 'week', every: 1 })),
  rule('monthly', () => found({ unit: 'month', every: 1 })),
  rule('yearly|annually', () => found({ unit: 'year', every: 1 })),
]

const completion: Rule<unknown, Found>[] = [
  rule(`(?<count>${NUMBER}) (?<unit>day|week|month|year)s?`, ({ count, unit }) =>
    found({ unit: unit as Repetition['unit'], every: numberNamed(count!) }),
  ),
]

export function readRepetition(phrase: string): (RepetitionPhrase & { count: number }) | undefined {
  const [word = '', ...others] = phrase.split(' ')
  const rest = others.join(' ')
  if (word === 'every' || word === 'every!') {
    const from = word === 'every' ? 'schedule' : 'completion'
    return counted(firstOf(rules, rest, undefined), from)
  }
  if (word === 'after') return counted(firstOf(completion, rest, undefined), 'completion')
  const alone = firstOf(single, phrase, undefined)
  return alone && { ...alone, from: 'schedule', weak: 'anywhere' }
}

function counted(found: (Found & { count: number }) | undefined, from: Recurrence['from']) {
  return found && { ...found, from, count: found.count + 1 }
}

/** The grammar's own words for a recurrence; undefined for a rule the grammar has no words for. */
export function phraseOf({ rule, from }: Recurrence): string | undefined {
  const repetition = readRule(rule)
  return repetition && `${from === 'completion' ? 'every!' : 'every'} ${wordsFor(repetition)}`
}

function wordsFor({ unit, every, weekdays, days, nth, month }: Repetition): string {
  const period = every === 1 ? unit : `${every} ${unit}s`
  if (weekdays) {
    const names = weekdays.map(weekday => weekdayNames[weekday - 1])
    if (every === 1) return weekdays.join() === WORKING_DAYS.join() ? 'weekday' : names.join(' and ')
    return `${period} on ${names.join(' and ')}`
  }
  if (month) return `${period} on ${days![0]} ${monthNames[month - 1]}`
  if (nth) return `${period} on the ${ordinalName(nth.position)} ${nameOfNth(nth.weekday)}`
  if (!days) return period
  const dates = days.map(day => (day < 0 ? 'last day' : ordinal(day)))
  return `${period} on the ${dates.join(' and ')}`
}

const nameOfNth = (weekday: number | 'workday') =>
  weekday === 'workday' ? weekday : weekdayNames[weekday - 1]!
const ordinalName = (position: number) => (position < 0 ? 'last' : ordinalNames[position - 1]!)

function ordinal(day: number): string {
  const suffix = new Intl.PluralRules('en', { type: 'ordinal' }).select(day)
  return `${day}${{ one: 'st', two: 'nd', few: 'rd' }[suffix as string] ?? 'th'}`
}
