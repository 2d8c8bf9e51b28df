// §14: which passwords are taken, and that all of each counts.
import type { Check, Kit, Row } from '../check.ts'
import { statusOf } from '../row.ts'
import { freshAddresses, isGood, isRefused, trySignIn, trySignUp } from './people.ts'

export const checks: Check[] = [
  { rows: ['T-211'], needs: ['fresh-users'], feature: 'password', run: passwordsCountWhole },
  { rows: ['T-212'], needs: ['fresh-users'], feature: 'password', run: knownPasswordsAreRefused },
]

async function passwordsCountWhole(kit: Kit): Promise<void> {
  const row = kit.row('T-211')
  const [min, max] = [kit.profile.choices.passwordMin, kit.profile.choices.passwordMax]
  const from = freshAddresses(kit)
  const strong = (length: number) => kit.random.text(length)
  await mustRefuse(kit, row, strong(min - 1), `${min - 1} characters`)
  for (const length of new Set([min, Math.min(64, max), max]))
    await mustTake(kit, row, strong(length), `${length} characters`)
  await mustTake(kit, row, `${strong(6)} ${strong(6)} ${strong(6)}`, 'spaces')
  await mustTake(kit, row, `${strong(10)}😀é漢字`, 'emoji and other scripts')
  await mustTake(kit, row, strong(20).replace(/\d/g, 'x'), 'small letters alone')

  const started = performance.now()
  await mustRefuse(kit, row, strong(16).repeat(60_000), 'a megabyte')
  row.is(performance.now() - started < 5_000, 'a password of a megabyte keeps the server busy for seconds')

  const long = strong(100)
  await mustDiffer(
    kit,
    row,
    long,
    `${long.slice(0, 72)}${strong(28)}`,
    'one that is equal for 72 bytes',
    from,
  )
  await mustDiffer(kit, row, `aB${strong(14)}`, 'swapped', 'another case', from)
  await mustDiffer(kit, row, ` ${strong(14)} `, 'trimmed', 'without the spaces around it', from)
  await mustDiffer(kit, row, strong(40), 'cut', 'its first 20 characters', from)
}

async function mustRefuse(kit: Kit, row: Row, password: string, what: string): Promise<void> {
  const answer = await trySignUp(kit, { ...kit.accounts.newValues(), password })
  row.is(isRefused(answer), `a password of ${what} is answered ${statusOf(answer)}`, answer)
}

async function mustTake(kit: Kit, row: Row, password: string, what: string): Promise<void> {
  const { email } = kit.accounts.newValues()
  const answer = await trySignUp(kit, { email, password })
  row.is(isGood(answer), `a password of ${what} is answered ${statusOf(answer)}`, answer)
  const back = await trySignIn(kit, email, password)
  row.is(isGood(back), `a password of ${what} does not sign in: ${statusOf(back)}`, back)
}

/** Signs up with one password; the other one, close to it, must not open the account. */
async function mustDiffer(
  kit: Kit,
  row: Row,
  password: string,
  how: string,
  what: string,
  from: () => string | undefined,
): Promise<void> {
  const { email } = kit.accounts.newValues()
  const made = await trySignUp(kit, { email, password })
  row.is(isGood(made), `signing up is answered ${statusOf(made)}`, made)
  const swapped = [...password]
    .map(one => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()))
    .join('')
  const other = { swapped, trimmed: password.trim(), cut: password.slice(0, 20) }[how] ?? how
  const answer = await trySignIn(kit, email, other, from())
  row.is(!isGood(answer), `the password and ${what} are the same`, answer)
}

/** Of the lists of breached passwords, those that are long enough for most policies, and what anybody would try. */
const COMMON = [
  '123456789012',
  'password1234',
  'passwordpassword',
  'qwertyuiop123',
  'qwertyqwerty',
  'iloveyou1234',
  'administrator',
  'aaaaaaaaaaaa',
  '111111111111',
  'abcdefghijkl',
  'letmein12345',
  'welcome12345',
  'football1234',
  'Password123!',
  'Password1234',
]

async function knownPasswordsAreRefused(kit: Kit): Promise<void> {
  const row = kit.row('T-212')
  for (const password of COMMON) await mustRefuse(kit, row, password, `the common kind (${password})`)
  const product = kit.profile.choices.product ?? ''
  if (product)
    await mustRefuse(kit, row, `${product}${product}`.slice(0, 60).padEnd(12, '1'), "the product's name")
  const { email } = kit.accounts.newValues()
  const answer = await trySignUp(kit, { email, password: email })
  row.is(isRefused(answer), `the own e-mail as the password is answered ${statusOf(answer)}`, answer)
}
