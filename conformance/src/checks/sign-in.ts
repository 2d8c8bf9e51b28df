// §14: signing in and up without telling who has an account, and without letting anybody guess.
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { statusOf } from '../row.ts'
import { othersHardlyWait } from './neighbours.ts'
import {
  addressOf,
  beside,
  freshAddresses,
  isGood,
  tokenStillGiven,
  trySignIn,
  trySignUp,
  withHeader,
} from './people.ts'
import { differenceBetween } from './same-answer.ts'

const ABREAST = 4
const WRONG = 'not the password of anyone 4711'

export const checks: Check[] = [
  {
    rows: ['T-201'],
    needs: ['fresh-users'],
    feature: 'password',
    kind: 'statistical',
    deadline: 900,
    run: knownAndUnknownLookAlike,
  },
  {
    rows: ['T-202'],
    needs: ['fresh-users'],
    feature: 'sign-up',
    kind: 'flood',
    deadline: 180,
    run: takenEmailIsToldByNobodyOrSlowly,
  },
  {
    rows: ['T-206'],
    needs: ['fresh-users'],
    feature: ['password', 'rate-limit'],
    kind: 'flood',
    deadline: 120,
    run: guessesAreLimited,
  },
  {
    rows: ['T-207'],
    needs: ['fresh-users'],
    feature: ['password', 'rate-limit'],
    kind: 'flood',
    run: claimedAddressesAreNotBelieved,
  },
  {
    rows: ['T-213'],
    needs: ['fresh-users'],
    feature: 'password',
    kind: 'flood',
    deadline: 240,
    run: signInsLeaveTheApiAlone,
  },
]

/** Every account and every address is tried less often than any limit allows. */
async function knownAndUnknownLookAlike(kit: Kit): Promise<void> {
  const row = kit.row('T-201')
  const tries = Math.max(1, (kit.profile.choices.failuresPerAccountAndAddress ?? 5) - 2)
  const nextAddress = freshAddresses(kit)
  const account = await turnsOf(kit, tries, nextAddress)
  const measure = async (isKnown: boolean) => {
    const { known, unknown, from } = await account()
    return await trySignIn(kit, isKnown ? known : unknown, WRONG, from)
  }
  const [known, unknown] = [await measure(true), await measure(false)]
  if (known.status === 429 || unknown.status === 429)
    return row.inconclusive('the limit on attempts was reached by the first')
  const difference = differenceBetween(kit, known, unknown)
  row.is(
    difference === null,
    `a known and an unknown e-mail are answered differently: ${difference}`,
    unknown,
  )

  let limited = 0
  const timed = async (isKnown: boolean) => {
    const answer = await measure(isKnown)
    if (answer.status === 429) limited += 1
    return answer.ms
  }
  const pairs = 400
  const result = await kit.statistics.compare(
    { first: () => timed(true), second: () => timed(false) },
    { pairs, repeats: 4 },
  )
  const numbers = `AUC ${result.auc.toFixed(3)}, 95 % between ${result.low.toFixed(3)} and ${result.high.toFixed(3)}, ${result.pairs} pairs`
  row.note(numbers)
  if (limited > 0) row.inconclusive(`${limited} attempts met the limit`)
  else if (result.verdict === 'unclear') row.inconclusive(`noise: ${numbers}`)
  else row.is(result.verdict === 'same', `the time tells known e-mails from unknown ones: ${numbers}`)
}

/** An account, an unknown e-mail and an address, used together a few times, then new ones. */
async function turnsOf(kit: Kit, tries: number, nextAddress: () => string | undefined) {
  let turn = 0
  let current: { known: string; unknown: string; from: string | undefined } | undefined
  return async () => {
    if (!current || turn % (2 * tries) === 0) {
      const session = await kit.accounts.signUp()
      current = { known: session.email, unknown: kit.accounts.newValues().email, from: nextAddress() }
    }
    turn += 1
    return current
  }
}

async function takenEmailIsToldByNobodyOrSlowly(kit: Kit): Promise<void> {
  const row = kit.row('T-202')
  const { email } = await kit.accounts.signUp()
  const from = freshAddresses(kit)()
  const { password } = kit.accounts.newValues()
  const taken = await trySignUp(kit, { email, password }, from)
  const free = await trySignUp(kit, kit.accounts.newValues(), from)
  if (differenceBetween(kit, taken, free) === null) return void row.is(true, 'a taken e-mail looks free')
  const isDocumented = kit.profile.choices.takenEmail === 'told'
  row.is(isDocumented, `a taken e-mail is answered ${statusOf(taken)}, a free one ${statusOf(free)}`, taken)
  row.is(!isGood(taken), 'a taken e-mail is signed up again', taken)

  await takenEmailsAreLimited(kit, () => trySignUp(kit, { email, password }, from))
}

const PATIENCE_MS = 90_000

