// §14, §15: forgotten passwords.
import type { Check, Kit } from '../check.ts'
import { statusOf } from '../row.ts'
import {
  anotherDevice,
  freshAddresses,
  isGood,
  isRefused,
  mustBeDead,
  tokenStillGiven,
  trySignIn,
  valuesFor,
  waitForBound,
} from './people.ts'
import { differenceBetween } from './same-answer.ts'

export const checks: Check[] = [
  {
    rows: ['T-203'],
    needs: ['fresh-users', 'hook:mail'],
    feature: 'password-reset',
    kind: 'statistical',
    deadline: 120,
    run: resetsTellNobody,
  },
  {
    rows: ['T-233'],
    needs: ['fresh-users', 'hook:mail'],
    feature: 'password-reset',
    kind: 'destructive',
    run: linksWorkOnce,
  },
  {
    rows: ['T-234'],
    needs: ['fresh-users', 'hook:mail'],
    feature: ['password-reset', 'revocation'],
    run: resetsPutEverybodyOut,
  },
]

const SLOW_MS = 5_000

async function resetsTellNobody(kit: Kit): Promise<void> {
  const row = kit.row('T-203')
  const { email } = await kit.accounts.signUp()
  const ask = (of: string) => kit.accounts.do('requestReset', null, { email: of })
  const unknownEmail = () => kit.accounts.newValues().email
  const [known, unknown] = [await ask(email), await ask(unknownEmail())]
  const difference = differenceBetween(kit, known, unknown)
  row.is(difference === null, `known and unknown e-mails are told apart: ${difference}`, unknown)
  await kit.hooks.mail!({ after: 0, delay: SLOW_MS })
  const slow = await ask(email)
  await kit.hooks.mail!({ after: 0, delay: 0 })
  row.is(slow.ms < SLOW_MS / 2, `the answer waits ${Math.round(slow.ms)} ms for the mail server`, slow)
  if (difference !== null || slow.ms >= SLOW_MS / 2) return

  const emails = [email, (await kit.accounts.signUp()).email, (await kit.accounts.signUp()).email]
  const result = await kit.statistics.compare({
    first: async () => (await ask(kit.random.pick(emails))).ms,
    second: async () => (await ask(unknownEmail())).ms,
  })
  const numbers = `AUC ${result.auc.toFixed(3)}, 95 % between ${result.low.toFixed(3)} and ${result.high.toFixed(3)}, ${result.pairs} pairs`
  row.note(numbers)
  if (result.verdict === 'same') return void row.is(true, numbers)
  // Steps of memory can be measured on one machine; what nobody over a network could see tells nothing.
  const isHidden = await isSmall(kit, ask, emails, unknownEmail)
  if (result.verdict === 'unclear' && !isHidden) row.inconclusive(`noise: ${numbers}`)
  else row.is(isHidden, `the time tells known e-mails: ${numbers}`)
}

/** Whether the typical difference is below what a network hides. */
async function isSmall(
  kit: Kit,
  ask: (email: string) => Promise<{ ms: number }>,
  emails: string[],
  unknownEmail: () => string,
): Promise<boolean> {
  const times: [number[], number[]] = [[], []]
  for (let number = 0; number < 100; number += 1) {
    times[0].push((await ask(kit.random.pick(emails))).ms)
    times[1].push((await ask(unknownEmail())).ms)
  }
  const [known, unknown] = times.map(values => values.toSorted((one, other) => one - other)[50]!)
  return Math.abs(known! - unknown!) < 1
}

/** Asks for a reset; the token of the mail that comes. */
async function resetToken(kit: Kit, email: string): Promise<string> {
  const { end } = await kit.hooks.mail!({ after: 0 })
  await kit.accounts.do('requestReset', null, { email })
  const pattern = new RegExp(kit.profile.choices.mailToken)
  for (let tries = 0; tries < 50; tries += 1) {
    const { mails } = await kit.hooks.mail!({ after: end })
    const token = mails.map(({ text }) => pattern.exec(text)?.[1]).find(Boolean)
    if (token) return token
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return ''
}

function reset(kit: Kit, mailToken: string, newPassword: string) {
  return kit.accounts.do('resetPassword', null, { mailToken, newPassword })
}

async function linksWorkOnce(kit: Kit): Promise<void> {
  const row = kit.row('T-233')
  const fresh = () => kit.accounts.newValues().password
  const { session } = await kit.freshUser()
  const { email } = session
  const used = await resetToken(kit, email)
  const first = await reset(kit, used, fresh())
  row.is(isGood(first), `the link of the mail is answered ${statusOf(first)}`, first)
  const mustFail = async (token: string, what: string) => {
    const answer = await reset(kit, token, fresh())
    row.is(isRefused(answer), `${what} is answered ${statusOf(answer)}`, answer)
  }
  await mustFail(used, 'a reset link used again')

  const raced = await resetToken(kit, email)
  const answers = await Promise.all(Array.from({ length: 50 }, () => reset(kit, raced, fresh())))
  const winners = answers.filter(isGood).length
  row.is(winners === 1, `of 50 uses of one reset link at once, ${winners} succeed`)

  const older = await resetToken(kit, email)
  const newer = await resetToken(kit, email)
  await mustFail(older, 'an older reset link beside a newer one')
  const password = fresh()
  row.is(isGood(await reset(kit, newer, password)), 'the newest of two links does not work')

  const stale = await resetToken(kit, email)
  const signedIn = await kit.accounts.signIn({ email, password })
  const changed = await kit.accounts.do('changePassword', signedIn, valuesFor(kit, session))
  if (isGood(changed)) await mustFail(stale, 'a reset link older than a change of the password')
  if (kit.hooks.clock) await mustExpire(kit, email, mustFail)
}

async function mustExpire(kit: Kit, email: string, mustFail: (token: string, what: string) => Promise<void>) {
  const late = await resetToken(kit, email)
  await kit.hooks.clock!({ offset: kit.profile.choices.resetLifetime + 60 })
  try {
    await mustFail(late, 'a reset link of yesterday')
  } finally {
    await kit.hooks.clock!({ offset: 0 })
  }
}

async function resetsPutEverybodyOut(kit: Kit): Promise<void> {
  const row = kit.row('T-234')
  const person = await kit.freshUser()
  const second = await anotherDevice(kit, person)
  const { newPassword } = valuesFor(kit, person.session)
  const answer = await reset(kit, await resetToken(kit, person.session.email), newPassword)
  if (!row.is(isGood(answer), `resetting the password is answered ${statusOf(answer)}`, answer)) return
  await waitForBound(kit)
  for (const session of [person.session, second]) {
    await mustBeDead(kit, 'T-234', person, session.token, 'after a reset, a token of before')
    row.is(!(await tokenStillGiven(kit, session)), 'after a reset, a cookie of before gets tokens')
  }
  const fresh = await trySignIn(kit, person.session.email, newPassword, freshAddresses(kit)())
  row.is(isGood(fresh), `after a reset the new password does not sign in: ${statusOf(fresh)}`, fresh)
}
