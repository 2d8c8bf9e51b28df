// §14, §15: what an e-mail address is, and who learns of a change of it.
import type { Check, Kit, Row } from '../check.ts'
import type { Answer } from '../client.ts'
import { statusOf } from '../row.ts'
import {
  freshAddresses,
  isGood,
  isRefused,
  memberWith,
  type Person,
  tokenStillGiven,
  trySignIn,
  trySignUp,
  withBody,
} from './people.ts'
import { differenceBetween } from './same-answer.ts'

export const checks: Check[] = [
  { rows: ['T-214'], needs: ['fresh-users'], feature: 'sign-up', run: oneMailboxIsOneAccount },
  { rows: ['T-215'], needs: ['fresh-users'], feature: 'password', run: onlyTextIsText },
  { rows: ['T-204'], needs: ['fresh-users'], feature: 'change-email', run: takenEmailsLookFree },
  {
    rows: ['T-236'],
    needs: ['fresh-users', 'hook:mail'],
    feature: 'change-email',
    run: emailChangesAreConfirmed,
  },
]

async function oneMailboxIsOneAccount(kit: Kit): Promise<void> {
  const row = kit.row('T-214')
  const { email, password } = kit.accounts.newValues()
  const made = await trySignUp(kit, { email, password })
  row.is(isGood(made), `signing up is answered ${statusOf(made)}`, made)
  const from = freshAddresses(kit)
  for (const same of [email.toUpperCase(), email.replace('@', '@').replace(/^./, one => one.toUpperCase())]) {
    const second = await trySignUp(kit, { email: same, password: `${password} other` })
    const reached = await trySignIn(kit, same, `${password} other`, from())
    row.is(!isGood(reached), `${same} is a second account beside ${email}`, second)
  }
  for (const [odd, what] of oddAddresses(email)) {
    const start = (await kit.hooks.mail?.({ after: 0 }))?.end ?? 0
    const answer = await trySignUp(kit, { email: odd, password })
    row.unharmed(answer, what)
    const owner = await trySignIn(kit, odd, password, from())
    row.is(!isGood(owner) || !sameAccount(made, owner), `${what} opens the account of ${email}`, owner)
    await mailsGoToOne(kit, row, start, odd, what)
  }
  for (const [odd, what] of impossibleAddresses(email)) {
    const answer = await trySignUp(kit, { email: odd, password })
    row.is(isRefused(answer), `${what} is answered ${statusOf(answer)}`, answer)
  }
}

function oddAddresses(email: string): [string, string][] {
  const [local = '', domain = ''] = email.split('@')
  return [
    [`${local}+tag@${domain}`, 'a plus'],
    [`${local}＠${domain}`, 'a fullwidth @'],
    [`${local.replace(/i/, 'ı')}@${domain}`, 'a dotless ı'],
    [`${local}@xn--exmple-cua.com`, 'punycode'],
    [`${local}@exämple.com`, 'an international domain'],
    [
      `${local.replace(/[a-z]/, one => String.fromCodePoint(one.codePointAt(0)! + 0xfee0))}@${domain}`,
      'a fullwidth letter',
    ],
    [`${local}%00@${domain}`, 'an encoded NUL'],
  ]
}

function impossibleAddresses(email: string): [string, string][] {
  return [
    [`${email}\r\nBcc: evil@example.net`, 'a line break with a Bcc'],
    [`${email}\nCc:evil@example.net`, 'a line feed with a Cc'],
    [`a${email},evil@example.net`, 'two addresses'],
    [`b${email};evil@example.net`, 'two addresses with a semicolon'],
    [`c\u0000${email}`, 'a NUL'],
    [`${'d'.repeat(300)}@example.com`, '300 characters'],
    ['no-at-sign', 'no @'],
    ['@example.com', 'nothing before the @'],
  ]
}

function sameAccount(one: Answer, other: Answer): boolean {
  const id = (answer: Answer) => JSON.stringify(answer.json?.user?.id ?? answer.json?.id)
  return id(one) !== undefined && id(one) === id(other)
}

