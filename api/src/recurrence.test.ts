import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nextOccurrence, shiftDue } from './recurrence.ts'
import { formatRule, parseRule } from './recurrence-rule.ts'

const NOON = '2026-11-21T12:00:00Z'
const next = (rule: string, due: string, from: 'schedule' | 'completion' = 'schedule', at = NOON) =>
  nextOccurrence(due, { rule, from }, new Date(at))
const dueAfter = (...given: Parameters<typeof next>) => next(...given)?.due ?? null

describe('the next occurrence', () => {
  test('by schedule is the next day of the rule after the due date', () => {
    assert.equal(dueAfter('FREQ=DAILY', '2026-11-21'), '2026-11-22')
    const everyWeekday = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'
    assert.equal(dueAfter(everyWeekday, '2026-11-27'), '2026-11-30')
    assert.equal(dueAfter('FREQ=WEEKLY;BYDAY=TU;INTERVAL=2', '2026-11-24'), '2026-12-08')
    const lastWorkday = 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'
    assert.equal(dueAfter(lastWorkday, '2026-11-30'), '2026-12-31')
    assert.equal(dueAfter(lastWorkday, '2027-01-29'), '2027-02-26')
    assert.equal(dueAfter('FREQ=MONTHLY;BYMONTHDAY=31', '2026-12-31'), '2027-01-31')
    assert.equal(dueAfter('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2028-02-29'), '2032-02-29')
  })
  test('by schedule is not one that is past already', () => {
    assert.equal(dueAfter('FREQ=DAILY', '2026-11-01'), '2026-11-21')
    assert.equal(dueAfter('FREQ=WEEKLY', '2026-11-02'), '2026-11-23')
    assert.equal(dueAfter('FREQ=DAILY;INTERVAL=3', '1950-01-01'), '2026-11-21')
    assert.equal(dueAfter('FREQ=DAILY', '2026-12-24'), '2026-12-25', 'completed early')
  })
  test('after completion counts from that day, in the zone of the due', () => {
    assert.equal(dueAfter('FREQ=DAILY;INTERVAL=3', '2026-11-01', 'completion'), '2026-11-24')
    assert.equal(dueAfter('FREQ=DAILY;INTERVAL=3', '2026-12-24', 'completion'), '2026-11-24')
    const late = '2026-11-21T02:00:00Z'
    assert.equal(dueAfter('FREQ=DAILY', '2026-11-01', 'completion', late), '2026-11-22')
    const zoned = '2026-11-01T09:30[America/Los_Angeles]'
    assert.equal(dueAfter('FREQ=DAILY', zoned, 'completion', late), '2026-11-21T09:30[America/Los_Angeles]')
    assert.equal(dueAfter('FREQ=MONTHLY', '2026-10-31', 'completion', '2026-01-31T12:00:00Z'), '2026-03-31')
  })
  test('keeps the time of day and the zone, also across a change of clocks', () => {
    const berlin = '2026-03-28T02:30[Europe/Berlin]'
    assert.equal(
      dueAfter('FREQ=DAILY', berlin, 'schedule', '2026-03-28T12:00:00Z'),
      '2026-03-29T02:30[Europe/Berlin]',
    )
  })
  test('counts down a rule that ends after so many times, and heeds one that ends on a day', () => {
    assert.deepEqual(next('FREQ=DAILY;COUNT=3', '2026-11-21'), {
      due: '2026-11-22',
      rule: 'FREQ=DAILY;COUNT=2',
    })
    assert.equal(next('FREQ=DAILY;COUNT=1', '2026-11-21'), null)
    const until = 'FREQ=DAILY;UNTIL=20261123'
    assert.deepEqual(next(until, '2026-11-22'), { due: '2026-11-23', rule: until })
    assert.equal(next(until, '2026-11-23'), null)
    assert.equal(dueAfter('FREQ=DAILY;UNTIL=20261123T235959Z', '2026-11-22'), '2026-11-23')
    assert.equal(dueAfter('FREQ=DAILY;UNTIL=20261123T000000', '2026-11-22'), '2026-11-23')
  })
  test('there is none when the rule has none within ten years, found out without a long search', () => {
    const never = [
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
      'FREQ=DAILY;BYDAY=MO,TU,WE;BYSETPOS=2',
      'FREQ=YEARLY;BYYEARDAY=366;BYWEEKNO=2',
      'FREQ=WEEKLY;BYDAY=MO;BYMONTH=2;BYSETPOS=7',
      'FREQ=MONTHLY;INTERVAL=999',
    ]
    const began = process.cpuUsage()
    for (const rule of never) assert.equal(next(rule, '2026-11-20'), null, rule)
    const { user } = process.cpuUsage(began)
    assert.ok(user < 2_000_000, `${user} µs for ${never.length} searches`)
    assert.equal(next('FREQ=DAILY', '9999-12-31'), null)
  })
})

