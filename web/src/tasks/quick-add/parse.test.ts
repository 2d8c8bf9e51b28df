import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ParsedLine, parse, type Surroundings } from './parse.ts'
import { phraseOf, readRepetition } from './repetition-phrases.ts'

/** A Saturday morning in Berlin. */
const around: Surroundings = {
  today: '2026-11-21',
  time: '10:00',
  zone: 'Europe/Berlin',
  dayFirst: true,
  firstWeekday: 1,
  lists: [
    { id: null, name: 'Inbox' },
    { id: 'home', name: 'Home' },
    { id: 'improve', name: 'Home improvement' },
    { id: 'cafe', name: 'Café' },
  ],
  tags: ['work', 'errands', '2026'],
}
const american = { ...around, dayFirst: false, firstWeekday: 7 }

function dueIn(line: string, place: Surroundings = around) {
  const { title, due } = parse(line, place)
  return [title, due?.replace('[Europe/Berlin]', '')]
}

/** Phrase, then the day or moment it means. The title must be what stands around it. */
const days: [string, string][] = [
  ['today', '2026-11-21'],
  ['Today', '2026-11-21'],
  ['TOMORROW', '2026-11-22'],
  ['tod', '2026-11-21'],
  ['eod', '2026-11-21'],
  ['tomorrow', '2026-11-22'],
  ['tmr', '2026-11-22'],
  ['tmrw', '2026-11-22'],
  ['the day after tomorrow', '2026-11-23'],
  ['day after tomorrow', '2026-11-23'],
  ['mon', '2026-11-23'],
  ['monday', '2026-11-23'],
  ['tue', '2026-11-24'],
  ['tues', '2026-11-24'],
  ['tuesday', '2026-11-24'],
  ['wed', '2026-11-25'],
  ['weds', '2026-11-25'],
  ['wednesday', '2026-11-25'],
  ['thu', '2026-11-26'],
  ['thur', '2026-11-26'],
  ['thurs', '2026-11-26'],
  ['thursday', '2026-11-26'],
  ['fri', '2026-11-27'],
  ['friday', '2026-11-27'],
  ['sat', '2026-11-28'],
  ['saturday', '2026-11-28'],
  ['sun', '2026-11-22'],
  ['sunday', '2026-11-22'],
  ['on monday', '2026-11-23'],
  ['by friday', '2026-11-27'],
  ['due friday', '2026-11-27'],
  ['due on friday', '2026-11-27'],
  ['due by friday', '2026-11-27'],
  ['by tomorrow', '2026-11-22'],
  ['this monday', '2026-11-23'],
  ['coming monday', '2026-11-23'],
  ['next monday', '2026-11-23'],
  ['next friday', '2026-11-27'],
  ['next sunday', '2026-11-29'],
  ['next saturday', '2026-11-28'],
  ['next week', '2026-11-23'],
  ['next month', '2026-12-01'],
  ['next year', '2027-01-01'],
  ['this weekend', '2026-11-21'],
  ['next weekend', '2026-11-28'],
  ['weekend', '2026-11-21'],
  ['end of month', '2026-11-30'],
  ['end of the month', '2026-11-30'],
  ['by the end of the month', '2026-11-30'],
  ['end of this month', '2026-11-30'],
  ['eom', '2026-11-30'],
  ['end of next month', '2026-12-31'],
  ['end of week', '2026-11-27'],
  ['end of next week', '2026-11-27'],
  ['eow', '2026-11-27'],
  ['end of year', '2026-12-31'],
  ['eoy', '2026-12-31'],
  ['end of next year', '2027-12-31'],
  ['end of february', '2027-02-28'],
  ['end of november', '2026-11-30'],
  ['in 1 day', '2026-11-22'],
  ['in a day', '2026-11-22'],
  ['in 3 days', '2026-11-24'],
  ['in three days', '2026-11-24'],
  ['in a week', '2026-11-28'],
  ['in 3 weeks', '2026-12-12'],
  ['in two weeks', '2026-12-05'],
  ['in a month', '2026-12-21'],
  ['in 3 months', '2027-02-21'],
  ['in 2 years', '2028-11-21'],
  ['3 days from now', '2026-11-24'],
  ['a week from now', '2026-11-28'],
  ['in 2 hours', '2026-11-21T12:00'],
  ['in an hour', '2026-11-21T11:00'],
  ['in 45 minutes', '2026-11-21T10:45'],
  ['in 20 hours', '2026-11-22T06:00'],
  ['nov 24', '2026-11-24'],
  ['Nov 24th', '2026-11-24'],
  ['november 24', '2026-11-24'],
  ['november the 24th', '2026-11-24'],
  ['on nov 24', '2026-11-24'],
  ['by nov 24', '2026-11-24'],
  ['24 nov', '2026-11-24'],
  ['24th nov', '2026-11-24'],
  ['24th of november', '2026-11-24'],
  ['the 24th of november', '2026-11-24'],
  ['nov 21', '2026-11-21'],
  ['nov 20', '2027-11-20'],
  ['nov 1', '2027-11-01'],
  ['nov 20 2026', '2026-11-20'],
  ['nov 24, 2027', '2027-11-24'],
  ['24 nov 2027', '2027-11-24'],
  ['may 5', '2027-05-05'],
  ['5 may', '2027-05-05'],
  ['sept 3', '2027-09-03'],
  ['3 sep', '2027-09-03'],
  ['june 30', '2027-06-30'],
  ['dec 31', '2026-12-31'],
  ['29 feb', '2028-02-29'],
  ['tuesday 24 nov', '2026-11-24'],
  ['tue, 24 nov', '2026-11-24'],
  ['tue nov 24', '2026-11-24'],
  ['tuesday 24/11', '2026-11-24'],
  ['the 15th', '2026-12-15'],
  ['on the 15th', '2026-12-15'],
  ['on the 24th', '2026-11-24'],
  ['by the 1st', '2026-12-01'],
  ['on the 31st', '2026-12-31'],
  ['2026-11-24', '2026-11-24'],
  ['on 2026-11-24', '2026-11-24'],
  ['2026-11-24T14:30', '2026-11-24T14:30'],
  ['2026-11-24 14:30', '2026-11-24T14:30'],
  ['2020-01-01', '2020-01-01'],
  ['24/11', '2026-11-24'],
  ['3/4', '2027-04-03'],
  ['24/11/2027', '2027-11-24'],
  ['24/11/27', '2027-11-24'],
  ['11/24', '2026-11-24'],
  ['24.11.', '2026-11-24'],
  ['3.4.', '2027-04-03'],
  ['24.11.2027', '2027-11-24'],
  ['tonight', '2026-11-21T20:00'],
  ['this evening', '2026-11-21T18:00'],
  ['this afternoon', '2026-11-21T14:00'],
  ['tomorrow morning', '2026-11-22T09:00'],
  ['friday afternoon', '2026-11-27T14:00'],
  ['friday night', '2026-11-27T20:00'],
  ['on monday in the morning', '2026-11-23T09:00'],
  ['at 9', '2026-11-22T09:00'],
  ['at 11', '2026-11-21T11:00'],
  ['@9', '2026-11-22T09:00'],
  ['@ 11', '2026-11-21T11:00'],
  ['at 10', '2026-11-22T10:00'],
  ['at 3', '2026-11-21T15:00'],
  ['at 03:00', '2026-11-22T03:00'],
  ['at 12', '2026-11-21T12:00'],
  ['at 23', '2026-11-21T23:00'],
  ['at 0:15', '2026-11-22T00:15'],
  ['at 9.30', '2026-11-22T09:30'],
  ['9am', '2026-11-22T09:00'],
  ['9 am', '2026-11-22T09:00'],
  ['9 a.m.', '2026-11-22T09:00'],
  ['9AM', '2026-11-22T09:00'],
  ['11am', '2026-11-21T11:00'],
  ['9pm', '2026-11-21T21:00'],
  ['9:30pm', '2026-11-21T21:30'],
  ['9.30 pm', '2026-11-21T21:30'],
  ['at 9:30 p.m.', '2026-11-21T21:30'],
  ['12am', '2026-11-22T00:00'],
  ['12pm', '2026-11-21T12:00'],
  ['14:30', '2026-11-21T14:30'],
  ['at 14:30', '2026-11-21T14:30'],
  ['9:59', '2026-11-22T09:59'],
  ['10:01', '2026-11-21T10:01'],
  ['noon', '2026-11-21T12:00'],
  ['at noon', '2026-11-21T12:00'],
  ['midnight', '2026-11-22T00:00'],
  ['at 9 o’clock', '2026-11-22T09:00'],
  ["3 o'clock", '2026-11-21T15:00'],
  ['tomorrow at 9', '2026-11-22T09:00'],
  ['tomorrow 9am', '2026-11-22T09:00'],
  ['at 9 tomorrow', '2026-11-22T09:00'],
  ['9am tomorrow', '2026-11-22T09:00'],
  ['today at 9', '2026-11-21T09:00'],
  ['today 14:30', '2026-11-21T14:30'],
  ['fri at noon', '2026-11-27T12:00'],
  ['friday 5pm', '2026-11-27T17:00'],
  ['by friday 5pm', '2026-11-27T17:00'],
  ['by 5pm on friday', '2026-11-27T17:00'],
  ['nov 24 at 14:30', '2026-11-24T14:30'],
  ['24 nov 9am', '2026-11-24T09:00'],
  ['24/11 9:30', '2026-11-24T09:30'],
  ['next monday at 8', '2026-11-23T08:00'],
  ['in 3 days at 17:00', '2026-11-24T17:00'],
  ['this weekend at 11', '2026-11-21T11:00'],
]

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

