import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, type Surroundings } from './parse.ts'
import { american, around, days, repetitions } from './parse-cases.ts'

function dueIn(line: string, place: Surroundings = around) {
  const { title, due } = parse(line, place)
  return [title, due?.replace('[Europe/Berlin]', '')]
}

test('a date phrase is understood at the end, at the start and in the middle of a line', () => {
  for (const [phrase, due] of days) {
    assert.deepEqual(dueIn(`Write the letter ${phrase}`), ['Write the letter', due], phrase)
    assert.deepEqual(dueIn(`Write it ${phrase}, then rest`), ['Write it, then rest', due], phrase)
    assert.deepEqual(dueIn(phrase), ['', due], phrase)
  }
})

test('the order of day and month and the first day of the week are those of the place', () => {
  for (const [phrase, due] of [
    ['3/4', '2027-03-04'],
    ['12/1', '2026-12-01'],
    ['24/11', '2026-11-24'],
    ['3/4/2027', '2027-03-04'],
    ['24.11.', '2026-11-24'],
    ['next sunday', '2026-11-22'],
    ['next monday', '2026-11-23'],
  ] as const) {
    assert.deepEqual(dueIn(`Go ${phrase}`, american), ['Go', due], phrase)
  }
})

test('on the day itself a weekday is the next one, and the weekend has begun', () => {
  const sunday = { ...around, today: '2026-11-22' }
  assert.deepEqual(dueIn('x sunday', sunday), ['x', '2026-11-29'])
  assert.deepEqual(dueIn('x this weekend', sunday), ['x', '2026-11-22'])
  assert.deepEqual(dueIn('x this weekend', { ...around, today: '2026-11-19' }), ['x', '2026-11-21'])
  assert.deepEqual(dueIn('x next friday', { ...around, today: '2026-11-23' }), ['x', '2026-12-04'])
  assert.deepEqual(dueIn('x end of month', { ...around, today: '2026-11-30' }), ['x', '2026-11-30'])
  assert.deepEqual(dueIn('x in a month', { ...around, today: '2027-01-31' }), ['x', '2027-02-28'])
  assert.deepEqual(dueIn('x in 30 minutes', { ...around, time: '23:45' }), ['x', '2026-11-22T00:15'])
})

test('ordinary words stay words', () => {
  for (const line of [
    'Buy sun cream',
    'Tod und Leben lesen',
    'Look at 3 houses',
    'The May flowers',
    'March on',
    'Weekly report',
    'Write the weekly report',
    'Plan weekend trip',
    'Noon walk with Ada',
    'My 15th birthday cake',
    'Version 1.2 of 3.5 kg',
    'Call 0171 2345678',
    'Sugar 1/2 cup',
    'Read 24/7 support offer',
    'Support 24/7',
    'See 32/1 and 0/5',
    'Meet 31 feb',
    'Ask on 2026-02-30',
    'Sent 25:00 and 9:75',
    'Zug um 9 am Bahnhof',
    'Fix #42',
    'A # alone and a / alone',
    'either/or and C#',
    'open /usr/bin/env',
    'https://example.org/a#b',
    'mail ada@example.org',
    'p5 p0 xp1 p11',
    'every now and then',
    'Every cloud has a silver lining',
    'after the rain',
    'in 0 days',
    'Mondays are hard',
    "tomorrow's weather",
    'todayish',
    'until friday',
    'Due diligence',
    'by the way',
    'on top of it',
    'starting over',
    'next door',
    'the end of the world',
    '“Monday, monday”',
    'Read "tomorrow at 9 p1 #work /home"',
    'Buch „Heute und today“ lesen',
  ]) {
    const { title, spans, ...rest } = parse(line, around)
    assert.deepEqual({ title, ...rest }, { title: line.trim(), tags: [] }, line)
    assert.deepEqual(spans, [{ kind: 'text', start: 0, end: line.length }])
  }
})

test('a weak phrase counts at an end, before a preposition, beside another phrase and after a comma', () => {
  for (const [line, title, due] of [
    ['Brunch sun', 'Brunch', '2026-11-22'],
    ['Brunch sun 11am', 'Brunch', '2026-11-22T11:00'],
    ['Brunch sun with mum', 'Brunch with mum', '2026-11-22'],
    ['Brunch on sun there', 'Brunch there', '2026-11-22'],
    ['Brunch sun #work', 'Brunch', '2026-11-22'],
    ['Sat dinner', 'dinner', '2026-11-28'],
    ['Sun, dinner', 'dinner', '2026-11-22'],
    ['24/11: dentist', 'dentist', '2026-11-24'],
    ['24/11 dentist', 'dentist', '2026-11-24'],
    ['Call at 9 about the roof', 'Call about the roof', '2026-11-22T09:00'],
    ['tomorrow at 9 call Ada', 'call Ada', '2026-11-22T09:00'],
    ['9 am stretch', 'stretch', '2026-11-22T09:00'],
  ] as const) {
    assert.deepEqual(dueIn(line), [title, due], line)
  }
})

