// §16: what every answer says of itself, and what errors keep to themselves.
import type { Check, Kit, Row } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import { openStream } from '../event-stream.ts'
import { statusOf } from '../row.ts'
import { foreignOrigins } from './cross-site.ts'
import { isGood, ownOrigin, withHeader, without } from './people.ts'

export const checks: Check[] = [
  { rows: ['T-238'], feature: 'cors', run: ourPageMayCall },
  { rows: ['T-239'], run: otherPagesMayNot },
  { rows: ['T-240'], run: answersAreClosed },
  { rows: ['T-241'], needs: ['issuer'], feature: 'pages', run: pagesHaveAPolicy },
  { rows: ['T-242'], run: endingsMakeNoFiles },
  { rows: ['T-243'], needs: ['fresh-users'], feature: 'sign-out', run: signingOutClears },
  { rows: ['T-244'], run: bodiesHaveTypes },
  { rows: ['T-245'], run: errorsHaveOneForm },
  { rows: ['T-246'], run: odditiesAreNotRepeated },
]

function preflight(kit: Kit, origin: string, method: string): Request {
  const plain = kit.request('list', { as: kit.b })
  const request = without({ ...plain, method: 'OPTIONS', as: null }, 'Authorization')
  const asked = withHeader(request, 'Access-Control-Request-Method', method)
  return withHeader(
    withHeader(asked, 'Access-Control-Request-Headers', 'authorization,content-type'),
    'Origin',
    origin,
  )
}

async function ourPageMayCall(kit: Kit): Promise<void> {
  const row = kit.row('T-238')
  const own = kit.profile.choices.pageOrigin ?? ownOrigin(kit)
  for (const method of ['GET', 'POST']) {
    const answer = await kit.send(preflight(kit, own, method))
    const said = (name: string) => answer.header(`access-control-${name}`)?.toLowerCase() ?? ''
    row.is(isGood(answer), `the preflight of our page is answered ${statusOf(answer)}`, answer)
    row.is(said('allow-origin') === own, `our page is allowed as ${said('allow-origin')}`, answer)
    row.is(/\borigin\b/i.test(answer.header('vary') ?? ''), 'a preflight without Vary: Origin', answer)
    row.is(said('allow-methods').includes(method.toLowerCase()), `${method} is not allowed`, answer)
    row.is(/\bauthorization\b/.test(said('allow-headers')), 'Authorization is not allowed', answer)
    row.is(
      !`${said('allow-methods')}${said('allow-headers')}`.includes('*'),
      'anything is allowed (*)',
      answer,
    )
    row.is(
      !/\b(trace|connect|track)\b/.test(said('allow-methods')),
      'methods are allowed that nobody uses',
      answer,
    )
  }
  const answer = await kit.send(withHeader(kit.request('list', { as: kit.b }), 'Origin', own))
  row.is(answer.header('access-control-allow-origin') === own, 'our page may not read the list', answer)
  row.is(
    /\borigin\b/i.test(answer.header('vary') ?? ''),
    'an answer to our page without Vary: Origin',
    answer,
  )
}

async function otherPagesMayNot(kit: Kit): Promise<void> {
  const row = kit.row('T-239')
  const own = kit.profile.choices.pageOrigin ?? ownOrigin(kit)
  for (const origin of foreignOrigins(own)) {
    const requests = [
      preflight(kit, origin, 'GET'),
      withHeader(kit.request('list', { as: kit.b }), 'Origin', origin),
      withHeader(kit.request('list'), 'Origin', origin),
    ]
    for (const request of requests) {
      const answer = await kit.send(request)
      const allowed = answer.header('access-control-allow-origin')
      row.is(allowed === undefined || allowed === own, `${origin} is allowed (${allowed})`, answer)
    }
  }
}