/** Phrase, rule, first date. */
const repetitions: [string, string, string][] = [
  ['every day', 'FREQ=DAILY', '2026-11-21'],
  ['every 3 days', 'FREQ=DAILY;INTERVAL=3', '2026-11-21'],
  ['every three days', 'FREQ=DAILY;INTERVAL=3', '2026-11-21'],
  ['every other day', 'FREQ=DAILY;INTERVAL=2', '2026-11-21'],
  ['every second day', 'FREQ=DAILY;INTERVAL=2', '2026-11-21'],
  ['daily', 'FREQ=DAILY', '2026-11-21'],
  ['every week', 'FREQ=WEEKLY', '2026-11-21'],
  ['weekly', 'FREQ=WEEKLY', '2026-11-21'],
  ['every 2 weeks', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-21'],
  ['every other week', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-21'],
  ['every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-23'],
  ['every workday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-23'],
  ['every mon-fri', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-23'],
  ['every weekend', 'FREQ=WEEKLY;BYDAY=SA', '2026-11-21'],
  ['every monday', 'FREQ=WEEKLY;BYDAY=MO', '2026-11-23'],
  ['Every Mon', 'FREQ=WEEKLY;BYDAY=MO', '2026-11-23'],
  ['every monday and thursday', 'FREQ=WEEKLY;BYDAY=MO,TH', '2026-11-23'],
  ['every thursday and monday', 'FREQ=WEEKLY;BYDAY=MO,TH', '2026-11-23'],
  ['every mon, wed, fri', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', '2026-11-23'],
  ['every mon, wed and fri', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', '2026-11-23'],
  ['every sat & sun', 'FREQ=WEEKLY;BYDAY=SA,SU', '2026-11-21'],
  ['every 2 weeks on tue', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-11-24'],
  ['every two weeks on tuesday and friday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR', '2026-11-24'],
  ['every other tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-11-24'],
  ['every week on tue', 'FREQ=WEEKLY;BYDAY=TU', '2026-11-24'],
  ['every month', 'FREQ=MONTHLY', '2026-11-21'],
  ['monthly', 'FREQ=MONTHLY', '2026-11-21'],
  ['every quarter', 'FREQ=MONTHLY;INTERVAL=3', '2026-11-21'],
  ['every 3 months', 'FREQ=MONTHLY;INTERVAL=3', '2026-11-21'],
  ['every month on the 15th', 'FREQ=MONTHLY;BYMONTHDAY=15', '2026-12-15'],
  ['every month on day 15', 'FREQ=MONTHLY;BYMONTHDAY=15', '2026-12-15'],
  ['every 15th', 'FREQ=MONTHLY;BYMONTHDAY=15', '2026-12-15'],
  ['every 15th of the month', 'FREQ=MONTHLY;BYMONTHDAY=15', '2026-12-15'],
  ['every month on the 1st and 15th', 'FREQ=MONTHLY;BYMONTHDAY=1,15', '2026-12-01'],
  ['every 2 months on the 24th', 'FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=24', '2026-11-24'],
  ['every last day of the month', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30'],
  ['every month on the last day', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30'],
  ['every month on the 15th and the last day', 'FREQ=MONTHLY;BYMONTHDAY=15,-1', '2026-11-30'],
  ['every last workday', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2026-11-30'],
  ['every last workday of the month', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2026-11-30'],
  ['every month on the last workday', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2026-11-30'],
  ['every first workday of the month', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1', '2026-12-01'],
  ['every first monday', 'FREQ=MONTHLY;BYDAY=1MO', '2026-12-07'],
  ['every first monday of the month', 'FREQ=MONTHLY;BYDAY=1MO', '2026-12-07'],
  ['every month on the first monday', 'FREQ=MONTHLY;BYDAY=1MO', '2026-12-07'],
  ['every 2nd tuesday of the month', 'FREQ=MONTHLY;BYDAY=2TU', '2026-12-08'],
  ['every 2nd tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-11-24'],
  ['every last friday', 'FREQ=MONTHLY;BYDAY=-1FR', '2026-11-27'],
  ['every year', 'FREQ=YEARLY', '2026-11-21'],
  ['yearly', 'FREQ=YEARLY', '2026-11-21'],
  ['every 2 years', 'FREQ=YEARLY;INTERVAL=2', '2026-11-21'],
  ['every year on 24 nov', 'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24', '2026-11-24'],
  ['every 24 nov', 'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24', '2026-11-24'],
  ['every nov 24', 'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24', '2026-11-24'],
  ['every 1st of march', 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1', '2027-03-01'],
  ['every year on 29 feb', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2028-02-29'],
  ['every morning', 'FREQ=DAILY', '2026-11-22T09:00'],
  ['every evening', 'FREQ=DAILY', '2026-11-21T18:00'],
  ['every day at 9', 'FREQ=DAILY', '2026-11-22T09:00'],
  ['every day at 11', 'FREQ=DAILY', '2026-11-21T11:00'],
  ['at 9am every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-23T09:00'],
  ['every monday starting 1 dec', 'FREQ=WEEKLY;BYDAY=MO', '2026-12-07'],
  ['every 3 days starting tomorrow', 'FREQ=DAILY;INTERVAL=3', '2026-11-22'],
]

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
    list: { id: 'improve', name: 'Home improvement' },
  })
})

test('a list is found by its longest name, in quotes, without case; another word is a new list', () => {
  for (const [line, list] of [
    ['x /Home', { id: 'home', name: 'Home' }],
    ['x /home.', { id: 'home', name: 'Home' }],
    ['x /home improvement now', { id: 'improve', name: 'Home improvement' }],
    ['x /"home improvement" now', { id: 'improve', name: 'Home improvement' }],
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

const vocabulary = [
  ...days.map(([phrase]) => phrase),
  ...repetitions.map(([phrase]) => phrase),
  ...[
    'p1',
    'p4',
    '#work',
    '#',
    '/',
    '/home',
    '/"a b"',
    '"',
    '“',
    '”',
    '„',
    'every',
    'after',
    'on',
    'at',
    'by',
  ],
  ...[
    'the',
    'of',
    'in 3',
    'due',
    'next',
    'until',
    '...',
    ',',
    ';',
    '!',
    '(',
    ')',
    '-',
    '24/',
    '/11',
    '#,',
    '@',
  ],
  ...[
    'Buy',
    'milk',
    'İstanbul',
    'ß',
    '🎉',
    'e\u0301',
    '\u00a0',
    '\t',
    '\u200b',
    'constructor',
    '__proto__',
    '\ud800',
  ],
]

/** Lines of any words, the same ones at each run. */
function* randomLines(count: number): Generator<string> {
  let state = 20_261_121
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const glue = [' ', ' ', ' ', ' ', '', '  ', ', ', '. ']
  for (let line = 0; line < count; line++) {
    let text = ''
    for (let word = below(9); word >= 0; word--) {
      text += vocabulary[below(vocabulary.length)]! + glue[below(glue.length)]!
    }
    yield below(4) ? text : text.slice(below(text.length))
  }
}

function assertCovers(line: string, { spans }: ParsedLine): void {
  let at = 0
  for (const span of spans) {
    assert.equal(span.start, at, line)
    assert.ok(span.end > span.start, line)
    at = span.end
  }
  assert.equal(at, line.length, line)
}

/** What was understood, in the grammar's own words; the title is to stay words. */
function render({ title, due, priority, tags, list, recurrence }: ParsedLine) {
  const phrase = recurrence && phraseOf(recurrence)
  const [date, time] = due ? due.slice(0, 16).split('T') : []
  const start = recurrence ? 'starting ' : ''
  const marks = [
    phrase,
    date && start + date,
    time,
    priority && `p${priority}`,
    ...tags.map(tag => `#${tag}`),
  ]
  const line = [title, ...marks, list && `/"${list.name}"`].filter(Boolean).join(' ')
  return { line, literal: title ? [{ start: 0, end: title.length }] : [] }
}

test('whatever is typed, the spans cover the line, and rendered it means the same', () => {
  for (const line of randomLines(6_000)) {
    const parsed = parse(line, around)
    assertCovers(line, parsed)
    const { line: rendered, literal } = render(parsed)
    const { spans: _, ...again } = parse(rendered, around, literal)
    const { spans: __, ...expected } = parsed
    assert.deepEqual(again, expected, `${JSON.stringify(line)} rendered ${JSON.stringify(rendered)}`)
  }
})

test('any characters at all are read without a fault, and a very long line in no time', () => {
  let state = 7
  for (let line = 0; line < 2_000; line++) {
    const codes = Array.from({ length: line % 60 }, () => {
      state = (Math.imul(state, 48_271) >>> 0) % 65_536
      return state % 3 ? 32 + (state % 96) : state
    })
    const text = String.fromCharCode(...codes)
    assertCovers(text, parse(text, around))
  }
  assertCovers('sun '.repeat(240), parse('sun '.repeat(240), around))
  assert.equal(parse('tomorrow '.repeat(2_000), around).due, undefined)
})

test('a phrase for a repetition is understood as that repetition', () => {
  for (const [phrase, rule] of repetitions) {
    const rendered = phraseOf({ rule, from: 'schedule' })
    assert.ok(rendered, phrase)
    const parsed = parse(rendered, around)
    assert.equal(parsed.recurrence?.rule, rule, rendered)
    assert.equal(readRepetition(rendered)?.count, rendered.split(' ').length)
  }
})
