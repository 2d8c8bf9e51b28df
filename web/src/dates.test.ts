import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { firstDayOfWeek, monthLabel, weekdayColumns } from './calendar-words.ts'
import {
  dayHeading,
  dayLabel,
  dayWords,
  dueLabel,
  longDate,
  shortMoment,
  timeWords,
  today,
  wholeMoment,
} from './dates.ts'
import { speak } from './messages.ts'

const now = new Date(2026, 10, 21, 12)
const SATURDAY = '2026-11-21'

afterEach(() => speak('en'))

test('a moment of today is a time, of yesterday the word, of before a date', async () => {
  await speak('en', 'en-GB')
  assert.equal(shortMoment(new Date(2026, 10, 21, 9, 5).toISOString(), now), '09:05')
  assert.equal(shortMoment(new Date(2026, 10, 20, 23, 59).toISOString(), now), 'yesterday')
  assert.equal(shortMoment(new Date(2026, 10, 12).toISOString(), now), '12 Nov')
  assert.equal(shortMoment(new Date(2025, 10, 12).toISOString(), now), '12 Nov 2025')
  assert.equal(wholeMoment(new Date(2026, 10, 20, 14, 5).toISOString()), '20 Nov 2026, 14:05')
  assert.equal(today(now), SATURDAY)
})

test('a date is a word when one says it better', async () => {
  await speak('en', 'en-GB')
  const days = ['2026-11-20', SATURDAY, '2026-11-22', '2026-11-24', '2026-11-27', '2026-11-28', '2026-11-19']
  assert.deepEqual(
    days.map(day => dayWords(day, SATURDAY)),
    ['yesterday', 'today', 'tomorrow', 'Tuesday', 'Friday', '28 Nov', '19 Nov'],
  )
  assert.equal(dayLabel('2026-11-22', SATURDAY), 'Tomorrow')
  assert.equal(dayLabel('2027-01-02', SATURDAY), '2 Jan 2027')
  assert.equal(longDate(SATURDAY, SATURDAY), 'Saturday 21 November')
  assert.equal(dayHeading('2026-11-22', SATURDAY), 'Tomorrow · Sunday 22 November')
  assert.equal(dayHeading('2026-11-24', SATURDAY), 'Tuesday 24 November')
  assert.equal(monthLabel(SATURDAY), 'November 2026')
})

test('a due time follows its day, on the wall of its own zone', async () => {
  await speak('en', 'en-GB')
  assert.equal(dueLabel('2026-11-22', SATURDAY), 'Tomorrow')
  assert.equal(dueLabel('2026-11-22T09:30[Pacific/Auckland]', SATURDAY), 'Tomorrow, 09:30')
})

test('words, times, order and the first day of the week are those of language and region', async () => {
  await speak('de', 'de-DE')
  assert.equal(dayLabel('2026-11-22', SATURDAY), 'Morgen')
  assert.equal(dueLabel('2026-11-22T09:30[Europe/Berlin]', SATURDAY), 'Morgen, 09:30')
  assert.equal(longDate(SATURDAY, SATURDAY), 'Samstag, 21. November')
  assert.equal(firstDayOfWeek(), 1)
  assert.deepEqual(
    weekdayColumns().map(({ short }) => short),
    ['Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So'],
  )
  await speak('en', 'en-US')
  assert.match(timeWords('14:05'), /^2:05\sPM$/)
  assert.equal(longDate(SATURDAY, SATURDAY), 'Saturday, November 21')
  assert.equal(weekdayColumns()[0]?.long, 'Sunday')
  await speak('en', 'en-DE')
  assert.equal(timeWords('14:05'), '14:05')
  assert.equal(weekdayColumns()[0]?.long, 'Monday')
})
