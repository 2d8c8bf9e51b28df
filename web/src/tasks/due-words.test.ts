import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { speak } from '../messages.ts'
import { dueWords, ownZone } from './due-words.ts'

beforeEach(() => speak('en', 'en-GB'))
afterEach(() => speak('en'))

const today = '2026-11-21'

test('days near today have names, others a date, with the year when it is another one', () => {
  assert.equal(dueWords('2026-11-21', today), 'Today')
  assert.equal(dueWords('2026-11-22', today), 'Tomorrow')
  assert.equal(dueWords('2026-11-20', today), 'Yesterday')
  assert.equal(dueWords('2026-11-25', today), 'Wed 25 Nov')
  assert.equal(dueWords('2027-01-02', today), 'Sat 2 Jan')
  assert.equal(dueWords('2027-11-24', today), '24 Nov 2027')
})

test('a time is the wall time of its zone, which is said when it is not the own one', () => {
  assert.equal(dueWords(`2026-11-22T14:30[${ownZone()}]`, today), 'Tomorrow, 14:30')
  assert.equal(dueWords('2026-11-22T14:30[Pacific/Port_Moresby]', today), 'Tomorrow, 14:30 (Port Moresby)')
})

test('German says it in German', async () => {
  await speak('de', 'de-DE')
  assert.equal(dueWords(`2026-11-22T14:30[${ownZone()}]`, today), 'Morgen um 14:30')
  assert.match(dueWords('2026-11-25', today), /^Mi\.?, 25\. Nov/)
})
