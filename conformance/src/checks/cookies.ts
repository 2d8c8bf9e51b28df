// §15: the session cookie, and what it is good for.

import type { Session } from '../accounts.ts'
import type { Check, Kit, Row } from '../check.ts'
import type { Answer } from '../client.ts'
import { statusOf } from '../row.ts'
import { decode } from '../token.ts'
import {
  anotherDevice,
  cloneOf,
  isGood,
  mustBeDead,
  mustLive,
  sidOf,
  tokenStillGiven,
  tryCookie,
  valuesFor,
  waitForBound,
  withHeader,
} from './people.ts'
import { bitsOf, isOrdered } from './randomness.ts'

export const checks: Check[] = [
  { rows: ['T-217'], needs: ['fresh-users'], feature: 'cookie-session', run: cookieHasItsAttributes },
  { rows: ['T-218'], needs: ['fresh-users'], feature: 'cookie-session', run: plantedCookiesOpenNothing },
  {
    rows: ['T-219'],
    needs: ['fresh-users'],
    feature: ['cookie-session', 'revocation'],
    run: signingInAgainEndsTheSession,
  },
  {
    rows: ['T-220'],
    needs: ['fresh-users'],
    feature: 'cookie-session',
    kind: 'flood',
    deadline: 120,
    run: secretsAreRandom,
  },
  { rows: ['T-221'], needs: ['fresh-users'], feature: 'cookie-session', run: cookieIsInNoBody },
  { rows: ['T-227'], needs: ['fresh-users'], feature: 'cookie-session', run: twoCookiesAreOneOrNone },
]

interface Cookie {
  name: string
  value: string
  attributes: Map<string, string>
}

export function cookiesOf(answer: Answer): Cookie[] {
  return answer.headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, text]) => {
      const [pair = '', ...rest] = text.split(/; */)
      const at = pair.indexOf('=')
      const attributes = rest.map(one => [one.split('=')[0]!.toLowerCase(), one.split('=')[1] ?? ''] as const)
      return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes: new Map(attributes) }
    })
}

/** The cookie that the profile names, or whatever is set and lasts. */
function sessionCookie(kit: Kit, answer: Answer): Cookie | undefined {
  const name = kit.profile.choices.sessionCookie ?? ''
  const cookies = cookiesOf(answer).filter(({ value }) => value !== '')
  return name ? cookies.find(cookie => cookie.name === name) : cookies[0]
}

async function signInAnswer(
  kit: Kit,
  session: Session,
  cookies = new Map<string, string>(),
): Promise<Answer> {
  return await kit.accounts.do('signIn', { ...session, cookies })
}

async function cookieHasItsAttributes(kit: Kit): Promise<void> {
  const row = kit.row('T-217')
  const { session } = await kit.freshUser()
  const answer = await signInAnswer(kit, session)
  const cookie = sessionCookie(kit, answer)
  if (!row.is(cookie !== undefined, `no session cookie ${kit.profile.choices.sessionCookie ?? ''}`, answer))
    return
  const { name, value, attributes } = cookie!
  const has = (attribute: string) => attributes.has(attribute)
  row.is(has('httponly'), 'the session cookie is not HttpOnly', answer)
  row.is(
    /^(lax|strict)$/i.test(attributes.get('samesite') ?? ''),
    'the session cookie is not SameSite',
    answer,
  )
  row.is(attributes.get('path') === '/', `the session cookie is for Path=${attributes.get('path')}`, answer)
  row.is(!has('domain'), 'the session cookie has a Domain: every subdomain gets it', answer)
  row.is(name.length + value.length < 4096, 'the session cookie is beyond 4096 bytes', answer)
  const isSecure =
    kit.profile.issuer!.url.startsWith('https:') ||
    (kit.profile.choices.sessionCookie ?? '').startsWith('__Host-')
  if (isSecure) {
    row.is(has('secure'), 'the session cookie is not Secure', answer)
    row.is(name.startsWith('__Host-'), `the session cookie is ${name}, not __Host-…`, answer)
  }
  const age = kit.profile.choices.sessionMaxAge ?? 0
  if (age > 0) {
    const said = Number(attributes.get('max-age') ?? Number.NaN)
    row.is(said === age, `the session cookie's Max-Age is ${said}, documented is ${age}`, answer)
  }
}

async function plantedCookiesOpenNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-218')
  const victim = await kit.freshUser()
  const attacker = await kit.freshUser()
  const name = nameOfCookie(kit, attacker.session)
  for (const value of [attacker.session.cookies.get(name)!, `planted${kit.random.text(32)}`]) {
    const cookies = new Map([[name, value]])
    const answer = await signInAnswer(kit, victim.session, cookies)
    row.is(isGood(answer), `signing in beside a planted cookie is answered ${statusOf(answer)}`, answer)
    const given = sessionCookie(kit, answer)?.value
    row.is(given !== undefined && given !== value, 'signing in keeps the cookie that was there', answer)
    const planted = { ...attacker.session, cookies: new Map([[name, value]]) }
    const token = await tryCookie(kit, planted)
    row.is(
      !isGood(token) || idIn(kit, token) !== victim.id,
      'a cookie planted before signing in opens the account',
      token,
    )
  }
}

function nameOfCookie(kit: Kit, { cookies }: Session): string {
  const name = kit.profile.choices.sessionCookie ?? ''
  return cookies.has(name) ? name : [...cookies.keys()][0]!
}

function idIn(kit: Kit, answer: Answer): unknown {
  const { subject } = kit.profile.token
  const texts = Object.values(answer.json ?? {}).filter(value => typeof value === 'string')
  return texts.map(text => decode(text as string)?.claims[subject]).find(id => id !== undefined)
}

