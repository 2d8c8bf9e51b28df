import { readFileSync } from 'node:fs'

export const PASSWORD_LENGTH = { min: 12, max: 128 } as const
const PRODUCT = 'latchkey'

const common = new Set(
  readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter(line => line && !line.startsWith('#')),
)

export interface PasswordFault {
  code: 'PASSWORD_TOO_COMMON' | 'PASSWORD_CONTAINS_ACCOUNT'
  message: string
}

/**
 * What is wrong with a new password beyond its length, or null. No composition rules (NIST SP 800-63B): it may
 * only not be a common one, a dressed-up common one, one pattern over and over, or made of what everybody knows.
 */
export function findPasswordFault(password: string, email: string): PasswordFault | null {
  const plain = password.normalize('NFKC').toLowerCase()
  const known = knownWords(email)
  const letters = plain.replace(/[^\p{L}\p{N}]/gu, '')
  if (known.some(word => letters.includes(word)) && withoutWords(letters, known).length < 8)
    return {
      code: 'PASSWORD_CONTAINS_ACCOUNT',
      message: 'Choose a password that is not your email address or the name of this app.',
    }
  if (isCommon(plain))
    return {
      code: 'PASSWORD_TOO_COMMON',
      message: 'That password is among the first ones anybody would try. Choose a less common one.',
    }
  return null
}

function knownWords(email: string): string[] {
  const address = email.normalize('NFKC').toLowerCase()
  const local = address.split('@')[0] ?? ''
  return [address, local, PRODUCT]
    .map(word => word.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter(word => word.length >= 4)
}

function withoutWords(text: string, words: string[]): string {
  return words.reduce((rest, word) => rest.replaceAll(word, ''), text).replace(/\d+$/, '')
}

function isCommon(plain: string): boolean {
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const unit = repeatedUnit(plain)
  return common.has(plain) || common.has(core) || unit.length <= 4 || common.has(unit) || isRun(plain)
}

/** The shortest piece that, repeated, makes the text: "abcabcabc" is "abc"; the whole text when there is none. */
function repeatedUnit(text: string): string {
  const period = (text + text).indexOf(text, 1)
  return text.slice(0, period)
}

/** "abcdefghijkl", "987654321098": each character one further than the last, all the way, over the end too. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((character, at) => character.charCodeAt(0) - text.charCodeAt(at))
  return [1, -1].some(step => steps.every(taken => taken === step || taken === -9 * step))
}
