// §14, §15: whose sessions, how long, and what ends them.
import type { Check, Kit, Row } from '../check.ts'
import { statusOf } from '../row.ts'
import { decode } from '../token.ts'
import {
  anotherDevice,
  beside,
  cloneOf,
  freshAddresses,
  isGood,
  isRefused,
  mustBeDead,
  mustLive,
  sidOf,
  tokenStillGiven,
  tryCookie,
  trySignIn,
  tryToken,
  valuesFor,
  waitForBound,
} from './people.ts'
import { bitsOf, isOrdered } from './randomness.ts'
import { differenceBetween } from './same-answer.ts'

export const checks: Check[] = [
  { rows: ['T-205'], needs: ['fresh-users'], run: peopleCannotBeFound },
  {
    rows: ['T-230'],
    needs: ['fresh-users', 'hook:clock'],
    feature: 'cookie-session',
    kind: 'destructive',
    deadline: 180,
    run: sessionsEnd,
  },
  { rows: ['T-231'], needs: ['fresh-users'], feature: 'session-list', run: sessionsAreTheirOwners },
  {
    rows: ['T-234'],
    needs: ['fresh-users'],
    feature: ['change-password', 'revocation'],
    run: newPasswordsPutOthersOut,
  },
  {
    rows: ['T-235'],
    needs: ['fresh-users'],
    feature: 'change-password',
    run: passwordChangesAskForTheOldOne,
  },
  {
    rows: ['T-237'],
    needs: ['fresh-users', 'hook:rows'],
    feature: ['delete-account', 'revocation'],
    run: deletionIsWhole,
  },
]

const LISTS = ['users', 'list-users', 'admin/list-users', 'admin/users', 'accounts', 'people']

async function peopleCannotBeFound(kit: Kit): Promise<void> {
  const row = kit.row('T-205')
  const people = []
  for (let number = 0; number < 8; number += 1) people.push(await kit.accounts.signUp())
  const ids = people.map(({ id }) => id)
  const bits = bitsOf(ids)
  row.is(bits >= 60, `ids have about ${Math.floor(bits)} bits of chance: ${ids.slice(0, 3).join(', ')}`)
  row.is(bits >= 60 || !isOrdered(ids), 'ids count up')
  const auth = kit.accounts.request('signIn', people[0]).target.split('/').slice(0, -1)
  const bases = new Set(['', '/api', auth.join('/'), auth.slice(0, 2).join('/'), auth.slice(0, 3).join('/')])
  for (const base of bases) {
    for (const name of LISTS) {
      for (const to of ['issuer', 'api'] as const) {
        const request = { ...kit.accounts.request('token', people[0]), to, target: `${base}/${name}` }
        const bearer: [string, string] = ['Authorization', `Bearer ${people[0]!.token}`]
        const answer = await kit.send({ ...request, headers: [...(request.headers ?? []), bearer] })
        const shown = people
          .slice(1)
          .some(({ id, email }) => answer.text.includes(id) || answer.text.includes(email))
        row.is(!shown, `${request.target} lists people`, answer)
      }
    }
  }
}

const MARGIN = 120

async function sessionsEnd(kit: Kit): Promise<void> {
  const row = kit.row('T-230')
  const clock = async (offset: number) => void (await kit.hooks.clock!({ offset }))
  const [idle, absolute] = [kit.profile.choices.sessionIdle ?? 0, kit.profile.choices.sessionAbsolute ?? 0]
  row.is(idle > 0, 'the profile states no idle limit (choices.sessionIdle)')
  row.is(absolute > 0, 'the profile states no absolute limit (choices.sessionAbsolute)')
  const [quiet, busy] = [await kit.freshUser(), await kit.freshUser()]
  try {
    if (idle > 0) {
      await clock(idle + MARGIN)
      const answer = await tryCookie(kit, quiet.session)
      row.is(isRefused(answer), `a session idle for ${idle} s is answered ${statusOf(answer)}`, answer)
    }
    if (absolute > 0) await useUntilTheEnd(kit, row, busy.session, { idle, absolute, clock })
  } finally {
    await clock(0)
  }
}

interface Limits {
  idle: number
  absolute: number
  clock(offset: number): Promise<void>
}

/** Used again and again, never idle: it must end all the same, and its tokens with it. */
async function useUntilTheEnd(
  kit: Kit,
  row: Row,
  session: Parameters<typeof tryCookie>[1],
  limits: Limits,
): Promise<void> {
  const { idle, absolute, clock } = limits
  const started = Math.floor(Date.now() / 1000)
  const step = Math.min(idle > 0 ? idle / 2 : absolute / 4, absolute / 4)
  await clock(0)
  for (let offset = step; offset < absolute - MARGIN; offset += step) {
    await clock(offset)
    const answer = await tryCookie(kit, session)
    if (!row.is(isGood(answer), `a session in use is over after ${offset} s: ${statusOf(answer)}`, answer))
      return
  }
  await clock(absolute - MARGIN)
  const late = await tryCookie(kit, session)
  const token = Object.values(late.json ?? {}).find(
    value => typeof value === 'string' && decode(value) !== null,
  )
  const exp = Number(decode(String(token))?.claims.exp)
  if (row.is(isGood(late), `a session in use is over before its limit: ${statusOf(late)}`, late))
    row.is(
      exp <= started + absolute + 2,
      `a token is good for ${exp - started - absolute} s longer than its session`,
      late,
    )
  await clock(absolute + MARGIN)
  const over = await tryCookie(kit, session)
  row.is(isRefused(over), `a session of more than ${absolute} s is answered ${statusOf(over)}`, over)
}

