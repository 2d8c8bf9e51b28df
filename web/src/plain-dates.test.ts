/// <reference lib="esnext.temporal" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addMonths,
  daysInMonth,
  lastOfMonth,
  nextWeekday,
  partsOf,
  plainDate,
  startOfWeek,
  weekdayOf,
} from './calendar.ts'
import { addDays, daysBetween, isPlainDate, wallClock } from './plain-dates.ts'

/** Every eleventh day of 400 years and every day of ten, so that each rule of the calendar is met. */
const dates = [...series('1801-01-01', 13_300, 11), ...series('2019-01-01', 3_653, 1)]

function series(from: string, count: number, step: number): Temporal.PlainDate[] {
  const first = Temporal.PlainDate.from(from)
  return Array.from({ length: count }, (_, index) => first.add({ days: index * step }))
}

test('each date has the parts, the weekday and the month that Temporal says', () => {
  for (const date of dates) {
    const text = date.toString()
    assert.deepEqual(partsOf(text), { year: date.year, month: date.month, day: date.day })
    assert.equal(weekdayOf(text), date.dayOfWeek)
    assert.equal(daysInMonth(text), date.daysInMonth)
    assert.equal(lastOfMonth(text), date.with({ day: date.daysInMonth }).toString())
    assert.equal(plainDate(date.year, date.month, date.day), text)
  }
})

test('days and months are added as Temporal adds them', () => {
  for (const date of dates) {
    for (const amount of [-400, -31, -1, 0, 1, 12, 29, 365]) {
      assert.equal(addDays(date.toString(), amount), date.add({ days: amount }).toString())
      assert.equal(addMonths(date.toString(), amount), date.add({ months: amount }).toString())
      assert.equal(daysBetween(date.toString(), date.add({ days: amount }).toString()), amount)
    }
  }
})

test('the next weekday is within the coming seven days, and a week starts where it should', () => {
  for (const date of dates.slice(0, 800)) {
    for (let weekday = 1; weekday <= 7; weekday++) {
      const next = nextWeekday(date.toString(), weekday)
      assert.equal(weekdayOf(next), weekday)
      const ahead = daysBetween(date.toString(), next)
      assert.ok(ahead >= 1 && ahead <= 7, `${date} to ${next}`)
      const start = startOfWeek(date.toString(), weekday)
      assert.equal(weekdayOf(start), weekday)
      const behind = daysBetween(start, date.toString())
      assert.ok(behind >= 0 && behind <= 6, `${start} to ${date}`)
    }
  }
})

test('what is not a day of the calendar is none', () => {
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-31',
    '26-11-24',
    '2026-1-4',
    'today',
    '',
  ]) {
    assert.equal(isPlainDate(text), false, text)
  }
  assert.equal(plainDate(2026, 2, 29), undefined)
  assert.equal(plainDate(2028, 2, 29), '2028-02-29')
  assert.equal(plainDate(20_260, 1, 1), undefined)
})

test('the wall clock is the one of the place', () => {
  assert.deepEqual(wallClock(new Date(2026, 0, 2, 3, 4)), { date: '2026-01-02', time: '03:04' })
})