/** One answer of each kind, from both servers. */
async function answersOfAllKinds(kit: Kit): Promise<Answer[]> {
  const { b } = kit
  const list = kit.request('list', { as: b })
  const create = kit.request('create', { as: b })
  const requests: Request[] = [
    list,
    kit.request('list'),
    kit.request('list', { as: b, token: 'garbage' }),
    kit.request('list', { as: b, owner: kit.unknownUser }),
    kit.request('read', { as: b, id: kit.unknownTask }),
    { ...list, method: 'DELETE' },
    kit.request('create', { as: b, body: '{' }),
    kit.request('create', { as: b, body: {} }),
    withHeader(create, 'Content-Type', 'text/plain'),
    kit.request('create', {
      as: b,
      body: JSON.stringify({ title: 'x'.repeat(kit.profile.limits.body + 1) }),
    }),
    { ...list, target: '/no/such/place' },
    { ...without(list, 'Authorization'), as: null, target: '/favicon.ico' },
  ]
  if (kit.profile.issuer && kit.accounts.can('signIn')) {
    const nobody = {
      id: '',
      name: '',
      token: '',
      cookies: new Map(),
      email: kit.accounts.newValues().email,
      password: 'wrong wrong wrong 1',
    }
    const signIn = kit.accounts.request('signIn', nobody)
    requests.push(
      signIn,
      kit.accounts.request('token', null),
      { ...signIn, body: '{' },
      withHeader(signIn, 'Origin', 'https://evil.example'),
    )
    requests.push(
      { ...signIn, method: 'GET', body: undefined },
      { ...signIn, target: `${signIn.target}/nothing` },
    )
  }
  const answers: Answer[] = []
  for (const request of requests) answers.push(await kit.send(request))
  return answers
}

const isPage = (answer: Answer) => /^text\/html\b/i.test(answer.header('content-type') ?? '')
const nameOf = ({ status, request }: Answer) =>
  `the ${status} to ${request.method} ${request.target.slice(0, 80)}`

async function answersAreClosed(kit: Kit): Promise<void> {
  const row = kit.row('T-240')
  for (const answer of await answersOfAllKinds(kit)) {
    const has = (name: string, pattern: RegExp) => pattern.test(answer.header(name) ?? '')
    const name = nameOf(answer)
    if (!isPage(answer)) {
      row.is(has('cache-control', /\bno-store\b/i), `${name} may be stored`, answer)
      row.is(
        has('content-security-policy', /default-src 'none'/) &&
          has('content-security-policy', /frame-ancestors 'none'/),
        `${name} has no closed Content-Security-Policy`,
        answer,
      )
    }
    row.is(has('x-content-type-options', /^nosniff$/i), `${name} may be sniffed`, answer)
    row.is(
      has('referrer-policy', /^(no-referrer|same-origin|strict-origin)/i),
      `${name} has no Referrer-Policy`,
      answer,
    )
    if (kit.profile.api.url.startsWith('https:'))
      row.is(
        has('strict-transport-security', /max-age=\d{7,}/),
        `${name} has no Strict-Transport-Security`,
        answer,
      )
    const telling = answer.headers.find(
      ([key, value]) =>
        /^(x-powered-by|x-aspnet.*|x-runtime|via)$/i.test(key) ||
        (/^server$/i.test(key) && /\d|express|uvicorn|nginx|node/i.test(value)),
    )
    row.is(telling === undefined, `${name} says ${telling?.join(': ')}`, answer)
  }
}

