import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  asWords,
  contextOf,
  EMPTY,
  isManyLines,
  type Line,
  readLine,
  typed,
  without,
  writeLine,
} from './line.ts'

const start = asWords({ ...EMPTY, text: 'call tomorrow at 9' }, [{ start: 5, end: 13 }])
const literalText = ({ text, literal }: Line) => literal.map(range => text.slice(range.start, range.end))

test('words that are to stay words stay so while the rest of the line is edited', () => {
  for (const [text, expected] of [
    ['call tomorrow at 9 pm', ['tomorrow']],
    ['call Ada tomorrow at 9', ['tomorrow']],
    ['tomorrow at 9', ['tomorrow']],
    ['call tomorrows at 9', ['tomorrow']],
    ['call tomorrw at 9', ['tomorrw']],
    ['call to-morrow at 9', ['to-morrow']],
    ['call at 9', []],
    ['call to', ['to']],
  ] as const) {
    assert.deepEqual(literalText(typed(start, text)), expected, text)
  }
})

test('an emptied line starts anew', () => {
  assert.deepEqual(typed(without(start, 'due'), ''), EMPTY)
})

test('what the view gives can be refused for this line', () => {
  const defaults = { due: '2026-11-21', tags: ['work'] }
  assert.deepEqual(contextOf(EMPTY, defaults), defaults)
  assert.deepEqual(contextOf(without(EMPTY, 'due'), defaults), { tags: ['work'] })
})

test('a line is kept as it is, and a text of before is a line', () => {
  assert.deepEqual(readLine(writeLine(without(start, 'list'))), without(start, 'list'))
  assert.equal(writeLine(EMPTY), '')
  assert.deepEqual(readLine(''), EMPTY)
  assert.deepEqual(readLine('Buy milk'), { ...EMPTY, text: 'Buy milk' })
  assert.deepEqual(readLine('{broken'), { ...EMPTY, text: '{broken' })
})

test('only what says something on several lines is many lines', () => {
  assert.equal(isManyLines('Milk\nEggs'), true)
  assert.equal(isManyLines('Milk\r\nEggs\r\n'), true)
  assert.equal(isManyLines('Milk'), false)
  assert.equal(isManyLines('Milk\n\n'), false)
  assert.equal(isManyLines('\n \nMilk'), false)
})
