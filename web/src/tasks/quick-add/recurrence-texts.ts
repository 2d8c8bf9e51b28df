import { count, messages, params } from '../../messages.ts'

/** Repetitions in words. {days} are names of weekdays or days of a month, joined as the language does it. */
export const recurrenceTexts = messages('recurrenceTexts', {
  custom: 'Custom repetition',
  daily: count({ one: 'Every day', other: 'Every {count} days' }),
  weekly: count({ one: 'Every week', other: 'Every {count} weeks' }),
  monthly: count({ one: 'Every month', other: 'Every {count} months' }),
  yearly: count({ one: 'Every year', other: 'Every {count} years' }),
  workdays: 'Every weekday',
  weeklyOn: count({ one: 'Every {days}', other: 'Every {count} weeks on {days}' }),
  monthlyOn: count({ one: 'Every month on the {days}', other: 'Every {count} months on the {days}' }),
  first: count({ one: 'Every month on the first {day}', other: 'Every {count} months on the first {day}' }),
  second: count({
    one: 'Every month on the second {day}',
    other: 'Every {count} months on the second {day}',
  }),
  third: count({ one: 'Every month on the third {day}', other: 'Every {count} months on the third {day}' }),
  fourth: count({
    one: 'Every month on the fourth {day}',
    other: 'Every {count} months on the fourth {day}',
  }),
  last: count({ one: 'Every month on the last {day}', other: 'Every {count} months on the last {day}' }),
  yearlyOn: count({ one: 'Every year on {date}', other: 'Every {count} years on {date}' }),
  workday: 'workday',
  lastDay: 'last day',
  /** Ordinal numbers by the plural form of the number. */
  ordinalOne: params('{number}st'),
  ordinalTwo: params('{number}nd'),
  ordinalFew: params('{number}rd'),
  ordinalOther: params('{number}th'),
  afterDays: count({ one: '{count} day after completion', other: '{count} days after completion' }),
  afterWeeks: count({ one: '{count} week after completion', other: '{count} weeks after completion' }),
  afterMonths: count({ one: '{count} month after completion', other: '{count} months after completion' }),
  afterYears: count({ one: '{count} year after completion', other: '{count} years after completion' }),
  fromCompletion: params('{repetition}, counted from completion'),
})