async function pagesHaveAPolicy(kit: Kit): Promise<void> {
  const row = kit.row('T-241')
  for (const target of kit.profile.choices.pages) {
    const answer = await kit.send({
      to: 'issuer',
      as: null,
      method: 'GET',
      target,
      headers: [['Accept', 'text/html']],
    })
    row.is(isGood(answer) && isPage(answer), `${target} is no page: ${statusOf(answer)}`, answer)
    const policy = parsePolicy(answer.header('content-security-policy') ?? '')
    const scripts = policy.get('script-src') ?? policy.get('default-src') ?? '*'
    row.is(
      !/'unsafe-inline'|'unsafe-eval'|(^| )(\*|https?:|data:)( |$)/.test(scripts),
      `${target}: scripts of ${scripts}`,
      answer,
    )
    row.is(policy.get('base-uri') === "'none'", `${target}: base-uri ${policy.get('base-uri')}`, answer)
    row.is(
      /^'(none|self)'$/.test(policy.get('frame-ancestors') ?? ''),
      `${target}: frame-ancestors ${policy.get('frame-ancestors')}`,
      answer,
    )
    row.is(
      /^'none'$/.test(policy.get('object-src') ?? policy.get('default-src') ?? ''),
      `${target}: objects of anywhere`,
      answer,
    )
    const opener = answer.header('cross-origin-opener-policy') ?? 'none'
    row.is(opener.startsWith('same-origin'), `${target}: Cross-Origin-Opener-Policy ${opener}`, answer)
    const inline = /<script(?![^>]*\bsrc=)[^>]*>\s*\S|<[^>]+\son\w+\s*=/i.exec(answer.text)
    row.is(inline === null, `${target} has a script of its own: ${inline?.[0]}`, answer)
  }
}

function parsePolicy(text: string): Map<string, string> {
  const parts = text.split(';').map(part => part.trim().split(/\s+/))
  return new Map(parts.map(([name = '', ...values]) => [name.toLowerCase(), values.join(' ')]))
}

async function endingsMakeNoFiles(kit: Kit): Promise<void> {
  const row = kit.row('T-242')
  const { b } = kit
  const list = kit.request('list', { as: b })
  const read = kit.request('read', { as: b, id: b.tasks[0] })
  const own =
    kit.accounts.can('getSession') && b.session ? [kit.accounts.request('getSession', b.session)] : []
  for (const request of [list, read, ...own]) {
    for (const ending of [
      '/x.css',
      '.css',
      '/x.js',
      '.js',
      '/nothing.png',
      '%2Fx.css',
      ';x.css',
      '/..%2Fx.css',
    ]) {
      const answer = await kit.send({ ...request, target: `${request.target}${ending}` })
      row.is(!isGood(answer), `${request.target}${ending} is answered ${statusOf(answer)}`, answer)
      row.is(
        /\bno-store\b/i.test(answer.header('cache-control') ?? ''),
        `${request.target}${ending} may be stored`,
        answer,
      )
    }
  }
}

async function signingOutClears(kit: Kit): Promise<void> {
  const row = kit.row('T-243')
  const { session } = await kit.freshUser()
  const names = [...session.cookies.keys()]
  const answer = await kit.accounts.do('signOut', session)
  row.is(isGood(answer), `signing out is answered ${statusOf(answer)}`, answer)
  const left = names.filter(name => session.cookies.has(name))
  row.is(left.length === 0, `after signing out the browser keeps ${left.join(', ')}`, answer)
  const clears = answer.header('clear-site-data') ?? ''
  const isPageTask = kit.profile.choices.signOutClears === 'page'
  row.is(
    isPageTask || clears.includes('"storage"') || clears === '"*"',
    'signing out says no Clear-Site-Data',
    answer,
  )
  const plain = plainUrl(kit)
  if (plain !== null) await plainHttpIsRefused(kit, row, plain)
}

/** What a server of TLS says to a request in the clear: nothing, or no. A redirect would hide that a token went over. */
async function plainHttpIsRefused(kit: Kit, row: Row, url: string): Promise<void> {
  const bytes = kit.bytesOf(kit.request('list', { as: kit.b }))
  const stream = await openStream({ ...kit.profile, api: { url } }, bytes, 2_000).catch(() => null)
  if (stream === null) return row.note(`nobody listens at ${url}`)
  row.is(stream.status === 0 || stream.status >= 400, `a request in the clear is answered ${stream.status}`)
  stream.close()
}

