/** The pieces that phrases about days, times and repetition are made of, as sources of regular expressions. */

export const WEEKDAY =
  '(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)'
export const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
export const DAY_NUMBER = '(?:[12]\\d|3[01]|0?[1-9])(?:st|nd|rd|th)?'
export const ORDINAL_DAY = '(?:[12]\\d|3[01]|[1-9])(?:st|nd|rd|th)'
export const NUMBER = '(?:[1-9]\\d{0,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)'

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const numbers = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const ordinals = ['first', 'second', 'third', 'fourth']

/** 1 is Monday. */
export const weekdayNamed = (word: string) => weekdays.indexOf(word.slice(0, 3)) + 1
export const monthNamed = (word: string) => months.indexOf(word.slice(0, 3)) + 1
export const numberNamed = (word: string) => numbers.indexOf(word) + 1 || Number.parseInt(word, 10) || 1
/** "second" and "2nd" are 2, "last" is -1. */
export const ordinalNamed = (word: string) =>
  word === 'last' ? -1 : ordinals.indexOf(word) + 1 || Number.parseInt(word, 10)

export const weekdayNames = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')
export const monthNames = months
export const ordinalNames = ordinals

type Groups = Record<string, string | undefined>

export interface Rule<Context, Found> {
  pattern: RegExp
  read(groups: Groups, context: Context): Found | undefined
}

/** A phrase from the beginning up to the end of a word. */
export function rule<Context, Found>(
  source: string,
  read: (groups: Groups, context: Context) => Found | undefined,
): Rule<Context, Found> {
  return { pattern: new RegExp(`^(?:${source})(?= |$)`), read }
}

/** The first rule that understands the beginning of the phrase, and how many words it took. */
export function firstOf<Context, Found>(
  rules: readonly Rule<Context, Found>[],
  phrase: string,
  context: Context,
): (Found & { count: number }) | undefined {
  for (const { pattern, read } of rules) {
    const match = pattern.exec(phrase)
    const found = match && read(match.groups ?? {}, context)
    if (found) return { ...found, count: countWords(match[0]) }
  }
}

export function countWords(phrase: string): number {
  return phrase.split(' ').length
}
