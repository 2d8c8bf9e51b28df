/**
 * The rules a password must meet before it is sent, and advice beyond them. The server has the last word: it alone
 * knows the list of common passwords.
 */
export const SHORTEST = 12
export const LONGEST = 128
const PRODUCT = 'latchkey'

export type PasswordFault = 'missing' | 'short' | 'long' | 'account' | 'common'

/** The issuer's own rules, so that the person learns of them before anything is sent. */
export function findPasswordFault(password: string, email: string): PasswordFault | null {
  if (!password) return 'missing'
  if (password.length < SHORTEST) return 'short'
  if (password.length > LONGEST) return 'long'
  const plain = password.normalize('NFKC').toLowerCase()
  const letters = lettersOf(plain)
  const known = knownWords(email)
  if (
    known.some(word => letters.includes(word)) &&
    withoutWords(letters, known).replace(/\d+$/, '').length < 8
  )
    return 'account'
  return repeatedUnit(plain).length <= 4 || isRun(plain) ? 'common' : null
}

/** 0 too short, 1 easy to guess, 2 fair, 3 good. Advice, not a measurement: no dictionary is at hand. */
export type PasswordAdvice = 0 | 1 | 2 | 3

export function advisePassword(password: string, email: string): PasswordAdvice {
  if (password.length < SHORTEST) return 0
  if (findPasswordFault(password, email)) return 1
  const unrelated = withoutWords(password.toLowerCase(), knownWords(email))
  const bits = unpredictableCharacters(unrelated) * bitsPerCharacter(unrelated)
  return bits < 33 ? 1 : bits < 60 ? 2 : 3
}

export type EmailFault = 'missing' | 'format'

export function findEmailFault(email: string): EmailFault | null {
  const address = email.trim()
  if (!address) return 'missing'
  const wellFormed = /^[^\s@"(),:;<>[\]\\]+@[^\s@.]+(\.[^\s@.]+)+$/.test(address)
  return wellFormed && address.length <= 254 ? null : 'format'
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

function knownWords(email: string): string[] {
  const mailbox = email.split('@')[0] ?? ''
  return [email, mailbox, PRODUCT].map(lettersOf).filter(word => word.length >= 4)
}

function withoutWords(letters: string, words: string[]): string {
  return words.reduce((rest, word) => rest.replaceAll(word, ''), letters)
}

/** The shortest piece that, repeated, makes the text. */
function repeatedUnit(text: string): string {
  return text.slice(0, (text + text).indexOf(text, 1))
}

/** "abcdefghijkl", "987654321098". */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((character, at) => character.charCodeAt(0) - text.charCodeAt(at))
  return [1, -1].some(step => steps.every(taken => taken === step || taken === -9 * step))
}

/** A character that repeats the one before it, or continues its run (abc, 321), adds next to nothing. */
function unpredictableCharacters(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1)
    const before = text.charCodeAt(i - 1) - text.charCodeAt(i - 2)
    const expected = step === 0 || (step === before && Math.abs(step) === 1)
    if (!expected) count++
  }
  return Math.min(count, new Set(text).size * 2.5)
}

function bitsPerCharacter(text: string): number {
  const kinds = [/[a-z]/, /\d/, /[^a-z\d\s]/, /\s/].filter(kind => kind.test(text)).length
  return 2 + kinds * 0.75
}
