// §15: what another site can make a browser do.
import type { Session } from '../accounts.ts'
import type { Check, Kit, Row } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import type { Action } from '../profile.ts'
import { statusOf } from '../row.ts'
import {
  CHANGES,
  isGood,
  isRefused,
  ownOrigin,
  tokenStillGiven,
  valuesFor,
  withBody,
  withHeader,
} from './people.ts'

export const checks: Check[] = [
  { rows: ['T-222'], needs: ['fresh-users'], feature: 'cookie-session', run: otherOriginsChangeNothing },
  { rows: ['T-223'], needs: ['fresh-users'], feature: 'cookie-session', run: gettingChangesNothing },
  { rows: ['T-224'], needs: ['fresh-users'], feature: 'cookie-session', run: nobodyIsSignedInFromOutside },
  { rows: ['T-225'], needs: ['fresh-users'], run: redirectsStayHere },
  { rows: ['T-226'], needs: ['fresh-users'], feature: 'cookie-session', run: linksLeadHere },
  { rows: ['T-229'], needs: ['fresh-users'], feature: 'cookie-session', run: tokensAreForOurPage },
]

/** Each a page that is not ours. */
export function foreignOrigins(own: string): string[] {
  const { protocol, hostname, host } = new URL(own)
  const other = protocol === 'https:' ? 'http:' : 'https:'
  return [
    'https://evil.example',
    'null',
    `${protocol}//${hostname}.evil.example`,
    `${protocol}//evil-${hostname}`,
    `${protocol}//evil.${hostname}`,
    `${other}//${host}`,
    `${protocol}//${hostname}:61234`,
    `${own}.evil.example`,
    `${own}@evil.example`,
  ]
}

const changesOf = (kit: Kit) => CHANGES.filter(action => kit.accounts.can(action))

interface Attack {
  what: string
  change(request: Request): Request
}

function attacksFrom(kit: Kit): Attack[] {
  const form = (type: string) => (request: Request) =>
    withHeader(withHeader(request, 'Origin', 'https://evil.example'), 'Content-Type', type)
  return [
    ...foreignOrigins(ownOrigin(kit)).map(origin => ({
      what: `from ${origin}`,
      change: (request: Request) => withHeader(request, 'Origin', origin),
    })),
    { what: 'without an origin', change: request => withHeader(request, 'Origin', undefined) },
    {
      what: 'that the browser calls cross-site',
      change: request => withHeader(request, 'Sec-Fetch-Site', 'cross-site'),
    },
    { what: 'as a form', change: form('application/x-www-form-urlencoded') },
    { what: 'as plain text', change: form('text/plain') },
    // The own origin: a form of the own page is no attack, but its type must not be read as JSON.
    {
      what: 'as plain text of our page',
      change: request => withHeader(request, 'Content-Type', 'text/plain'),
    },
  ]
}

async function otherOriginsChangeNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-222')
  const person = await kit.freshUser()
  for (const action of changesOf(kit)) {
    for (const { what, change } of attacksFrom(kit)) {
      const valid = kit.accounts.request(action, person.session, valuesFor(kit, person.session))
      if (valid.body === undefined && what.includes('of our page')) continue
      const answer = await kit.send(change(valid))
      const isRight = answer.status === 403 || (what.startsWith('as ') && [400, 415].includes(answer.status))
      row.is(isRight, `${action} ${what} is answered ${statusOf(answer)}, not 403`, answer)
      if (!isGood(answer)) continue
      // It may have happened: the next attacks need somebody who is still there.
      Object.assign(person, await kit.freshUser())
    }
    row.is(await tokenStillGiven(kit, person.session), `after ${action} of other sites the session is gone`)
  }
}

async function gettingChangesNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-223')
  const person = await kit.freshUser()
  for (const action of [...changesOf(kit), 'signIn', 'signUp', 'requestReset', 'resetPassword'] as Action[]) {
    if (!kit.accounts.can(action)) continue
    const request = kit.accounts.request(action, person.session, {
      ...valuesFor(kit, person.session),
      mailToken: 'none',
    })
    if (request.method === 'GET') continue
    const answer = await kit.send({
      ...withHeader(request, 'Content-Type', undefined),
      method: 'GET',
      body: undefined,
    })
    const isRight = answer.status === 404 || answer.status === 405
    row.is(isRight, `GET ${request.target} is answered ${statusOf(answer)}, not 404 or 405`, answer)
    row.is(await tokenStillGiven(kit, person.session), `GET ${request.target} ends the session`)
  }
}

async function nobodyIsSignedInFromOutside(kit: Kit): Promise<void> {
  const row = kit.row('T-224')
  const { session } = await kit.freshUser()
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain']
  for (const type of types) {
    for (const site of [undefined, 'cross-site']) {
      const plain = kit.accounts.request('signIn', { ...session, cookies: new Map() })
      const typed = withHeader(withHeader(plain, 'Content-Type', type), 'Origin', 'https://evil.example')
      const answer = await kit.send(withHeader(typed, 'Sec-Fetch-Site', site))
      const isRight = answer.status === 403 || (type !== types[0] && answer.status === 415)
      row.is(
        isRight,
        `signing in from another site as ${type} is answered ${statusOf(answer)}, not 403`,
        answer,
      )
      row.is(answer.header('set-cookie') === undefined, 'another site signs its visitor in', answer)
    }
  }
}

const ELSEWHERE = [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https:/evil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '\t//evil.example',
  '/\t/evil.example',
  ' //evil.example',
  'javascript:alert(1)//evil.example',
  'data:text/html,evil.example',
  '///evil.example',
]

