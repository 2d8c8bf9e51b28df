import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Problem } from '../exchange.ts'
import type { State } from '../state.ts'

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: { N: number },
) => Promise<Buffer>
// Cheap on purpose: the self-test signs thousands of people in.
const COST = { N: 512 }
const COMMON = new Set(
  [
    'password',
    '123456',
    'qwerty',
    'letmein',
    'iloveyou',
    'admin',
    'welcome',
    'monkey',
    'dragon',
    'sunshine',
    'princess',
    'football',
    'baseball',
    'superman',
    'trustno1',
    'qwertyuiop',
    'asdfghjkl',
    'passw0rd',
    'correcthorsebatterystaple',
    'unbelievable',
    'administrator',
  ].map(word => word.toLowerCase()),
)
export const PRODUCT = 'goodserver'

/** What OWASP's cheat sheet on password storage names first for scrypt: some tenths of a second. */
const RECOMMENDED = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }

export function createPasswords(state: State) {
  async function hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    return `${salt.toString('hex')}.${(await digest(seen(password), salt)).toString('hex')}`
  }

  async function verify(stored: string, password: string): Promise<boolean> {
    const [salt = '', expected = ''] = stored.split('.')
    const found = await digest(seen(password), Buffer.from(salt, 'hex'))
    return timingSafeEqual(found, Buffer.from(expected, 'hex'))
  }

  async function digest(password: string, salt: Buffer): Promise<Buffer> {
    if (state.has('hashes-on-the-event-loop')) return scryptSync(password, salt, 32, RECOMMENDED)
    return await derive(password, salt, 32, COST)
  }

  /** What of a password is looked at. */
  function seen(password: string): string {
    if (state.has('password-beyond-72-bytes-ignored')) return Buffer.from(password).subarray(0, 72).toString()
    if (state.has('password-case-ignored')) return password.toLowerCase()
    if (state.has('password-trimmed')) return password.trim()
    return password
  }

  function requireGood(password: unknown, email: string): string {
    if (typeof password !== 'string') throw new Problem(400, 'invalid_password')
    const { min, max } = lengths()
    if (password.length < min || password.length > max) throw new Problem(400, 'password_length')
    if (!state.has('common-passwords-allowed') && isCommon(password))
      throw new Problem(400, 'password_too_common')
    if (!state.has('own-email-as-password') && isAboutOneself(password, email))
      throw new Problem(400, 'password_contains_account')
    return password
  }

  function lengths() {
    if (state.has('short-passwords-allowed')) return { min: 8, max: 128 }
    return state.has('megabyte-password-accepted') ? { min: 12, max: Infinity } : { min: 12, max: 128 }
  }

  return { hash, verify, requireGood }
}
export type Passwords = ReturnType<typeof createPasswords>

function isCommon(password: string): boolean {
  const plain = password.toLowerCase()
  const core = plain.replace(/^[^a-z]+|[^a-z]+$/g, '')
  const unit = plain.slice(0, (plain + plain).indexOf(plain, 1))
  return [plain, core, unit].some(word => COMMON.has(word)) || unit.length <= 4 || isRun(plain)
}

/** "abcdefghijkl", "123456789012": each character one further than the last, over the end too. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((character, at) => character.charCodeAt(0) - text.charCodeAt(at))
  return [1, -1].some(step => steps.every(taken => taken === step || taken === -9 * step))
}

function isAboutOneself(password: string, email: string): boolean {
  const words = [email, email.split('@')[0] ?? '', PRODUCT].map(bare).filter(word => word.length >= 4)
  const plain = bare(password)
  return words.some(word => plain.includes(word) && plain.replaceAll(word, '').length < 8)
}

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