/** However a limit counts its minutes, this is more than it lets pass; a slow machine may never be so quick. */
async function takenEmailsAreLimited(kit: Kit, ask: () => Promise<Answer>): Promise<void> {
  const row = kit.row('T-202')
  const limit = kit.profile.choices.signUpsPerMinute
  const began = performance.now()
  const elapsed = () => performance.now() - began
  let sent = 0
  while (sent <= limit * (2 + elapsed() / 60_000)) {
    if (elapsed() > PATIENCE_MS) return row.inconclusive(`no more than ${sent} sign-ups in ${PATIENCE_MS} ms`)
    sent += ABREAST
    if ((await untilLimited(ABREAST, ask, ABREAST)) !== null) return void row.is(true, 'a 429')
  }
  row.fail(`${sent} sign-ups with taken e-mails in ${(elapsed() / 1000).toFixed(0)} s, and no 429`)
}

/** The first 429 of so many requests, several at a time. */
async function untilLimited(count: number, ask: () => Promise<Answer>, abreast = 1): Promise<Answer | null> {
  for (let sent = 0; sent < count; sent += abreast) {
    const answers = await Promise.all(Array.from({ length: abreast }, ask))
    const limited = answers.find(answer => answer.status === 429)
    if (limited) return limited
  }
  return null
}

async function guessesAreLimited(kit: Kit): Promise<void> {
  const row = kit.row('T-206')
  const { email, password } = await kit.accounts.signUp()
  const nextAddress = freshAddresses(kit)
  const attacker = nextAddress()
  const owner = nextAddress()
  const first = await trySignIn(kit, email, password, owner)
  row.is(isGood(first), 'the owner cannot sign in', first)

  const few = kit.profile.choices.failuresPerAccountAndAddress ?? 20
  const limited = await untilLimited(few + 1, () => trySignIn(kit, email, WRONG, attacker))
  row.is(limited !== null, `${few + 1} wrong passwords in a row, and no 429`)
  if (limited) row.is(limited.header('retry-after') !== undefined, 'a 429 without Retry-After', limited)
  if (addressOf(kit, 1) === undefined) return row.note('one address only: others could not be tried')

  const many = kit.profile.choices.failuresPerAccount
  const spread = await untilLimited(many + 1, () => trySignIn(kit, email, WRONG, nextAddress()), 4)
  row.is(spread !== null, `${many + 1} wrong passwords from as many addresses, and no 429`)
  const answer = await trySignIn(kit, email, password, owner)
  row.is(isGood(answer), 'strangers shut the owner out, who is at an address of before', answer)
}

const CLAIMS = [
  'X-Forwarded-For',
  'X-Real-IP',
  'Forwarded',
  'CF-Connecting-IP',
  'True-Client-IP',
  'X-Client-IP',
]

async function claimedAddressesAreNotBelieved(kit: Kit): Promise<void> {
  const row = kit.row('T-207')
  const { email } = await kit.accounts.signUp()
  const from = freshAddresses(kit)()
  const limit = kit.profile.choices.failuresPerAccountAndAddress ?? 20
  const claimed = () => `203.0.113.${1 + kit.random.integer(250)}`
  const before = (await kit.hooks.log?.({ after: 0 }))?.end ?? 0
  let seen: string[] = []
  const ask = async () => {
    const address = claimed()
    seen.push(address)
    const request = kit.accounts.request('signIn', {
      id: '',
      name: '',
      token: '',
      cookies: new Map(),
      email,
      password: WRONG,
    })
    const claims = CLAIMS.reduce(
      (all, name) => withHeader(all, name, name === 'Forwarded' ? `for=${address}` : address),
      request,
    )
    return await kit.send({ ...claims, from, fresh: true })
  }
  const limited = await untilLimited(limit + 1, ask)
  row.is(limited !== null, `${limit + 1} wrong passwords under other claimed addresses, and no 429`)
  const log = (await kit.hooks.log?.({ after: before }))?.text ?? ''
  const believed = seen.find(address => new RegExp(`"(client|ip|remote)[a-z_]*":"${address}"`, 'i').test(log))
  row.is(believed === undefined, `the log takes the claimed ${believed} for the client`)
  seen = []
}

const AT_ONCE = 40

/** The list's latency in the quiet and under a wave of sign-ins; then one sign-out in the midst of a wave. */
async function signInsLeaveTheApiAlone(kit: Kit): Promise<void> {
  const row = kit.row('T-213')
  const wave = kit.profile.choices.signInWave
  const session = await kit.accounts.signUp()
  const nextAddress = freshAddresses(kit)
  const signIn = () => trySignIn(kit, session.email, session.password, nextAddress())
  await othersHardlyWait(kit, row, `${wave} sign-ins`, () => flood(wave, signIn))

  const leaving = await kit.accounts.signUp()
  const again = beside(flood(wave / 4, signIn))
  await kit.accounts.do('signOut', leaving)
  row.is(!(await tokenStillGiven(kit, leaving)), 'a sign-out amid sign-ins leaves the session alive')
  await again
}

async function flood(count: number, ask: () => Promise<Answer>): Promise<void> {
  let left = count
  const work = async () => {
    while (left-- > 0) await ask()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