const MEMBERS = ['callbackURL', 'redirectTo', 'redirect_uri', 'next', 'returnTo']

async function redirectsStayHere(kit: Kit): Promise<void> {
  const row = kit.row('T-225')
  const { session } = await kit.freshUser()
  const own = ownOrigin(kit)
  const tricks = [
    `${own}@evil.example`,
    `${own}.evil.example/`,
    `https://${new URL(own).hostname}:x@evil.example`,
  ]
  // What the profile calls a redirect must be refused; anything else may be ignored, as long as it leads nowhere.
  const known = kit.profile.choices.redirects
  for (const action of ['signIn', 'signUp', 'requestReset', 'sendVerification', 'signOut'] as const) {
    for (const member of kit.accounts.can(action) ? MEMBERS : []) {
      const isKnown = known.includes(`${action}.${member}`)
      for (const target of isKnown ? [...ELSEWHERE, ...tricks] : ELSEWHERE.slice(0, 3)) {
        const values = action === 'signUp' ? kit.accounts.newValues() : {}
        const valid = kit.accounts.request(action, { ...session, cookies: new Map() }, values)
        const what = `${action} with ${member} ${JSON.stringify(target)}`
        const answer = await mustStay(
          kit,
          row,
          withBody(valid, body => ({ ...body, [member]: target })),
          what,
        )
        if (isKnown)
          row.is(isRefused(answer), `${what} is answered ${statusOf(answer)}, not 400 or 403`, answer)
        const asked = `${valid.target}?${member}=${encodeURIComponent(target)}`
        if (target === ELSEWHERE[0])
          await mustStay(kit, row, { ...valid, target: asked }, `${action} with ?${member}`)
      }
    }
  }
}

/** Neither a redirect there, nor the place handed to the page to go there. */
async function mustStay(kit: Kit, row: Row, request: Request, what: string): Promise<Answer> {
  const answer = await kit.send(request)
  row.unharmed(answer, what)
  const location = answer.header('location') ?? ''
  row.is(!location.includes('evil.example'), `${what} redirects to ${location}`, answer)
  const isHandedOn = isGood(answer) && answer.text.includes('evil.example')
  row.is(!isHandedOn, `${what} is accepted and handed to the page`, answer)
  return answer
}

const PRETENDED = 'evil.example'

async function linksLeadHere(kit: Kit): Promise<void> {
  const row = kit.row('T-226')
  const { session } = await kit.freshUser()
  const before = (await kit.hooks.mail?.({ after: 0 }))?.end ?? 0
  for (const headers of [
    [['Host', PRETENDED]],
    [
      ['X-Forwarded-Host', PRETENDED],
      ['X-Forwarded-Proto', 'https'],
    ],
    [
      ['X-Host', PRETENDED],
      ['Forwarded', `host=${PRETENDED}`],
    ],
  ] as [string, string][][]) {
    const name = headers[0]![0]
    for (const answer of await askUnder(kit, session, headers)) {
      row.unharmed(answer, `${answer.request.target} under ${name}`)
      row.is(!answer.bytes.includes(PRETENDED), `${answer.request.target} believes ${name}`, answer)
    }
  }
  if (kit.hooks.mail) {
    const believed = (await kit.hooks.mail({ after: before })).mails.find(({ text }) =>
      text.includes(PRETENDED),
    )
    row.is(believed === undefined, `a mail links to another host: ${believed?.text.slice(0, 100)}`)
  }
  row.is(await tokenStillGiven(kit, session), 'after a request under another Host the server answers no more')
}

async function askUnder(kit: Kit, session: Session, headers: [string, string][]): Promise<Answer[]> {
  const under = (request: Request) =>
    headers.reduce((all, [name, value]) => withHeader(all, name, value), request)
  const answers: Answer[] = []
  for (const action of ['signUp', 'requestReset', 'sendVerification', 'signIn', 'token'] as const) {
    if (!kit.accounts.can(action)) continue
    const values = action === 'signUp' ? kit.accounts.newValues() : {}
    const cookies = action === 'token' ? session.cookies : new Map()
    answers.push(await kit.accounts.do(action, { ...session, cookies }, values, under))
  }
  return answers
}

async function tokensAreForOurPage(kit: Kit): Promise<void> {
  const row = kit.row('T-229')
  const { session } = await kit.freshUser()
  const own = ownOrigin(kit)
  const plain = kit.accounts.request('token', session)
  const tries: [string, Request][] = [
    ['the page', plain],
    ['a prefetch', withHeader(withHeader(plain, 'Sec-Purpose', 'prefetch'), 'Sec-Fetch-Dest', 'image')],
    ...foreignOrigins(own).map(origin => [origin, withHeader(plain, 'Origin', origin)] as [string, Request]),
  ]
  for (const [who, request] of tries) {
    const answer = await kit.send(request)
    const allowed = answer.header('access-control-allow-origin')
    row.is(allowed === undefined || allowed === own, `${who} may read the token answer (${allowed})`, answer)
    row.is(
      /\bno-store\b/i.test(answer.header('cache-control') ?? ''),
      `the token answer to ${who} may be stored`,
      answer,
    )
    row.is(!answer.header('location')?.includes('ey'), 'the token is in a URL', answer)
  }
  const first = await kit.send(plain)
  row.is(isGood(first), `the page gets no token: ${statusOf(first)}`, first)
  row.is(
    isRefused(await kit.send(withHeader(plain, 'Cookie', undefined))),
    'a token is given without a cookie',
  )
}
