/// <reference lib="esnext.temporal" />
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { speak } from '../../messages.ts'
import { firstDate, type Repetition, readRule, writeRule } from './recurrence.ts'
import { recurrenceWords } from './recurrence-words.ts'
import { phraseOf, readRepetition } from './repetition-phrases.ts'

afterEach(() => speak('en'))

/** Every repetition that this page can say, in some sizes. */
function* repetitions(): Generator<Repetition> {
  for (const every of [1, 2, 3, 12]) {
    for (const unit of ['day', 'week', 'month', 'year'] as const) yield { unit, every }
    for (let set = 1; set < 128; set++) {
      const weekdays = [1, 2, 3, 4, 5, 6, 7].filter(weekday => set & (1 << (weekday - 1)))
      yield { unit: 'week', every, weekdays }
    }
    for (let day = 1; day <= 31; day++) yield { unit: 'month', every, days: [day] }
    yield { unit: 'month', every, days: [-1] }
    yield { unit: 'month', every, days: [1, 15, -1] }
    for (const position of [1, 2, 3, 4, -1]) {
      for (let weekday = 1; weekday <= 7; weekday++)
        yield { unit: 'month', every, nth: { position, weekday } }
      yield { unit: 'month', every, nth: { position, weekday: 'workday' } }
    }
    for (let month = 1; month <= 12; month++) yield { unit: 'year', every, month, days: [month + 16] }
  }
}

test('a repetition written as a rule is read as itself', () => {
  for (const repetition of repetitions()) {
    const rule = writeRule(repetition)
    assert.deepEqual(readRule(rule), repetition, rule)
  }
})

test('a repetition said in the words of the grammar is understood as itself', () => {
  for (const repetition of repetitions()) {
    const rule = writeRule(repetition)
    for (const from of ['schedule', 'completion'] as const) {
      const phrase = phraseOf({ rule, from })!
      const found = readRepetition(phrase)
      assert.deepEqual(found?.repetition, repetition, phrase)
      assert.deepEqual([found?.from, found?.count], [from, phrase.split(' ').length], phrase)
    }
  }
})

