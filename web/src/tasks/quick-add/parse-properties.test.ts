import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ParsedLine, parse } from './parse.ts'
import { around, days, repetitions } from './parse-cases.ts'
import { phraseOf, readRepetition } from './repetition-phrases.ts'

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