describe('whatever the rule', () => {
  const random = randomFrom(20261121)
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!
  const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
  const ruleFor = () => {
    const freq = pick(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'])
    const days = DAYS.filter(() => random() < 0.4)
    return [
      `FREQ=${freq}`,
      random() < 0.5 && `INTERVAL=${1 + Math.floor(random() * 6)}`,
      days.length > 0 && `BYDAY=${days}`,
      freq === 'MONTHLY' && random() < 0.3 && `BYMONTHDAY=${pick([1, 15, 28, 31, -1])}`,
      freq === 'YEARLY' && `BYMONTH=${1 + Math.floor(random() * 12)}`,
    ]
      .filter(Boolean)
      .join(';')
  }

  test('the next occurrence is later, not past, on a day the rule names, and in step', () => {
    for (let n = 0; n < 400; n += 1) {
      const rule = ruleFor()
      const due = Temporal.PlainDate.from('2026-06-01').add({ days: Math.floor(random() * 400) })
      const from = pick(['schedule', 'completion'] as const)
      const found = dueAfter(rule, String(due), from)
      assert.ok(parseRule(rule), rule)
      if (found === null) continue
      const told = `${rule} from ${due} by ${from}: ${found}`
      const day = Temporal.PlainDate.from(found)
      const parts = parseRule(rule)!
      assert.ok(found > (from === 'schedule' ? String(due) : '2026-11-21'), told)
      assert.ok(found >= '2026-11-21', told)
      if (parts.BYDAY) assert.ok(parts.BYDAY.split(',').includes(DAYS[day.dayOfWeek - 1]!), told)
      if (parts.BYMONTH) assert.equal(String(day.month), parts.BYMONTH, told)
      const start = from === 'schedule' ? due : Temporal.PlainDate.from('2026-11-21')
      const interval = Number(parts.INTERVAL ?? 1)
      if (parts.FREQ === 'DAILY') assert.equal(start.until(day).days % interval, 0, told)
      if (parts.FREQ === 'WEEKLY') assert.equal((weekOf(day) - weekOf(start)) % interval, 0, told)
    }
  })
  test('what is no rule of days is refused, and whatever is accepted can be searched', () => {
    const refused = [
      '',
      'FREQ=HOURLY',
      'FREQ=SECONDLY',
      'freq=daily',
      'FREQ=DAILY;',
      'FREQ=DAILY;FREQ=WEEKLY',
      'INTERVAL=2',
      'FREQ=DAILY;INTERVAL=0',
      'FREQ=DAILY;INTERVAL=1000',
      'FREQ=DAILY;COUNT=0',
      'FREQ=DAILY;COUNT=2;UNTIL=20261231',
      'FREQ=DAILY;UNTIL=20260230',
      'FREQ=DAILY;BYHOUR=9',
      'FREQ=DAILY;BYMONTHDAY=32',
      'FREQ=DAILY;BYSETPOS=1',
      'FREQ=WEEKLY;BYDAY=2TU',
      'FREQ=WEEKLY;BYMONTHDAY=1',
      'FREQ=MONTHLY;BYYEARDAY=1',
      'FREQ=DAILY;RSCALE=GREGORIAN',
      'FREQ=DAILY\nRDATE:20261121',
      'DTSTART:20261121\nRRULE:FREQ=DAILY',
      'RRULE:FREQ=DAILY',
      'FREQ=DAILY;__proto__=1',
      'FREQ=DAILY;constructor=1',
      `FREQ=YEARLY;BYYEARDAY=${Array(60).fill('1').join(',')},${Array(60).fill('22').join(',')}`,
    ]
    for (const rule of refused) assert.equal(parseRule(rule), null, rule)
    const pieces = [
      'FREQ=DAILY',
      'FREQ=YEARLY',
      'BYDAY=MO',
      'BYDAY=-53SU',
      'BYSETPOS=-1',
      'BYWEEKNO=53',
      'BYMONTH=2',
      'BYMONTHDAY=30',
      'BYYEARDAY=-366',
      'COUNT=2',
      'INTERVAL=7',
      'WKST=SU',
      'UNTIL=20300101',
      'X=1',
      'BYDAY=',
    ]
    let accepted = 0
    for (let n = 0; n < 2_000; n += 1) {
      const rule = pieces.filter(() => random() < 0.25).join(';')
      const parts = parseRule(rule)
      if (!parts) continue
      accepted += 1
      assert.equal(formatRule(parts), rule)
      const found = next(rule, '2026-11-20')
      assert.ok(found === null || parseRule(found.rule), rule)
    }
    assert.ok(accepted > 50)
  })
  test('a due of a subtask moves by as many days', () => {
    assert.equal(shiftDue('2026-11-19', '2026-11-20', '2026-11-27'), '2026-11-26')
    assert.equal(shiftDue('2026-12-31T09:00[UTC]', '2026-11-20', '2026-11-21'), '2027-01-01T09:00[UTC]')
    assert.equal(shiftDue('9999-12-31', '2026-11-20', '2026-11-21'), '9999-12-31')
  })
})

/** Monday-based, counted from one Monday long ago. */
function weekOf(day: Temporal.PlainDate): number {
  return Math.floor(Temporal.PlainDate.from('1999-01-04').until(day).days / 7)
}

function randomFrom(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
