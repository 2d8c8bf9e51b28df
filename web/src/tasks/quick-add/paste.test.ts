import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linesOf } from './paste.ts'

const textsOf = (text: string) => linesOf(text).map(line => line.text)

test('bullets, numbers and boxes are taken off, words that look alike are not', () => {
  for (const [line, text] of [
    ['- Milk', 'Milk'],
    ['  * Milk', 'Milk'],
    ['• Milk', 'Milk'],
    ['1. Milk', 'Milk'],
    ['12) Milk', 'Milk'],
    ['(3) Milk', 'Milk'],
    ['- [ ] Milk', 'Milk'],
    ['- [x] Milk', 'Milk'],
    ['[] Milk', 'Milk'],
    ['☐ Milk', 'Milk'],
    ['1. [ ] Milk', 'Milk'],
    ['\tMilk\tand  honey ', 'Milk and honey'],
    ['-5 degrees', '-5 degrees'],
    ['3 eggs', '3 eggs'],
    ['1.5 l milk', '1.5 l milk'],
    ['[draft] letter', '[draft] letter'],
    ['2026. A year', '2026. A year'],
  ] as const) {
    assert.deepEqual(textsOf(line), [text], line)
  }
})

test('a ticked box is a task that is done', () => {
  assert.deepEqual(
    linesOf('- [x] Milk\n- [ ] Eggs\n☑ Salt').map(line => line.completed),
    [true, false, true],
  )
})

test('empty lines are left out, and the others keep their numbers', () => {
  assert.deepEqual(
    linesOf('Milk\r\n\r\n- \n* Eggs\n').map(({ number, text }) => [number, text]),
    [
      [1, 'Milk'],
      [4, 'Eggs'],
    ],
  )
})
