/** A recurrence in the language of the page: "Every 2 weeks on Tuesday". */

import { plainDate } from '../../calendar.ts'
import { byLocale } from '../../messages.ts'
import { addDays, inUtc } from '../../plain-dates.ts'
import { type Recurrence, type Repetition, readRule } from './recurrence.ts'
import { recurrenceTexts as texts } from './recurrence-texts.ts'

export function recurrenceWords({ rule, from }: Recurrence): string {
  const repetition = readRule(rule)
  if (!repetition) return texts.custom
  if (from === 'schedule') return wordsFor(repetition)
  const { unit, every, ...more } = repetition
  if (Object.keys(more).length > 0) return texts.fromCompletion({ repetition: wordsFor(repetition) })
  return { day: texts.afterDays, week: texts.afterWeeks, month: texts.afterMonths, year: texts.afterYears }[
    unit
  ](every)
}

function wordsFor({ unit, every, weekdays, days, nth, month }: Repetition): string {
  if (weekdays?.join() === '1,2,3,4,5' && every === 1) return texts.workdays
  if (weekdays) return texts.weeklyOn(every, { days: listed(weekdays.map(weekdayName)) })
  if (month)
    return texts.yearlyOn(every, { date: dayAndMonth().format(inUtc(plainDate(2028, month, days![0]!)!)) })
  if (nth) return onNth(every, nth)
  if (days?.join() === '-1') return texts.monthlyOn(every, { days: texts.lastDay })
  if (days) return texts.monthlyOn(every, { days: listed(days.map(ordinal)) })
  return { day: texts.daily, week: texts.weekly, month: texts.monthly, year: texts.yearly }[unit](every)
}

function onNth(every: number, { position, weekday }: NonNullable<Repetition['nth']>): string {
  const day = weekday === 'workday' ? texts.workday : weekdayName(weekday)
  const positions = [texts.first, texts.second, texts.third, texts.fourth]
  return (position < 0 ? texts.last : positions[position - 1]!)(every, { day })
}

function ordinal(number: number): string {
  if (number < 0) return texts.lastDay
  const form = ordinals().select(number)
  const forms = { one: texts.ordinalOne, two: texts.ordinalTwo, few: texts.ordinalFew } as const
  return (forms[form as keyof typeof forms] ?? texts.ordinalOther)({ number: String(number) })
}

/** 1 is Monday; 5 November 2028 was a Sunday. */
export const weekdayName = (weekday: number) => weekdays().format(inUtc(addDays('2028-11-05', weekday)))
const listed = (names: string[]) => lists().format(names)

const weekdays = byLocale(locale => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }))
const dayAndMonth = byLocale(
  locale => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }),
)
const lists = byLocale(locale => new Intl.ListFormat(locale, { type: 'conjunction' }))
const ordinals = byLocale(locale => new Intl.PluralRules(locale, { type: 'ordinal' }))
