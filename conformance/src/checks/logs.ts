// §21: what the log must say, and what it must never.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Kit, Row } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import type { Action } from '../profile.ts'
import { statusOf } from '../row.ts'
import { cloneOf, freshAddresses, isGood, sidOf, trySignIn, valuesFor } from './people.ts'

export const checks: Check[] = [
  { rows: ['T-292'], needs: ['fresh-users', 'hook:log'], alone: true, run: refusedTokensAreNoted },
  {
    rows: ['T-293'],
    needs: ['fresh-users', 'hook:log'],
    feature: 'path-user',
    alone: true,
    run: foreignRequestsAreNoted,
  },
  {
    rows: ['T-294'],
    needs: ['fresh-users', 'hook:log'],
    kind: 'destructive',
    deadline: 120,
    run: livesOfAccountsAreNoted,
  },
  { rows: ['T-295'], needs: ['fresh-users', 'hook:log'], last: true, run: secretsStayOut },
  { rows: ['T-296'], needs: ['hook:log'], kind: 'flood', deadline: 120, run: floodsAreSampled },
]

type Line = Record<string, unknown>

/** Lines of the log that were written during `work`, once as many as `enough` wants are there. */
async function linesOf(
  kit: Kit,
  work: () => Promise<void>,
  enough: (text: string) => boolean,
): Promise<string> {
  const { end } = await kit.hooks.log!({ after: 0 })
  await work()
  let text = ''
  for (let tries = 0; tries < 30 && !enough(text); tries += 1) {
    if (tries > 0) await sleep(50)
    text = (await kit.hooks.log!({ after: end })).text
  }
  return text
}

function parse(text: string): { lines: Line[]; bad: string[] } {
  const lines: Line[] = []
  const bad: string[] = []
  for (const line of text.split('\n').filter(one => one.trim() !== '')) {
    try {
      lines.push(JSON.parse(line))
    } catch {
      bad.push(line)
    }
  }
  return { lines, bad }
}

/** How this target names a member of a line, or an event: `choices.logNames` has `usual=its own`. */
export function nameFor(kit: Kit, usual: string): string {
  const names = kit.profile.choices.logNames
  return names.find(pair => pair.startsWith(`${usual}=`))?.slice(usual.length + 1) ?? usual
}

const idOf = (answer: Answer) => answer.header('x-request-id') ?? ''

async function refusedTokensAreNoted(kit: Kit): Promise<void> {
  const row = kit.row('T-292')
  const gone = await kit.freshUser()
  await kit.accounts.do('signOut', gone.session)
  for (const { what, request, sub } of causesOf(kit, gone)) {
    const { answer, text } = await noted(kit, request)
    row.is(answer.status === 401, `${what} is answered ${statusOf(answer)}, not 401`, answer)
    const { lines, bad } = parse(text)
    row.is(bad.length === 0, `${what}: a line that is no JSON: ${bad[0]?.slice(0, 80)}`)
    const own = lines.filter(line => line[nameFor(kit, 'request_id')] === idOf(answer))
    if (!row.is(own.length === 1, `${what}: ${own.length} lines have its request id`, answer)) return
    mustTell(kit, row, what, own[0]!)
    const said = own[0]![nameFor(kit, 'sub')]
    row.is(said === undefined || said === sub, `${what}: the log names ${said}, whom nobody has proved to be`)
  }
}

const WINDOW_MS = 1_100

/** Sent until the log has its request id: a server may write only some of many events in a second. */
async function noted(kit: Kit, request: Request): Promise<{ answer: Answer; text: string }> {
  for (let tries = 0; ; tries += 1) {
    let answer!: Answer
    const ask = async () => {
      answer = await kit.send(request)
    }
    const text = await linesOf(kit, ask, seen => seen.includes(idOf(answer)))
    if (text.includes(idOf(answer)) || tries === 2) return { answer, text }
    await sleep(WINDOW_MS)
  }
}

function mustTell(kit: Kit, row: Row, what: string, line: Line): void {
  const of = (usual: string) => line[nameFor(kit, usual)]
  const time = of('time')
  const at = typeof time === 'number' ? time : Date.parse(String(time))
  row.is(
    !Number.isNaN(at) && (typeof time === 'number' || /(Z|\+00:00)$/.test(String(time))),
    `${what}: its time is ${time}, not UTC`,
  )
  for (const usual of ['event', 'reason', 'client', 'route'])
    row.is(typeof of(usual) === 'string' && of(usual) !== '', `${what}: its line has no ${usual}`)
  const ids = [kit.b.id, kit.a.id].some(id => String(of('route')).includes(id))
  row.is(!ids, `${what}: its route is a path, not a template: ${of('route')}`)
  const kid = of('kid')
  row.is(
    kid === undefined || (typeof kid === 'string' && kid.length <= 200 && !/[\p{C}\u2028\u2029]/u.test(kid)),
    `${what}: its kid is as it was sent`,
  )
}