async function signingInAgainEndsTheSession(kit: Kit): Promise<void> {
  const row = kit.row('T-219')
  const person = await kit.freshUser()
  const before = cloneOf(person.session)
  const again = cloneOf(person.session)
  const answer = await kit.accounts.do('signIn', again)
  row.is(isGood(answer), `signing in again is answered ${statusOf(answer)}`, answer)
  await waitForBound(kit)
  await mustBeDead(kit, 'T-219', person, person.token, 'a token of the session that was replaced')
  row.is(!(await tokenStillGiven(kit, before)), 'the cookie that was replaced still gets tokens')
  const fresh = await kit.accounts.token(again)
  await mustLive(kit, 'T-219', person, fresh, 'the new session')
}

const SAMPLES = 2_000
const PATIENCE_MS = 15_000
/** What a UUID of version 4 has, and what a key must have. */
const BITS = { name: 100, secret: 128 }

async function secretsAreRandom(kit: Kit): Promise<void> {
  const row = kit.row('T-220')
  const { session } = await kit.freshUser()
  const cookies: string[] = []
  const sids: string[] = []
  const end = performance.now() + PATIENCE_MS
  while (cookies.length < SAMPLES && (cookies.length < 50 || performance.now() < end)) {
    const device = await kit.accounts.signIn(session)
    cookies.push(device.cookies.get(nameOfCookie(kit, device)) ?? '')
    sids.push(sidOf(kit, device.token))
  }
  row.note(`${cookies.length} sign-ins`)
  judgeRandom(row, cookies, 'session cookies', BITS.secret)
  if (!kit.profile.absent.includes('session-claim')) judgeRandom(row, sids, 'session ids', BITS.name)
  if (kit.accounts.can('requestReset') && kit.hooks.mail)
    judgeRandom(row, await resetTokens(kit), 'reset tokens', BITS.secret)
}

async function resetTokens(kit: Kit): Promise<string[]> {
  const { email } = await kit.accounts.signUp()
  const { end } = await kit.hooks.mail!({ after: 0 })
  for (let number = 0; number < 20; number += 1) await kit.accounts.do('requestReset', null, { email })
  const { mails } = await kit.hooks.mail!({ after: end })
  return mails.map(({ text }) => /token=([\w.~-]+)/.exec(text)?.[1] ?? '').filter(Boolean)
}

function judgeRandom(row: Row, values: string[], what: string, bits: number): void {
  row.is(new Set(values).size === values.length, `two ${what} are the same`)
  const found = bitsOf(values)
  row.is(
    found >= bits,
    `${what} have about ${Math.floor(found)} bits, not ${bits}: ${values[0]}, ${values[1]}`,
  )
  row.is(what === 'session ids' || !isOrdered(values), `${what} are in the order of their making`)
}

async function cookieIsInNoBody(kit: Kit): Promise<void> {
  const row = kit.row('T-221')
  const { session } = await kit.freshUser()
  const device = cloneOf(session)
  const answers = [await kit.accounts.do('signIn', device)]
  for (const action of [
    'getSession',
    'listSessions',
    'token',
    'updateUser',
    'changePassword',
    'revokeOtherSessions',
    'signOut',
  ] as const)
    if (kit.accounts.can(action)) answers.push(await kit.accounts.do(action, device, valuesFor(kit, device)))
  const values = [
    ...session.cookies.values(),
    ...device.cookies.values(),
    ...answers.flatMap(cookiesOf).map(({ value }) => value),
  ]
  const secrets = values
    .flatMap(value => [value, safeDecode(value), safeDecode(value).split('.')[0]!])
    .filter(one => one.length >= 16)
  for (const answer of answers) {
    const places = [answer.text, answer.header('location') ?? '']
    const isShown = secrets.some(secret => places.some(place => place.includes(secret)))
    row.is(!isShown, `${answer.request.target} shows the cookie's value`, answer)
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function twoCookiesAreOneOrNone(kit: Kit): Promise<void> {
  const row = kit.row('T-227')
  const [one, other] = [await kit.freshUser(), await kit.freshUser()]
  const name = nameOfCookie(kit, one.session)
  const pairs = [one, other].map(({ session }) => `${name}=${session.cookies.get(name)}`)
  const actions = (['token', 'getSession', 'listSessions'] as const).filter(action =>
    kit.accounts.can(action),
  )
  for (const header of [pairs.join('; '), pairs.toReversed().join('; ')]) {
    const seen = new Set<string>()
    for (const action of [...actions, ...actions]) {
      const { as: _nobody, ...plain } = kit.accounts.request(action, null)
      const request = withHeader(plain, 'Cookie', header)
      seen.add(await whoIs(kit, [one, other], await kit.send(request)))
    }
    row.is(seen.size === 1, `two cookies of one name are ${[...seen].join(' here and ')} there`)
  }
  const many = Array.from({ length: 100 }, (_, number) => `c${number}=${kit.random.text(8)}`)
  const answer = await kit.send(
    withHeader(kit.accounts.request('token', null), 'Cookie', [...many, pairs[0]].join('; ')),
  )
  const who = await whoIs(kit, [one, other], answer)
  row.is(
    who === 'the first' || who === 'nobody',
    `among a hundred cookies, that of the first is taken for ${who}`,
    answer,
  )
  row.unharmed(answer, 'a hundred cookies')
  await anotherDevice(kit, one)
}

async function whoIs(
  kit: Kit,
  [one, other]: { id: string; token: string }[],
  answer: Answer,
): Promise<'the first' | 'the second' | 'nobody'> {
  const text = `${answer.text} ${idIn(kit, answer) ?? ''}`
  const isOf = ({ id, token }: { id: string; token: string }) =>
    text.includes(id) || text.includes(sidOf(kit, token))
  return isOf(one!) ? 'the first' : isOf(other!) ? 'the second' : 'nobody'
}
