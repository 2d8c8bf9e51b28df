// §17: sign-out means out, for every token of the session, whoever ends it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../accounts.ts'
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { statusOf } from '../row.ts'
import {
  anotherDevice,
  beside,
  cloneOf,
  isGood,
  mustBeDead,
  mustLive,
  type Person,
  sidOf,
  tokenStillGiven,
  tryCookie,
  tryToken,
  valuesFor,
  waitForBound,
} from './people.ts'

export const checks: Check[] = [
  {
    rows: ['T-249'],
    needs: ['fresh-users'],
    feature: ['sign-out', 'revocation'],
    kind: 'flood',
    run: nothingIsAcceptedAfterwards,
  },
  {
    rows: ['T-250'],
    needs: ['fresh-users'],
    feature: ['sign-out', 'revocation'],
    run: allTokensOfOneSession,
  },
  {
    rows: ['T-252'],
    needs: ['fresh-users'],
    feature: ['sign-out', 'cookie-session'],
    run: oldCookiesGetNothing,
  },
  { rows: ['T-253'], needs: ['fresh-users'], feature: 'sign-out', run: signOutIsHarmless },
  { rows: ['T-255'], needs: ['fresh-users'], feature: 'revocation', deadline: 120, run: everyWayEndsTokens },
  { rows: ['T-265'], needs: ['fresh-users'], feature: 'cookie-session', run: manyTokensAtOnce },
]

const PER_SECOND = 200
const BEFORE_MS = 400
const AFTER_MS = 700

async function nothingIsAcceptedAfterwards(kit: Kit): Promise<void> {
  const row = kit.row('T-249')
  const person = await kit.freshUser()
  const second = await anotherDevice(kit, person)
  const { signOut, tolerance } = kit.profile.bounds
  const sent: Promise<Answer>[] = []
  const timer = setInterval(() => sent.push(beside(tryToken(kit, person, person.token))), 1000 / PER_SECOND)
  await sleep(BEFORE_MS)
  const out = await kit.accounts.do('signOut', cloneOf(person.session))
  const end = performance.now()
  await sleep(AFTER_MS + signOut)
  clearInterval(timer)
  const answers = await Promise.all(sent)
  row.is(isGood(out), `signing out is answered ${statusOf(out)}`, out)
  const accepted = answers.filter(isGood)
  row.is(accepted.length > 0, 'no request was accepted before the sign-out')
  row.is(
    answers.some(({ sentAt }) => sentAt > end + 100),
    'no request was sent after the sign-out',
  )
  const latest = accepted.reduce(
    (worst, answer) => (answer.sentAt > worst.sentAt ? answer : worst),
    accepted[0]!,
  )
  const late = Math.round(latest.sentAt - end)
  row.note(
    late > 0
      ? `last accepted when sent ${late} ms after the answer`
      : `last accepted when sent ${-late} ms before the answer; ${answers.length} requests`,
  )
  row.is(
    late <= signOut + tolerance,
    `a request sent ${late} ms after sign-out had answered is accepted`,
    latest,
  )
  await mustLive(kit, 'T-249', person, second.token, 'another session of the person')
}

async function allTokensOfOneSession(kit: Kit): Promise<void> {
  const person = await kit.freshUser()
  const second = await anotherDevice(kit, person)
  const tokens = [person.token]
  const canMint = kit.accounts.can('token') && person.session.cookies.size > 0
  for (let number = 0; canMint && number < 9; number += 1) {
    tokens.push(await kit.accounts.token(person.session))
    if (number % 4 === 3) await sleep(150)
  }
  for (const token of tokens) await mustLive(kit, 'T-250', person, token, 'a token of a live session')
  await kit.accounts.do('signOut', person.session)
  await waitForBound(kit)
  for (const [number, token] of tokens.entries())
    await mustBeDead(kit, 'T-250', person, token, `token ${number + 1} of a session that was signed out`)
  await mustLive(kit, 'T-250', person, second.token, 'the other session of the person')
}

async function oldCookiesGetNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-252')
  const { session } = await kit.freshUser()
  const kept = cloneOf(session)
  await kit.accounts.do('signOut', session)
  const answer = await tryCookie(kit, kept)
  row.is(answer.status === 401, `the old cookie is answered ${statusOf(answer)}, not 401`, answer)
}

async function signOutIsHarmless(kit: Kit): Promise<void> {
  const row = kit.row('T-253')
  const [person, other] = [await kit.freshUser(), await kit.freshUser()]
  const kept = cloneOf(person.session)
  await kit.accounts.do('signOut', person.session)
  const garbage = {
    ...kept,
    cookies: new Map([...kept.cookies.keys()].map(name => [name, `garbage${kit.random.text(20)}`])),
  }
  const cases: [string, Session, object?][] = [
    ['a second time', kept],
    ['without a cookie', { ...kept, cookies: new Map() }],
    ['with a garbage cookie', garbage],
    [
      'with another person’s token in the body',
      { ...kept, cookies: new Map() },
      { token: other.token, session_id: sidOf(kit, other.token), sid: sidOf(kit, other.token) },
    ],
  ]
  for (const [what, session, body] of cases) {
    const plain = kit.accounts.request('signOut', session)
    const named = body && {
      ...plain,
      headers: [...(plain.headers ?? []), ['Content-Type', 'application/json'] as [string, string]],
      body: JSON.stringify(body),
    }
    const answer = await kit.send(named || plain)
    row.is(
      answer.status > 0 && answer.status < 500,
      `signing out ${what} is answered ${statusOf(answer)}`,
      answer,
    )
  }
  await waitForBound(kit)
  await mustLive(kit, 'T-253', other, other.token, 'the session of somebody else')
  row.is(await tokenStillGiven(kit, other.session), 'signing out ends the session of somebody else')
}