/** Where a browser that was given `http:` by mistake would knock. */
function plainUrl({ profile: { api } }: Kit): string | null {
  const { protocol, hostname, port } = new URL(api.url)
  if (api.plain !== undefined || protocol !== 'https:') return api.plain ?? null
  return `http://${hostname}:${port || 80}`
}

async function bodiesHaveTypes(kit: Kit): Promise<void> {
  const row = kit.row('T-244')
  const page =
    kit.profile.issuer && !kit.profile.absent.includes('pages')
      ? [await kit.send({ to: 'issuer', as: null, method: 'GET', target: '/' })]
      : []
  for (const answer of [...(await answersOfAllKinds(kit)), ...page]) {
    if (answer.body.length === 0) continue
    const type = answer.header('content-type') ?? ''
    row.is(type !== '', `${nameOf(answer)} has a body without a type`, answer)
    row.is(
      !/^text\//i.test(type) || /charset=/i.test(type),
      `${nameOf(answer)} is ${type} without a charset`,
      answer,
    )
    row.is(
      /json/i.test(type) === (answer.json !== undefined),
      `${nameOf(answer)} is ${type}, its body is something else`,
      answer,
    )
  }
}

/** What only somebody inside should see. */
export const INSIDE =
  /\bat .{1,200}\.(?:[cm]?[jt]s|py|go):\d+|Traceback|node_modules|site-packages|\bselect\b.{1,80}\bfrom\b|relation "|syntax error at|SyntaxError|TypeError|is not valid JSON|Unexpected token|Expecting value|\/(?:usr|home|app|srv|var)\/|ECONN|better-auth|hono|fastify|express|pydantic|sqlalchemy/i

async function errorsHaveOneForm(kit: Kit): Promise<void> {
  const row = kit.row('T-245')
  const forms = new Map<string, string>()
  const isOurs = ({ request }: Answer) => request.to !== 'issuer' && request.target.startsWith(pathOf(kit))
  for (const answer of (await answersOfAllKinds(kit)).filter(({ status }) => status >= 400)) {
    const inside = INSIDE.exec(answer.text.replaceAll(kit.b.canary, ''))
    row.is(inside === null, `${nameOf(answer)} shows ${inside?.[0].slice(0, 60)}`, answer)
    if (!isOurs(answer)) continue
    const { mediaType, varyingMembers } = kit.profile.errors
    const type = answer.header('content-type') ?? 'no type'
    row.is(type.startsWith(mediaType), `${nameOf(answer)} is ${type}, not ${mediaType}`, answer)
    const optional = [...varyingMembers, ...kit.profile.choices.optionalErrorMembers]
    const members = Object.keys(answer.json ?? {}).filter(name => !optional.includes(name))
    forms.set(members.toSorted().join(', '), nameOf(answer))
  }
  row.is(
    forms.size <= 1,
    `errors have ${forms.size} forms: ${[...forms].map(([form, name]) => `${name} has ${form}`).join('; ')}`,
  )
}

/** The part of the API's paths that all tasks share. */
function pathOf({ profile }: Kit): string {
  return profile.routes.list!.path.split('{')[0]!
}

async function odditiesAreNotRepeated(kit: Kit): Promise<void> {
  const row = kit.row('T-246')
  const mark = `mark${kit.random.text(10)}`
  const list = kit.request('list', { as: kit.b })
  const base = pathOf(kit)
  for (const target of [
    `/${mark}`,
    `${base}${mark}`,
    `${base}${kit.b.id}/${mark}`,
    `/%22%3E${mark}`,
    `/<${mark}>`,
    `/?${mark}`,
    `${list.target}/${mark}`,
    `//${mark}/`,
  ]) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      for (const to of ['api', 'issuer'] as const) {
        const answer = await kit.send({ ...list, to, method, target })
        if (isPage(answer) && isGood(answer)) continue
        row.unharmed(answer, `${method} ${target}`)
        row.is(!answer.text.includes(mark), `the ${answer.status} to ${method} ${target} repeats it`, answer)
      }
    }
  }
}
