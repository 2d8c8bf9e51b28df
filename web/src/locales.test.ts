import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf, regionalLocale } from './locales.ts'

test('the page speaks the first language of the reader that it knows, and English otherwise', () => {
  assert.equal(languageOf(['fr-FR', 'de-CH', 'en-US']), 'de')
  assert.equal(languageOf(['en-GB', 'de']), 'en')
  assert.equal(languageOf(['fr', 'it']), 'en')
  assert.equal(languageOf(['en-US@posix']), 'en')
  assert.equal(languageOf([]), 'en')
})

test("dates follow the reader's form of the language, and their region when they read another language", () => {
  assert.equal(regionalLocale('en', ['de-AT', 'en-GB', 'en-US']), 'en-GB')
  assert.equal(regionalLocale('de', ['fr-CH', 'de']), 'de-CH')
  assert.equal(regionalLocale('en', ['en', 'de-DE']), 'en-DE')
  assert.equal(regionalLocale('de', ['de']), 'de')
  assert.equal(regionalLocale('en', ['en-US@posix']), 'en')
})
