import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPasswordFault } from './password-policy.ts'

const codeOf = (password: string, email = 'ada.lovelace@example.org') =>
  findPasswordFault(password, email)?.code ?? null

test('common passwords are refused, dressed up too', () => {
  for (const password of [
    'password1234',
    'Password1234!',
    '123456789012',
    'qwertyuiop123',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'abcdefghijkl',
    '210987654321',
    '!!!iloveyou!!!',
    'passwordpassword',
    'ｐａｓｓｗｏｒｄ1234',
  ])
    assert.equal(codeOf(password), 'PASSWORD_TOO_COMMON', password)
})

test('the email, its local part and the product’s name are refused, with little else around them', () => {
  for (const password of [
    'ada.lovelace@example.org',
    'adalovelace1',
    'ADA-LOVELACE-2026',
    'latchkey1234',
    'Latchkey!Latchkey',
    'my-latchkey-1',
  ])
    assert.equal(codeOf(password), 'PASSWORD_CONTAINS_ACCOUNT', password)
})

test('anything else may be chosen: no rules about kinds of characters', () => {
  for (const password of [
    'violet otter ladder',
    'correct horse battery',
    '    spaces   around    ',
    'пароль очень длинный',
    '🦔🦦🐢🦔🐢🦦 яблоко',
    'kT9#kT9#vmQ2',
    'latchkey kept beside the old oak door',
  ])
    assert.equal(codeOf(password), null, password)
  assert.equal(codeOf('violet otter ladder', 'a@b.c'), null)
})
