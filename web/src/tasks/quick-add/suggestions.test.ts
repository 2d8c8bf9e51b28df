import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY } from './line.ts'
import { suggestionsFor, withName } from './suggestions.ts'

const known = {
  lists: [
    { id: null, name: 'Inbox' },
    { id: 'a', name: 'Home' },
    { id: 'b', name: 'Home improvement' },
  ],
  tags: ['work', 'homework', 'errands'],
}
const namesAt = (text: string, caret = text.length) => suggestionsFor({ ...EMPTY, text }, caret, known)?.names

test('names that begin with what was typed come first, then those that contain it', () => {
  assert.deepEqual(namesAt('Buy #'), ['work', 'homework', 'errands'])
  assert.deepEqual(namesAt('Buy #WO'), ['work', 'homework'])
  assert.deepEqual(namesAt('Buy #wo now', 7), ['work', 'homework'])
  assert.deepEqual(namesAt('/'), ['Inbox', 'Home', 'Home improvement'])
  assert.deepEqual(namesAt('x /home i'), ['Home improvement'])
  assert.deepEqual(namesAt('x /"imp'), ['Home improvement'])
  assert.deepEqual(namesAt('x #work /imp'), ['Home improvement'])
  assert.deepEqual(namesAt('x /home #err'), ['errands'])
})

test('nothing is offered where nothing is being named, nothing fits, or it is written out', () => {
  for (const text of [
    'Buy',
    'C#',
    'and/or',
    'Buy #nothing',
    'Buy #work',
    'x /home',
    'x /usr/',
    'x # y',
    '',
  ]) {
    assert.equal(namesAt(text), undefined, text)
  }
  assert.equal(namesAt('Buy #wo', 3), undefined)
  const literal = [{ start: 4, end: 7 }]
  assert.equal(suggestionsFor({ ...EMPTY, text: 'Buy #wo', literal }, 7, known), undefined)
})

test('a chosen name takes the place of what was typed, and the caret stands behind it', () => {
  const tag = suggestionsFor({ ...EMPTY, text: 'Buy #wo now' }, 7, known)!
  assert.deepEqual(withName('Buy #wo now', tag, 'work'), { text: 'Buy #work now', caret: 10 })
  const list = suggestionsFor({ ...EMPTY, text: '/imp' }, 4, known)!
  assert.deepEqual(withName('/imp', list, 'Home improvement'), { text: '/Home improvement ', caret: 18 })
})
