/// <reference lib="esnext.temporal" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayAfterKey, weeksOf } from './calendar-keys.ts'

const place = { firstWeekday: 1, isRtl: false }
const after = (key: string, from: string, shiftKey = false) => dayAfterKey({ key, shiftKey }, from, place)
const dates = Array.from({ length: 800 }, (_, day) =>
  Temporal.PlainDate.from('2027-01-01').add({ days: day }),
)

test('keys go where the pattern says, as Temporal counts', () => {
  for (const date of dates) {
    const from = date.toString()
    const monday = date.subtract({ days: date.dayOfWeek - 1 })
    assert.equal(after('ArrowLeft', from), date.subtract({ days: 1 }).toString())
    assert.equal(after('ArrowRight', from), date.add({ days: 1 }).toString())
    assert.equal(after('ArrowUp', from), date.subtract({ weeks: 1 }).toString())
    assert.equal(after('ArrowDown', from), date.add({ weeks: 1 }).toString())
    assert.equal(after('Home', from), monday.toString())
    assert.equal(after('End', from), monday.add({ days: 6 }).toString())
    assert.equal(after('PageUp', from), date.subtract({ months: 1 }).toString())
    assert.equal(after('PageDown', from), date.add({ months: 1 }).toString())
    assert.equal(after('PageDown', from, true), date.add({ years: 1 }).toString())
  }
})

test('other keys go nowhere, and right is left where the script runs so', () => {
  for (const key of ['Enter', ' ', 'a', 'Tab', 'constructor'])
    assert.equal(after(key, '2026-11-21'), undefined)
  const rtl = { ...place, isRtl: true }
  assert.equal(dayAfterKey({ key: 'ArrowRight', shiftKey: false }, '2026-11-21', rtl), '2026-11-20')
})

test('the grid begins with the first day of the week and holds the whole month', () => {
  for (const date of dates) {
    for (const firstWeekday of [1, 6, 7]) {
      const days = weeksOf(date.toString(), firstWeekday).flat()
      assert.equal(Temporal.PlainDate.from(days[0]!).dayOfWeek, firstWeekday)
      const own = days.filter(day => day.slice(0, 7) === date.toString().slice(0, 7))
      assert.equal(own.length, date.daysInMonth)
      assert.equal(days.length, 42)
    }
  }
})
