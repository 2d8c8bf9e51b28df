import assert from 'node:assert/strict'
import { test } from 'node:test'
import { match } from './match.ts'

const marked = (query: string, text: string) => {
  const found = match(query, text)
  return (
    found && [...text].map((letter, at) => (found.at.includes(at) ? letter.toUpperCase() : letter)).join('')
  )
}
const best = (query: string, ...texts: string[]) =>
  texts.toSorted((a, b) => (match(query, b)?.score ?? -1) - (match(query, a)?.score ?? -1))[0]

test('the beginnings of words are found, with their letters marked', () => {
  assert.equal(marked('wat pl', 'water the plants'), 'WATer the PLants')
  assert.equal(marked('kt', 'keyboard table'), 'Keyboard Table')
  assert.equal(marked('plants', 'water the plants'), 'water the PLANTS')
})

test('the letters that stand best are marked, not the first ones', () => {
  assert.equal(marked('in', 'sign in'), 'sign IN')
})

test('case and accents make no difference, whatever the letters are', () => {
  assert.equal(marked('cafe', 'ein café'), 'ein CAFÉ')
  assert.equal(marked('äpf', 'apfel'), 'APFel')
  assert.equal(match('rocket', '🚀 rocket')?.at[0], 2)
})

test('letters in another order, missing or scattered are no hit', () => {
  assert.equal(match('wt', 'two'), null)
  assert.equal(match('plants!', 'plants'), null)
  assert.equal(match('aet', 'water the plants'), null)
})

test('a beginning comes before a middle, and the shorter of two that are alike', () => {
  assert.equal(best('list', 'enlist someone', 'new list'), 'new list')
  assert.equal(best('work', 'workout plan', 'work'), 'work')
})

test('nothing asked fits everything', () => {
  assert.deepEqual(match('  ', 'anything'), { score: 0, at: [] })
})
