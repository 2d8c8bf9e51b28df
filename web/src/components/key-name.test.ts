import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCharacters, nameKey } from './key-name.ts'

const NONE = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const press = (given: Partial<typeof NONE> & { key: string; altGraph?: boolean }, mac = false) =>
  nameKey(
    { ...NONE, ...given, getModifierState: name => name === 'AltGraph' && given.altGraph === true },
    mac,
  )

test('a letter is the one that is printed on the key, with Caps Lock or without', () => {
  assert.equal(press({ key: 'j' }), 'j')
  assert.equal(press({ key: 'J' }), 'j')
  assert.equal(press({ key: 'J', shiftKey: true }), 'Shift+j')
  assert.equal(press({ key: 'z', code: 'KeyY' }), 'z')
})

test('a layout without Latin letters is read by the place of the key', () => {
  assert.equal(press({ key: 'о', code: 'KeyJ' }), 'j')
  assert.equal(press({ key: 'л', code: 'KeyK', ctrlKey: true }), 'Mod+k')
  assert.equal(press({ key: 'ö', code: 'Semicolon' }), 'ö')
})

test('a character needs other keys on other layouts, and is the same character', () => {
  assert.equal(press({ key: '#', shiftKey: true }), '#')
  assert.equal(press({ key: '#' }), '#')
  assert.equal(press({ key: '#', ctrlKey: true, altKey: true, altGraph: true }), '#')
  assert.equal(press({ key: '#', altKey: true }, true), '#')
  assert.equal(press({ key: '1', shiftKey: true }), '1')
})

test('the modifier of commands is ⌘ on a Mac and Ctrl elsewhere', () => {
  assert.equal(press({ key: 'k', ctrlKey: true }), 'Mod+k')
  assert.equal(press({ key: 'k', metaKey: true }), 'Meta+k')
  assert.equal(press({ key: 'k', metaKey: true }, true), 'Mod+k')
  assert.equal(press({ key: 'k', ctrlKey: true }, true), 'Control+k')
  assert.equal(press({ key: 'z', ctrlKey: true, shiftKey: true }), 'Mod+Shift+z')
})

test('named keys keep their modifiers', () => {
  assert.equal(press({ key: 'ArrowUp', altKey: true }), 'Alt+ArrowUp')
  assert.equal(press({ key: 'Delete' }), 'Delete')
})

test('what is pressed without a modifier can be told from what is not', () => {
  for (const keys of ['j', '#', 'Shift+j', 'g t']) assert.ok(isCharacters(keys), keys)
  for (const keys of ['Mod+k', 'Alt+ArrowUp', 'Delete']) assert.ok(!isCharacters(keys), keys)
})