/** A way to end sessions: which of the person's three devices it ends, and whether there is such a way. */
interface Way {
  name: string
  /** Of the devices: the one that acts, the one that is named, a third. */
  ends: ('acting' | 'named' | 'third')[]
  end(person: Person, acting: Session, named: Session): Promise<boolean>
}

function waysOf(kit: Kit): Way[] {
  const step =
    (action: Parameters<typeof kit.accounts.can>[0]) =>
    async (person: Person, acting: Session, named: Session) => {
      if (!kit.accounts.can(action)) return false
      const values = { ...valuesFor(kit, person.session), sessionId: sidOf(kit, named.token) }
      const device = action === 'changePassword' ? acting : cloneOf(acting)
      const answer = await kit.accounts.do(action, device, values)
      kit.row('T-255').is(isGood(answer), `${action} is answered ${statusOf(answer)}`, answer)
      return isGood(answer)
    }
  const hook = (how: 'ban' | 'sql' | 'expiry') => async (person: Person, _: Session, named: Session) =>
    (await kit.hooks['end-session']?.({ how, user: person.id, sid: sidOf(kit, named.token) }))?.done === true
  return [
    { name: 'ending one session', ends: ['named'], end: step('revokeSession') },
    { name: 'ending all other sessions', ends: ['named', 'third'], end: step('revokeOtherSessions') },
    { name: 'ending all sessions', ends: ['acting', 'named', 'third'], end: step('revokeSessions') },
    { name: 'changing the password', ends: ['named', 'third'], end: step('changePassword') },
    { name: 'deleting the account', ends: ['acting', 'named', 'third'], end: step('deleteAccount') },
    { name: 'a ban', ends: ['acting', 'named', 'third'], end: hook('ban') },
    { name: 'deleting the row of the session', ends: ['named'], end: hook('sql') },
    { name: 'the expiry of the session', ends: ['named'], end: hook('expiry') },
  ]
}

async function everyWayEndsTokens(kit: Kit): Promise<void> {
  const row = kit.row('T-255')
  if (!kit.hooks['end-session']) row.notRun('bans, deleted rows and expiry need hook:end-session')
  const bystander = await kit.freshUser()
  for (const { name, ends, end } of waysOf(kit)) {
    const person = await kit.freshUser()
    const devices = {
      acting: person.session,
      named: await anotherDevice(kit, person),
      third: await anotherDevice(kit, person),
    }
    if (!(await end(person, devices.acting, devices.named))) continue
    // Nobody waits for what happens behind the issuer's back: then the lease is the bound.
    const isBehind = /ban|row|expiry/.test(name)
    await (isBehind ? sleep(kit.profile.bounds.lease + 500) : waitForBound(kit))
    for (const [which, session] of Object.entries(devices) as [keyof typeof devices, Session][]) {
      // Whoever sets a new password may be given a new session in place of the one before.
      const isReplaced = which === 'acting' && /password/.test(name) && kit.accounts.can('token')
      const token = isReplaced ? await kit.accounts.token(session) : session.token
      if (ends.includes(which))
        await mustBeDead(kit, 'T-255', person, token, `after ${name}, the token of the ${which} device`)
      else await mustLive(kit, 'T-255', person, token, `after ${name}, the token of the ${which} device`)
    }
    await mustLive(kit, 'T-255', bystander, bystander.token, `after ${name}, the token of somebody else`)
  }
}

const AT_ONCE = 50

async function manyTokensAtOnce(kit: Kit): Promise<void> {
  const row = kit.row('T-265')
  const { session, token } = await kit.freshUser()
  const count = async () =>
    kit.accounts.can('listSessions')
      ? (await kit.accounts.do('listSessions', session)).text.split(/"createdAt"|"created_at"|"id"/).length
      : 0
  const before = await count()
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => tryCookie(kit, session)))
  const bad = answers.find(answer => !isGood(answer))
  row.is(
    bad === undefined,
    `of ${AT_ONCE} tokens asked for at once, one is answered ${bad && statusOf(bad)}`,
    bad,
  )
  const sids = new Set(
    answers
      .flatMap(answer => Object.values(answer.json ?? {}))
      .filter(isToken)
      .map(text => sidOf(kit, text)),
  )
  row.is(
    sids.size === 1 && sids.has(sidOf(kit, token)),
    `${AT_ONCE} tokens of one session name ${sids.size} sessions`,
  )
  row.is((await count()) === before, 'asking for tokens makes sessions')
  row.is(await tokenStillGiven(kit, session), 'after many tokens at once the session is gone')
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
}
