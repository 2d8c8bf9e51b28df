import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advisePassword, findEmailFault, findPasswordFault } from './password.ts'

const EMAIL = 'mira.okafor@example.com'

test('a password has 12 to 128 characters', () => {
  assert.equal(findPasswordFault('', EMAIL), 'missing')
  assert.equal(findPasswordFault('x7!kQ2#mZ9p', EMAIL), 'short')
  assert.equal(findPasswordFault('x7!kQ2#mZ9pw', EMAIL), null)
  assert.equal(findPasswordFault('x7!kQ2#mZ9pwR4v&'.repeat(8), EMAIL), null)
  assert.equal(findPasswordFault(`${'x7!kQ2#mZ9pwR4v&'.repeat(8)}c`, EMAIL), 'long')
})

test('the own email and its local part are refused, also dressed up with digits', () => {
  assert.equal(findPasswordFault('Mira.Okafor@Example.com', EMAIL), 'account')
  assert.equal(findPasswordFault('mira.okafor.2026', EMAIL), 'account')
  assert.equal(findPasswordFault('longlocalpart', 'LongLocalPart@example.com'), 'account')
})

test("the product's name is refused, also repeated or dressed up with digits", () => {
  assert.equal(findPasswordFault('latchkeylatchkey', EMAIL), 'account')
  assert.equal(findPasswordFault('Latchkey2026!', EMAIL), 'account')
})

test('one pattern over and over, or one run, is refused', () => {
  for (const password of ['aaaaaaaaaaaa', 'abababababab', '123456789012', 'abcdefghijkl', '987654321098']) {
    assert.equal(findPasswordFault(password, EMAIL), 'common', password)
  }
})

test('an unrelated passphrase passes', () => {
  assert.equal(findPasswordFault('violet otter ladder', EMAIL), null)
  assert.equal(findPasswordFault('violet otter ladder', ''), null)
})

test('advice rises with what is hard to guess', () => {
  assert.equal(advisePassword('short', EMAIL), 0)
  assert.equal(advisePassword('aaaaaaaaaaaaaaaa', EMAIL), 1)
  assert.equal(advisePassword('123456789012', EMAIL), 1)
  assert.equal(advisePassword('mira.okafor99', EMAIL), 1)
  assert.ok(advisePassword('otterladder1', EMAIL) >= 2)
  assert.equal(advisePassword('violet otter ladder brass', EMAIL), 3)
})

test('an email needs one @ between a name and a domain', () => {
  for (const good of [
    'a@b.co',
    ' mira@example.com ',
    'first.last+tag@sub.example.org',
    'jörg@bücher.example',
  ]) {
    assert.equal(findEmailFault(good), null, good)
  }
  assert.equal(findEmailFault(' '), 'missing')
  for (const bad of [
    'mira',
    'mira@',
    '@example.com',
    'a b@example.com',
    'a@b@example.com',
    'mira@example',
    'a@b..co',
  ]) {
    assert.equal(findEmailFault(bad), 'format', bad)
  }
})