test('a repetition is understood, with the first date it names', () => {
  for (const [phrase, rule, due] of repetitions) {
    const parsed = parse(`Water the plants ${phrase}`, around)
    assert.equal(parsed.title, 'Water the plants', phrase)
    assert.deepEqual(parsed.recurrence, { rule, from: 'schedule' }, phrase)
    assert.equal(parsed.due?.replace('[Europe/Berlin]', ''), due, phrase)
  }
})

test('"every!" and "after" count from completion', () => {
  for (const [phrase, rule] of [
    ['every! 3 days', 'FREQ=DAILY;INTERVAL=3'],
    ['every! week', 'FREQ=WEEKLY'],
    ['every! monday', 'FREQ=WEEKLY;BYDAY=MO'],
    ['after 3 days', 'FREQ=DAILY;INTERVAL=3'],
    ['after two weeks', 'FREQ=WEEKLY;INTERVAL=2'],
  ] as const) {
    const { title, recurrence } = parse(`Cut the hedge ${phrase}`, around)
    assert.deepEqual([title, recurrence], ['Cut the hedge', { rule, from: 'completion' }], phrase)
  }
})

test('priority, tags and lists are understood wherever they stand', () => {
  const { spans: _, ...parsed } = parse('p2 Paint #Work the door #new, /home improvement #ERRANDS', around)
  assert.deepEqual(parsed, {
    title: 'Paint the door',
    priority: 2,
    tags: ['work', 'new', 'errands'],
    list: { id: 'improve', name: 'home improvement' },
  })
})

test('a list is found by its longest name, in quotes, without case; another word is a new list', () => {
  for (const [line, list] of [
    ['x /Home', { id: 'home', name: 'Home' }],
    ['x /home.', { id: 'home', name: 'Home' }],
    ['x /home improvement now', { id: 'improve', name: 'home improvement' }],
    ['x /"home improvement" now', { id: 'improve', name: 'home improvement' }],
    ['x /café', { id: 'cafe', name: 'Café' }],
    ['x /inbox', { id: null, name: 'Inbox' }],
    ['x /Garden', { id: undefined, name: 'Garden' }],
    ['x /homework', { id: undefined, name: 'homework' }],
    ['x /"Next year"', { id: undefined, name: 'Next year' }],
    ['x /home /garden', { id: undefined, name: 'garden' }],
  ] as const) {
    assert.deepEqual(parse(line, around).list, list, line)
  }
})

test('the later of two counts, the earlier stays words', () => {
  assert.deepEqual(dueIn('Read monday report tomorrow'), ['Read monday report', '2026-11-22'])
  assert.equal(parse('p1 or p2', around).priority, 2)
  assert.equal(parse('p1 or p2', around).title, 'p1 or')
  assert.deepEqual(parse('#work #WORK', around).tags, ['work'])
})

test('what the writer wants to stay words stays words', () => {
  const line = 'Call tomorrow at 9 #work'
  const { title, due, tags } = parse(line, around, [{ start: 5, end: 13 }])
  assert.deepEqual([title, due, tags], ['Call tomorrow', '2026-11-22T09:00[Europe/Berlin]', ['work']])
})

test('no more tags are taken than a task can have, and none that is too long', () => {
  const many = Array.from({ length: 25 }, (_, index) => `#t${index}x`).join(' ')
  assert.equal(parse(many, around).tags.length, 20)
  assert.deepEqual(parse(`x #${'a'.repeat(51)}`, around).tags, [])
  assert.deepEqual(parse(`x #${'a'.repeat(50)}`, around).tags, ['a'.repeat(50)])
})

test('docs/quick-add.md says what is so', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/quick-add.md'), 'utf8')
  const rows = [...text.matchAll(/^\| (`.*) \| `([^`]+)` \|$/gm)]
  assert.ok(rows.length > 20)
  for (const [, typed = '', meaning = ''] of rows) {
    for (const [, phrase = ''] of typed.matchAll(/`([^`]+)`/g)) {
      const { title, due, recurrence } = parse(phrase, around)
      const found = meaning.startsWith('FREQ') ? recurrence?.rule : due?.replace('[Europe/Berlin]', '')
      assert.deepEqual([title, found], ['', meaning], phrase)
    }
  }
})