async function mailsGoToOne(kit: Kit, row: Row, after: number, email: string, what: string): Promise<void> {
  if (!kit.hooks.mail) return
  const { mails } = await kit.hooks.mail({ after })
  const strays = mails.filter(({ to }) => to.toLowerCase() !== email.toLowerCase() && /evil@/.test(to))
  row.is(strays.length === 0, `${what}: a mail went to ${strays[0]?.to}`)
}

const NO_TEXTS = [{}, { $ne: null }, [], ['a@example.com'], 1, true, { length: 20 }]

async function onlyTextIsText(kit: Kit): Promise<void> {
  const row = kit.row('T-215')
  const { session } = await kit.freshUser()
  for (const action of ['signIn', 'signUp'] as const) {
    const valid = kit.accounts.request(action, { ...session, cookies: new Map() })
    for (const text of [session.email, session.password]) {
      const member = memberWith(valid, text)
      if (member === undefined) continue
      for (const value of NO_TEXTS) {
        const answer = await kit.send(withBody(valid, body => ({ ...body, [member]: value })))
        const said = `${member} ${JSON.stringify(value)} at ${action}`
        row.is(
          isRefused(answer) && answer.status !== 401,
          `${said} is answered ${statusOf(answer)}, not 400`,
          answer,
        )
      }
    }
  }
}

async function takenEmailsLookFree(kit: Kit): Promise<void> {
  const row = kit.row('T-204')
  const person = await kit.freshUser()
  const taken = (await kit.accounts.signUp()).email
  const ask = (newEmail: string) => kit.accounts.do('changeEmail', person.session, { newEmail })
  const [free, held] = [await ask(kit.accounts.newValues().email), await ask(taken)]
  row.is(isGood(free), `changing to a free e-mail is answered ${statusOf(free)}`, free)
  const difference = differenceBetween(kit, free, held)
  row.is(difference === null, `a taken new e-mail differs from a free one: ${difference}`, held)
  if (!kit.accounts.can('sendVerification')) return
  const resend = (email: string) =>
    kit.accounts.do('sendVerification', { ...person.session, email, cookies: new Map() })
  const [known, unknown] = [await resend(taken), await resend(kit.accounts.newValues().email)]
  const told = differenceBetween(kit, known, unknown)
  row.is(
    told === null,
    `asking for a verification mail tells known e-mails from unknown ones: ${told}`,
    unknown,
  )
}

async function emailChangesAreConfirmed(kit: Kit): Promise<void> {
  const row = kit.row('T-236')
  const person = await kit.freshUser()
  const { session } = person
  const newEmail = kit.accounts.newValues().email
  const without = await kit.accounts.do(
    'changeEmail',
    { ...session, password: 'not the password 4711' },
    { newEmail },
  )
  row.is(isRefused(without), `an e-mail is changed without the right password: ${statusOf(without)}`, without)
  const { end } = await kit.hooks.mail!({ after: 0 })
  const asked = await kit.accounts.do('changeEmail', session, { newEmail })
  row.is(isGood(asked), `changing the e-mail is answered ${statusOf(asked)}`, asked)
  await mustStillBe(kit, row, person, newEmail)
  const { mails } = await kit.hooks.mail!({ after: end })
  row.is(
    mails.some(({ to }) => to === session.email),
    'the old address is not told',
  )
  row.is(
    mails.some(({ to }) => to === newEmail),
    'the new address is not asked to confirm',
  )
}

/** Not changed before the new address has confirmed. */
async function mustStillBe(kit: Kit, row: Row, { session }: Person, newEmail: string): Promise<void> {
  const from = freshAddresses(kit)
  const early = await trySignIn(kit, newEmail, session.password, from())
  row.is(!isGood(early), 'the new e-mail signs in before it has confirmed', early)
  const old = await trySignIn(kit, session.email, session.password, from())
  row.is(isGood(old), 'the old e-mail no longer signs in before the new one has confirmed', old)
  row.is(await tokenStillGiven(kit, session), 'asking for a new e-mail ends the session')
}