interface Cause {
  what: string
  request: Request
  /** Who may be named. */
  sub?: string
}

function causesOf(kit: Kit, gone: { id: string; token: string }): Cause[] {
  const { b } = kit
  const as = (token: string | undefined) => ({ ...kit.request('list', { owner: b, token }), as: null })
  const [header, payload, signature] = b.token.split('.') as [string, string, string]
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const odd = 'x\r\n{"level":"info","event":"authn_login_success"}\u001b[2J\u2028'
  const causes: Cause[] = [
    { what: 'no token', request: as(undefined) },
    { what: 'garbage', request: as('garbage') },
    { what: 'another signature', request: as(`${header}.${payload}.${signature.slice(0, -4)}AAAA`) },
    {
      what: 'a payload of somebody else',
      request: as(
        `${header}.${encode({ ...kit.claims(b), [kit.profile.token.subject]: kit.a.id })}.${signature}`,
      ),
    },
    { what: 'an odd kid', request: as(`${encode({ ...kit.header(), kid: odd })}.${payload}.${signature}`) },
  ]
  if (!kit.profile.absent.includes('revocation'))
    causes.push({ what: 'a session that was signed out', request: as(gone.token), sub: gone.id })
  if (kit.keys.length > 0) {
    const expired = kit.mint(b, { iat: kit.now() - 100, exp: kit.now() - 10 })
    causes.push({ what: 'an expired token', request: as(expired), sub: b.id })
  }
  return causes
}

async function foreignRequestsAreNoted(kit: Kit): Promise<void> {
  const row = kit.row('T-293')
  const { a, b } = kit
  const { answer, text } = await noted(kit, kit.request('list', { as: b, owner: a }))
  const { lines } = parse(text)
  const own = lines.filter(
    line =>
      line[nameFor(kit, 'event')] === nameFor(kit, 'authz_fail') &&
      line[nameFor(kit, 'request_id')] === idOf(answer),
  )
  if (!row.is(own.length === 1, `a request for somebody else's data is in ${own.length} lines`, answer))
    return
  row.is(
    own[0]![nameFor(kit, 'actor')] === b.id,
    `its line names ${own[0]![nameFor(kit, 'actor')]} as who asked`,
  )
  row.is(
    own[0]![nameFor(kit, 'target')] === a.id,
    `its line names ${own[0]![nameFor(kit, 'target')]} as for whom`,
  )
}

interface Happening {
  event: string
  /** False: this target has none such. */
  happen(): Promise<boolean>
}

async function livesOfAccountsAreNoted(kit: Kit): Promise<void> {
  const row = kit.row('T-294')
  for (const { event, happen } of await happeningsOf(kit)) {
    const name = nameFor(kit, event)
    let isThere = true
    const text = await linesOf(
      kit,
      async () => {
        isThere = await happen()
      },
      seen => !isThere || seen.includes(`"${name}"`),
    )
    if (!isThere) continue
    const own = parse(text).lines.filter(line => line[nameFor(kit, 'event')] === name)
    row.is(own.length >= 1, `${event} happened and the log has no ${name}`)
    const ids = new Set(own.map(line => line[nameFor(kit, 'request_id')] ?? line))
    row.is(ids.size === own.length, `one ${event} is in the log ${own.length} times`)
  }
}

async function happeningsOf(kit: Kit): Promise<Happening[]> {
  const person = await kit.freshUser()
  const { session } = person
  const nextAddress = freshAddresses(kit)
  const step = (
    event: string,
    action: Action,
    of = session,
    values: Record<string, string> = {},
  ): Happening => ({
    event,
    async happen() {
      if (!kit.accounts.can(action)) return false
      return isGood(await kit.accounts.do(action, cloneOf(of), { ...valuesFor(kit, of), ...values }))
    },
  })
  const second = await kit.accounts.signIn(session)
  const third = await kit.accounts.signIn(session)
  const wrong = (count: number) => async () => {
    const from = nextAddress()
    for (let number = 0; number < count; number += 1)
      await trySignIn(kit, session.email, 'wrong wrong wrong 1', from)
    return true
  }
  const limit = (kit.profile.choices.failuresPerAccountAndAddress ?? 20) + 1
  const isLimited = !kit.profile.absent.includes('rate-limit')
  const happenings: Happening[] = [
    {
      event: 'user_created',
      happen: async () => kit.accounts.can('signUp') && (await kit.accounts.signUp()) !== null,
    },
    {
      event: 'authn_login_success',
      happen: async () => isGood(await trySignIn(kit, session.email, session.password, nextAddress())),
    },
    { event: 'authn_login_fail', happen: wrong(1) },
    ...(isLimited ? [{ event: 'excess_rate_limit_exceeded', happen: wrong(limit) }] : []),
    step('authn_token_created', 'token'),
    step('session_revoked', 'revokeSession', session, { sessionId: sidOf(kit, second.token) }),
    step('session_revoked', 'signOut', third),
    step('authn_email_change', 'changeEmail'),
    step('authn_password_reset_asked', 'requestReset'),
    step('authn_password_change', 'changePassword'),
    { event: 'user_deleted', happen: () => deletion(kit) },
  ]
  return [...happenings, ...mishapsOf(kit)]
}