async function sessionsAreTheirOwners(kit: Kit): Promise<void> {
  const row = kit.row('T-231')
  const [person, other] = [await kit.freshUser(), await kit.freshUser()]
  const second = await anotherDevice(kit, person)
  const list = await kit.accounts.do('listSessions', person.session)
  const own = [sidOf(kit, person.token), sidOf(kit, second.token)]
  const foreign = [sidOf(kit, other.token), other.id, other.email ?? '', ...other.session.cookies.values()]
  row.is(
    own.every(sid => list.text.includes(sid)),
    'the list of sessions lacks an own one',
    list,
  )
  row.is(
    !foreign.some(text => text.length > 3 && list.text.includes(text)),
    "another's session is listed",
    list,
  )

  const revoke = (sessionId: string) => kit.accounts.do('revokeSession', person.session, { sessionId })
  const never = await revoke(kit.unknownUser)
  for (const name of [sidOf(kit, other.token), ...other.session.cookies.values(), other.token]) {
    const answer = await revoke(name)
    const difference = differenceBetween(kit, never, answer)
    row.is(difference === null, `another's session is told from one that never was: ${difference}`, answer)
  }
  await waitForBound(kit)
  await mustLive(kit, 'T-231', other, other.token, 'a session that somebody else tried to end')
  row.is(await tokenStillGiven(kit, other.session), 'somebody else ended a session')
  const answer = await revoke(sidOf(kit, second.token))
  row.is(isGood(answer), `ending an own session is answered ${statusOf(answer)}`, answer)
  await waitForBound(kit)
  await mustBeDead(kit, 'T-231', person, second.token, 'an own session that was ended')
}

async function newPasswordsPutOthersOut(kit: Kit): Promise<void> {
  const row = kit.row('T-234')
  const person = await kit.freshUser()
  const others = [await anotherDevice(kit, person), await anotherDevice(kit, person)]
  const { newPassword } = valuesFor(kit, person.session)
  const after = (await kit.hooks.mail?.({ after: 0 }))?.end ?? 0
  const answer = await kit.accounts.do('changePassword', person.session, { newPassword })
  if (!row.is(isGood(answer), `changing the password is answered ${statusOf(answer)}`, answer)) return
  await waitForBound(kit)
  for (const session of others) {
    await mustBeDead(kit, 'T-234', person, session.token, 'after a new password, a token of another device')
    row.is(
      !(await tokenStillGiven(kit, session)),
      'after a new password, the cookie of another device gets tokens',
    )
  }
  const from = freshAddresses(kit)
  const old = await trySignIn(kit, person.session.email, person.session.password, from())
  row.is(!isGood(old), 'the old password still signs in', old)
  const fresh = await trySignIn(kit, person.session.email, newPassword, from())
  row.is(isGood(fresh), `the new password does not sign in: ${statusOf(fresh)}`, fresh)
  if (!kit.hooks.mail) return
  const { mails } = await kit.hooks.mail({ after })
  row.is(
    mails.some(({ to }) => to === person.session.email),
    'nobody is told of the new password',
  )
}

async function passwordChangesAskForTheOldOne(kit: Kit): Promise<void> {
  const row = kit.row('T-235')
  const { session } = await kit.freshUser()
  const { newPassword } = valuesFor(kit, session)
  const change = (password: string) =>
    kit.accounts.do('changePassword', { ...cloneOf(session), password }, { newPassword })
  for (const password of ['', 'not the password 4711']) {
    const answer = await change(password)
    row.is(
      isRefused(answer),
      `without the right password, changing it is answered ${statusOf(answer)}`,
      answer,
    )
  }
  const guesses = kit.profile.choices.passwordGuesses
  const answers = []
  for (let number = 0; number < guesses && answers.at(-1)?.status !== 429; number += 1)
    answers.push(await change(`guess number ${number} of many`))
  row.is(
    answers.at(-1)?.status === 429,
    `${guesses} guesses at the current password, and no 429`,
    answers.at(-1),
  )
  const still = await trySignIn(kit, session.email, session.password, freshAddresses(kit)())
  row.is(isGood(still), `after the guesses the old password signs in no more: ${statusOf(still)}`, still)
}

async function deletionIsWhole(kit: Kit): Promise<void> {
  const row = kit.row('T-237')
  const person = await kit.freshUser()
  const second = await anotherDevice(kit, person)
  for (const password of ['', 'not the password 4711']) {
    const answer = await kit.accounts.do('deleteAccount', { ...cloneOf(person.session), password })
    row.is(isRefused(answer), `without the right password, deleting is answered ${statusOf(answer)}`, answer)
  }
  const { rows } = await kit.hooks.rows!({ user: person.id })
  row.is(rows > 0, 'the hook finds no rows of a person who has some')
  let isOver = false
  const traffic = beside(
    (async () => {
      while (!isOver) await tryToken(kit, person, person.token)
    })(),
  )
  const answer = await kit.accounts.do('deleteAccount', cloneOf(person.session))
  isOver = true
  await traffic
  if (!row.is(isGood(answer), `deleting the account is answered ${statusOf(answer)}`, answer)) return
  await waitForBound(kit)
  for (const token of [person.token, second.token])
    await mustBeDead(kit, 'T-237', person, token, 'a token of a deleted account')
  row.is(!(await tokenStillGiven(kit, second)), 'the cookie of a deleted account gets tokens')
  const left = await kit.hooks.rows!({ user: person.id })
  row.is(left.rows === 0, `${left.rows} rows of a deleted account are left`)
  const back = await trySignIn(kit, person.session.email, person.session.password, freshAddresses(kit)())
  row.is(!isGood(back), 'a deleted account signs in', back)
}
