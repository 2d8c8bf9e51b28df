/** "at 9", "9:30 pm", "14:30", "noon": which time of the day is meant. */
import { firstOf, type Rule, rule } from './fragments.ts'

export interface TimePhrase {
  /** "14:30" */
  time: string
  /** Also ordinary words: they count only where no ordinary word follows ("look at 3 houses"). */
  weak?: 'anywhere' | 'not-first'
}

const HOUR_24 = '(?<hour>[01]?\\d|2[0-3])'
const HOUR_12 = '(?<hour>0?[1-9]|1[0-2])'
const MINUTE = '(?<minute>[0-5]\\d)'
const AT = '(?:at |by |@ ?)'

const clock = (hour: number, minute = '00') => `${String(hour).padStart(2, '0')}:${minute}`

function halfDay(hour: string, half: string): number {
  return (Number(hour) % 12) + (half.startsWith('p') ? 12 : 0)
}

const rules: Rule<unknown, TimePhrase>[] = [
  // "9 am Bahnhof": in German, "am" is a word like any other.
  rule(`${HOUR_12} am`, ({ hour }) => ({ time: clock(halfDay(hour!, 'am')), weak: 'not-first' })),
  rule(`${AT}?${HOUR_12}(?:[:.]${MINUTE})? ?(?<half>am|pm|a\\.m\\.|p\\.m\\.)`, ({ hour, minute, half }) => ({
    time: clock(halfDay(hour!, half!), minute),
  })),
  rule(`${AT}?${HOUR_24}:${MINUTE}`, ({ hour, minute }) => ({ time: clock(Number(hour), minute) })),
  rule(`${AT}${HOUR_24}\\.${MINUTE}`, ({ hour, minute }) => ({ time: clock(Number(hour), minute) })),
  rule(`${AT}?${HOUR_12} o[’']?clock`, ({ hour }) => ({ time: clock(wakingHour(hour!)) })),
  rule(`(?:at |@ ?)${HOUR_24}`, ({ hour }) => ({ time: clock(wakingHour(hour!)), weak: 'not-first' })),
  rule(`(?<at>${AT})?(?<name>noon|midday|midnight)`, ({ at, name }) => ({
    time: name === 'midnight' ? '00:00' : '12:00',
    ...(!at && { weak: 'anywhere' as const }),
  })),
]

/** An hour alone, without am or pm: nobody means three at night by "at 3". */
function wakingHour(hour: string): number {
  const number = Number(hour)
  return number >= 1 && number <= 6 && !hour.startsWith('0') ? number + 12 : number
}

export function readTime(phrase: string): (TimePhrase & { count: number }) | undefined {
  return firstOf(rules, phrase, undefined)
}