async function deletion(kit: Kit): Promise<boolean> {
  if (!kit.accounts.can('deleteAccount')) return false
  const session = await kit.accounts.signUp()
  return isGood(await kit.accounts.do('deleteAccount', session))
}

/** What happens to servers, where there is a hook to make it happen. */
function mishapsOf(kit: Kit): Happening[] {
  const { feed, 'rotate-keys': rotate, break: breakIt } = kit.hooks
  const mishaps: Happening[] = []
  const within = async (work: () => Promise<unknown>) => {
    await work()
    return true
  }
  if (feed && !kit.profile.absent.includes('revocation-feed')) {
    const lose = async () => {
      await feed({ up: false })
      await sleep(kit.profile.bounds.lease + 600)
    }
    mishaps.push({ event: 'revocation_feed_lost', happen: () => within(lose) })
    mishaps.push({ event: 'revocation_feed_recovered', happen: () => within(() => feed({ up: true })) })
  }
  if (breakIt) {
    const fail = async () => {
      await breakIt({ broken: true })
      await kit.ask('list', { as: kit.b })
      await breakIt({ broken: false })
    }
    mishaps.push({ event: 'sys_error', happen: () => within(fail) })
  }
  if (rotate && !kit.profile.absent.includes('rotation'))
    mishaps.push({ event: 'sys_keys_reloaded', happen: () => within(() => rotate({ step: 'announce' })) })
  return mishaps
}

async function secretsStayOut(kit: Kit): Promise<void> {
  const row = kit.row('T-295')
  const { session } = await kit.freshUser()
  const wrong = `wrong-${kit.random.text(24)}`
  kit.secret(wrong, 'a password that was wrong')
  await trySignIn(kit, session.email, wrong)
  const garbage = `garbage${kit.random.text(40)}`
  await kit.send(kit.withToken(garbage))
  await kit.ask('list', { as: kit.b, token: kit.b.token.slice(0, -2) })
  await kit.ask('list', { as: kit.b, query: `?access_token=${kit.b.token}` })
  for (const action of ['token', 'changePassword', 'signOut'] as const)
    if (kit.accounts.can(action)) await kit.accounts.do(action, session, valuesFor(kit, session))
  await sleep(200)
  const places = {
    log: (await kit.hooks.log!({ after: 0 })).text,
    metrics: (await kit.hooks.metrics?.({}))?.text ?? '',
  }
  const secrets = [
    ...kit.secrets(),
    { text: garbage, what: 'what was sent as a token' },
    ...signaturesOf(kit),
  ]
  for (const [place, text] of Object.entries(places)) {
    const shown = secrets.find(secret => secret.text.length >= 12 && text.includes(secret.text))
    row.is(shown === undefined, `${shown?.what} is in the ${place}`)
  }
}

/** A token is as good as its last part; cookies are kept decoded, too. */
function signaturesOf(kit: Kit): { text: string; what: string }[] {
  return kit.secrets().flatMap(({ text, what }) => {
    const signature = /^[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(text)?.[1]
    return signature ? [{ text: signature, what: `the signature of ${what}` }] : []
  })
}

const ABREAST = 20

async function floodsAreSampled(kit: Kit): Promise<void> {
  const row = kit.row('T-296')
  const end = performance.now() + 1000 * kit.profile.choices.floodSeconds
  let sent = 0
  const work = async () => {
    while (performance.now() < end) {
      await kit.send(kit.withToken(`garbage${sent}`))
      sent += 1
    }
  }
  const text = await linesOf(
    kit,
    async () => void (await Promise.all(Array.from({ length: ABREAST }, work))),
    seen => seen !== '',
  )
  const lines = text.split('\n').length - 1
  row.note(`${sent} bad tokens, ${lines} lines of ${text.length} bytes`)
  row.is(lines > 0, `the log knows nothing of ${sent} bad tokens`)
  row.is(lines <= Math.max(sent / 4, 100), `${sent} bad tokens write ${lines} lines`)
}