test('a rule is read whatever the order of its parts', () => {
  for (const [rule, expected] of [
    ['FREQ=WEEKLY;BYDAY=TU;INTERVAL=2', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
    ['INTERVAL=1;FREQ=DAILY', 'FREQ=DAILY'],
    ['RRULE:FREQ=DAILY', 'FREQ=DAILY'],
    ['FREQ=WEEKLY;WKST=SU;BYDAY=FR,MO', 'FREQ=WEEKLY;BYDAY=MO,FR'],
    ['FREQ=MONTHLY;BYSETPOS=-1;BYDAY=FR,TH,WE,TU,MO', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1', 'FREQ=MONTHLY;BYDAY=1MO'],
    ['FREQ=MONTHLY;BYDAY=+2TU', 'FREQ=MONTHLY;BYDAY=2TU'],
  ] as const) {
    const repetition = readRule(rule)
    assert.ok(repetition, rule)
    assert.equal(writeRule(repetition), expected, rule)
  }
})

test('a rule that says more than the page can is custom, in words and for the grammar', () => {
  for (const rule of [
    'FREQ=DAILY;COUNT=3',
    'FREQ=DAILY;UNTIL=20270101',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYMONTH=1',
    'FREQ=MONTHLY;BYDAY=MO,TU',
    'FREQ=MONTHLY;BYDAY=5MO',
    'FREQ=MONTHLY;BYMONTHDAY=-2',
    'FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU',
    'FREQ=WEEKLY;BYDAY=1MO',
    'FREQ=YEARLY;BYYEARDAY=100',
    'FREQ=DAILY;INTERVAL=0',
    'nonsense',
    '',
  ]) {
    assert.equal(readRule(rule), undefined, rule)
    assert.equal(phraseOf({ rule, from: 'schedule' }), undefined, rule)
    assert.equal(recurrenceWords({ rule, from: 'schedule' }), 'Custom repetition', rule)
  }
})

const words: [string, string, string][] = [
  ['FREQ=DAILY', 'Every day', 'Jeden Tag'],
  ['FREQ=DAILY;INTERVAL=3', 'Every 3 days', 'Alle 3 Tage'],
  ['FREQ=WEEKLY', 'Every week', 'Jede Woche'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Every weekday', 'Jeden Arbeitstag'],
  ['FREQ=WEEKLY;BYDAY=MO,TH', 'Every Monday and Thursday', 'Jeden Montag und Donnerstag'],
  ['FREQ=WEEKLY;BYDAY=SU', 'Every Sunday', 'Jeden Sonntag'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', 'Every 2 weeks on Tuesday', 'Alle 2 Wochen am Dienstag'],
  ['FREQ=MONTHLY', 'Every month', 'Jeden Monat'],
  ['FREQ=MONTHLY;BYMONTHDAY=15', 'Every month on the 15th', 'Jeden Monat am 15.'],
  ['FREQ=MONTHLY;BYMONTHDAY=1,22', 'Every month on the 1st and 22nd', 'Jeden Monat am 1. und 22.'],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', 'Every month on the last day', 'Jeden Monat am letzten Tag'],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'Every month on the last workday',
    'Jeden Monat am letzten Arbeitstag',
  ],
  [
    'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU',
    'Every 2 months on the second Tuesday',
    'Alle 2 Monate am zweiten Dienstag',
  ],
  ['FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24', 'Every year on 24 November', 'Jedes Jahr am 24. November'],
]

test('a recurrence is said in the language of the page', async () => {
  for (const [language, at] of [
    ['en', 1],
    ['de', 2],
  ] as const) {
    await speak(language, language === 'en' ? 'en-GB' : 'de-DE')
    for (const row of words) assert.equal(recurrenceWords({ rule: row[0], from: 'schedule' }), row[at])
  }
})

test('counted from completion is said so', async () => {
  const from = 'completion'
  assert.equal(recurrenceWords({ rule: 'FREQ=DAILY;INTERVAL=3', from }), '3 days after completion')
  assert.equal(
    recurrenceWords({ rule: 'FREQ=WEEKLY;BYDAY=MO', from }),
    'Every Monday, counted from completion',
  )
  await speak('de', 'de-DE')
  assert.equal(recurrenceWords({ rule: 'FREQ=WEEKLY', from }), '1 Woche nach Erledigung')
})

/** The same question put to Temporal. */
function isNamed({ weekdays, days, nth, month }: Repetition, date: Temporal.PlainDate): boolean {
  const last = date.daysInMonth
  const ofWeekday = (day: number) => date.with({ day }).dayOfWeek
  if (month !== undefined && date.month !== month) return false
  if (weekdays && !weekdays.includes(date.dayOfWeek)) return false
  if (days && !days.includes(date.day) && !(days.includes(-1) && date.day === last)) return false
  if (!nth) return true
  const fits = (day: number) =>
    nth.weekday === 'workday' ? ofWeekday(day) <= 5 : ofWeekday(day) === nth.weekday
  if (!fits(date.day)) return false
  const others = Array.from({ length: last }, (_, index) => index + 1).filter(fits)
  return others.at(nth.position > 0 ? nth.position - 1 : -1) === date.day
}

test('the first date is the first that the rule names, as Temporal says', () => {
  for (const repetition of repetitions()) {
    for (const from of ['2026-11-21', '2027-02-28', '2028-02-29', '2026-12-31']) {
      let expected = Temporal.PlainDate.from(from)
      while (!isNamed(repetition, expected)) expected = expected.add({ days: 1 })
      assert.equal(firstDate(repetition, from), expected.toString(), `${writeRule(repetition)} from ${from}`)
    }
  }
})
