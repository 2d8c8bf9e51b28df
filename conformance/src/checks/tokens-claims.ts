// Who a token is for, from and about: the claims of matrix §5 that are no times.
import type { Check, Identity, Kit } from '../check.ts'
import type { Claims } from '../token.ts'
import {
  actsAsBAtMost,
  asSubject,
  type Case,
  claimCases,
  has,
  headerOf,
  nearMisses,
  notTexts,
  onBothLists,
  onListOf,
  randomCase,
  say,
  withClaims,
  withHeader,
  withPayload,
} from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-077'], needs: ['key'], run: issuers },
  { rows: ['T-078'], needs: ['key'], run: audiences },
  { rows: ['T-079', 'T-093'], needs: ['key'], run: subjects },
  { rows: ['T-080', 'T-081'], needs: ['key'], feature: 'user-id-claim', run: twoSubjects },
  { rows: ['T-082'], needs: ['key'], feature: 'session-claim', run: sessions },
  { rows: ['T-084'], needs: ['key'], feature: 'email-claim', run: emails },
  { rows: ['T-085'], needs: ['key'], feature: 'typ', run: types },
  { rows: ['T-086'], run: tokensOfMails },
  { rows: ['T-088'], needs: ['key'], run: otherServices },
  { rows: ['T-089'], needs: ['key'], run: duplicates },
  { rows: ['T-091'], needs: ['key'], run: otherNames },
  { rows: ['T-095'], needs: ['key'], run: rights },
]

async function issuers(kit: Kit): Promise<void> {
  const good = String(kit.claims(kit.b).iss)
  const elsewhere = [
    'https://another-issuer.example',
    `https://${kit.random.text(8)}.example`,
    `${good}.evil.example`,
    `${good}@evil.example`,
  ]
  const values = [
    undefined,
    ...nearMisses(kit.random, good),
    ...elsewhere,
    [good],
    [good, elsewhere[0]],
    ...notTexts(kit.random),
  ]
  await kit.refuses('T-077', onListOf(kit, kit.b, claimCases(kit, 'iss', values)))
}

async function audiences(kit: Kit): Promise<void> {
  const claim = kit.claims(kit.b).aud
  const good = String(Array.isArray(claim) ? claim[0] : claim)
  const texts = nearMisses(kit.random, good)
  const joined = [`${good} other`, `other ${good}`, `${good},other`, `other,${good}`]
  const arrays = [
    [],
    [''],
    ['other'],
    [good, 1],
    [good, null],
    [[good]],
    [{ aud: good }],
    ...texts.slice(0, 6).map(text => [text]),
  ]
  const values = [
    undefined,
    'other',
    '*',
    ...texts,
    ...joined,
    ...arrays,
    { [good]: true },
    { 0: good, length: 1 },
    ...notTexts(kit.random),
  ]
  await kit.refuses('T-078', onListOf(kit, kit.b, claimCases(kit, 'aud', values)))
}

/** Both claims say the same, so that nothing but their value is wrong. */

async function subjects(kit: Kit): Promise<void> {
  const { random, a } = kit
  const as = (value: unknown): Case => [
    `the subject is ${say(value)}`,
    withClaims(kit, asSubject(kit, value)),
  ]
  const values = [
    undefined,
    '',
    ' ',
    'x'.repeat(64 * 1024),
    [a.id],
    [a.id, kit.b.id],
    [[a.id]],
    ...notTexts(random),
  ]
  await refusesOrTooLarge(kit, 'T-079', values.map(as))
  const resembling = [
    '*',
    '%',
    '_',
    a.id.slice(0, -1),
    `${a.id}${random.text(1)}`,
    `${a.id}/`,
    `${a.id},${kit.b.id}`,
  ]
  const spaced = [`${a.id} `, ` ${a.id}`, `${a.id}\n`, `\t${a.id}`]
  await isNobody(kit, 'T-079', [...resembling, ...spaced, otherCase(a.id)].map(as))
  const objects = [
    { toString: a.id },
    { length: 1 },
    { length: 1, 0: a.id },
    { id: a.id },
    { $ne: null },
    { $gt: '' },
    { valueOf: 1, toString: null },
    { toJSON: a.id },
    JSON.parse(`{"__proto__":{"id":${JSON.stringify(a.id)}}}`),
  ]
  const asObjects = objects.map(
    (value): Case => [`the subject is ${say(value)}`, withClaims(kit, asSubject(kit, value))],
  )
  await kit.refuses('T-093', onBothLists(kit, asObjects))
}

/** A well-signed token about somebody who is not there: refused, or finds nothing on anybody's list. */
async function isNobody(kit: Kit, id: string, cases: Case[]): Promise<void> {
  const row = kit.row(id)
  const isPathUser = !kit.profile.absent.includes('path-user')
  await kit.between(id, async () => {
    for (const [why, token] of cases)
      for (const owner of [kit.a, kit.b]) {
        const answer = await kit.send({ ...kit.request('list', { owner, token }), as: null })
        if (answer.status === 401) row.refused401(answer, why)
        else if (!isPathUser && answer.status === 200)
          row.is(!answer.text.includes(owner.canary), `${why}: it finds what is ${owner.name}'s`, answer)
        else row.missing404(answer, `${why}, on the list of ${owner.name}`)
      }
  })
}

/** What does not fit into the headers of a request may be refused by the server itself. */
async function refusesOrTooLarge(kit: Kit, id: string, cases: Case[]): Promise<void> {
  const fits = (token: string) => token.length < 8 * 1024
  await kit.refuses(
    id,
    onBothLists(
      kit,
      cases.filter(([, token]) => fits(token)),
    ),
  )
  for (const [why, token] of cases.filter(([, token]) => !fits(token))) {
    const answer = await kit.send({ ...kit.withToken(token, kit.a), fresh: true })
    const refused = [400, 401, 413, 431].includes(answer.status) || (answer.status === 0 && answer.closed)
    kit.row(id).is(refused, `${why}: refused`, answer)
  }
  await kit.control(id)
}

async function twoSubjects(kit: Kit): Promise<void> {
  const { a, b, random } = kit
  const { subject, repeatsSubject } = kit.profile.token
  const mixed = repeatsSubject.flatMap((repeat): Case[] => [
    [`${subject} of A, ${repeat} of B`, withClaims(kit, { [subject]: a.id, [repeat]: b.id })],
    [`${subject} of B, ${repeat} of A`, withClaims(kit, { [subject]: b.id, [repeat]: a.id })],
    [`${repeat} of nobody`, withClaims(kit, { [repeat]: kit.unknownUser })],
    [`${subject} of nobody`, withClaims(kit, { [subject]: kit.unknownUser })],
    [`${repeat} in another case`, withClaims(kit, { [repeat]: otherCase(b.id) })],
  ])
  await kit.refuses('T-080', onBothLists(kit, mixed))
  const values = [undefined, '', ' ', [b.id], { id: b.id }, ...notTexts(random)]
  const cases = repeatsSubject.flatMap(repeat => claimCases(kit, repeat, values))
  await kit.refuses('T-081', onListOf(kit, kit.b, cases))
}

/** Something else even for an id without letters. */
function otherCase(text: string): string {
  const upper = text.toUpperCase()
  if (upper !== text) return upper
  return text.toLowerCase() === text ? `${text} ` : text.toLowerCase()
}

async function sessions(kit: Kit): Promise<void> {
  const { session } = kit.profile.token
  const good = kit.claims(kit.b)[session]
  const values = [undefined, '', ' ', [good], { sid: good }, ...notTexts(kit.random)]
  await kit.refuses('T-082', onListOf(kit, kit.b, claimCases(kit, session, values)))
}

async function emails(kit: Kit): Promise<void> {
  const { email } = kit.profile.token
  const ofA = kit.a.email ?? String(kit.claims(kit.a)[email])
  const values = [ofA, ofA.toUpperCase(), undefined, '', [ofA], null, 0, `${kit.random.text(8)}@example.com`]
  const plain = claimCases(kit, email, values)
  const verified = withClaims(kit, { [email]: ofA, email_verified: true, preferred_username: ofA })
  await actsAsBAtMost(kit, 'T-084', [...plain, ['the e-mail of A, verified', verified]])
}

async function types(kit: Kit): Promise<void> {
  const good = kit.profile.token.typ ?? 'at+jwt'
  const others = [
    'JWT',
    'jwt',
    'logout+jwt',
    'secevent+jwt',
    'id+jwt',
    'dpop+jwt',
    'application/jwt',
    'JOSE',
    'kb+jwt',
  ]
  // Another case of the same letters is the same type (T-003).
  const same = (typ: string) => typ.toLowerCase().replace(/^application\//, '') === good.toLowerCase()
  const misses = [
    ...nearMisses(kit.random, good),
    `text/${good}`,
    `application/x/${good}`,
    `${good};charset=utf-8`,
    `${good}+jwt`,
  ]
  const texts = [...others, ...misses].filter(typ => !same(typ))
  const values = [undefined, ...texts, [good], { typ: good }, ...notTexts(kit.random)]
  const cases = values.map((typ): Case => [`typ ${say(typ)}`, withHeader(kit, { typ })])
  await kit.refuses('T-085', onListOf(kit, kit.b, cases))
}

/** Real ones from the mails, where they can be read, and the shape that such tokens have, signed with the target's key. */
async function tokensOfMails(kit: Kit): Promise<void> {
  const row = kit.row('T-086')
  const real = await mailedTokens(kit)
  const shaped = kit.keys.length > 0 ? shapedLikeMailed(kit) : []
  if (real.length + shaped.length === 0) return row.notRun('needs a key, or mails that hold tokens')
  await kit.refuses('T-086', onBothLists(kit, [...real, ...shaped]))
}

function shapedLikeMailed(kit: Kit): Case[] {
  const { iat, exp } = kit.claims(kit.a)
  const { email, id } = kit.a
  const payloads: Claims[] = [
    { email, iat, exp },
    { email, updateTo: email, iat, exp },
    { email, requestType: 'change-email-verification', iat, exp },
    { sub: id, purpose: 'reset-password', iat, exp },
    { userId: id, iat, exp },
  ]
  const { alg, kid } = headerOf(kit)
  return payloads.flatMap((claims): Case[] =>
    [{ alg }, { alg, kid }, { alg, kid, typ: 'JWT' }].map(header => [
      `${say(claims)} under ${say(header)}`,
      kit.forge({ header, claims, key: kit.keys[0] }),
    ]),
  )
}

async function mailedTokens(kit: Kit): Promise<Case[]> {
  if (!kit.hooks.mail) return []
  const { mails } = await kit.hooks.mail({ after: 0 })
  const tokens = mails.flatMap(mail => mail.text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [])
  return tokens.slice(-10).map(token => ['a token out of a mail', token])
}

async function otherServices(kit: Kit): Promise<void> {
  const { aud } = kit.claims(kit.b)
  const names = [
    'other-api',
    `${aud}-admin`,
    `${aud}2`,
    kit.random.text(10),
    `https://${kit.random.text(6)}.example/api`,
  ]
  const elsewhere = names.map((name): Case => [`aud ${name}`, withClaims(kit, { aud: name })])
  await kit.refuses('T-088', onListOf(kit, kit.b, elsewhere))
  if (!kit.b.session && !kit.accounts.can('signUp')) return
  const person = kit.b.session ? kit.b : await kit.freshUser()
  await kit.refuses('T-088', onListOf(kit, person, sessionAsBearer(person)))
}

/** The cookie's value as it is, decoded, and without the signature behind its dot. */
function sessionAsBearer({ session }: Identity): Case[] {
  const values = [...(session?.cookies.values() ?? [])].flatMap(value => [value, decodeURIComponent(value)])
  const texts = new Set(values.flatMap(value => [value, value.split('.')[0]!]))
  return [...texts].filter(Boolean).map(text => ['a cookie of the session', text])
}

/** RFC 7519 §4: refuse, or take the last. */
async function duplicates(kit: Kit): Promise<void> {
  const claims = JSON.stringify(kit.claims(kit.b))
  const { subject, repeatsSubject } = kit.profile.token
  const names = [subject, ...repeatsSubject]
  const escaped = (name: string) => `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`
  const pairs = (spell: (name: string) => string, value: string) =>
    names.map(name => `"${spell(name)}":${value}`).join()
  const ofA = JSON.stringify(kit.a.id)
  const spellings = { plain: (name: string) => name, escaped }
  const firsts = Object.entries(spellings).flatMap(([how, spell]): Case[] => [
    [`A first (${how})`, withPayload(kit, `{${pairs(spell, ofA)},${claims.slice(1)}`)],
    [
      `A twice first (${how})`,
      withPayload(kit, `{${pairs(spell, ofA)},${pairs(spell, ofA)},${claims.slice(1)}`),
    ],
    [
      `A first and null between (${how})`,
      withPayload(kit, `{${pairs(spell, ofA)},${pairs(spell, 'null')},${claims.slice(1)}`),
    ],
  ])
  const exp = JSON.stringify(kit.claims(kit.b).exp)
  firsts.push(['exp long past first', withPayload(kit, `{"exp":1,${claims.slice(1)}`)])
  await actsAsBAtMost(kit, 'T-089', firsts)
  const expired = withPayload(
    kit,
    `{"exp":${exp},${claims.slice(1, -1).replace(`"exp":${exp}`, '"x":0')},"exp":1}`,
  )
  await kit.refuses('T-089', onListOf(kit, kit.b, [['exp in the future first, past last', expired]]), {
    kind: 'expired',
  })
}

async function otherNames(kit: Kit): Promise<void> {
  const { subject, session } = kit.profile.token
  const names = ['iss', 'aud', 'exp', subject, ...(has(kit, 'session-claim') ? [session] : [])]
  const cases = names.flatMap((name): Case[] => {
    const spellings = [
      name.toUpperCase(),
      name[0]!.toUpperCase() + name.slice(1),
      randomCase(kit.random, name),
      `${name} `,
      ` ${name}`,
      `${name}\u0000`,
    ]
    const value = kit.claims(kit.b)[name]
    return spellings
      .filter(spelling => spelling !== name)
      .map(spelling => [
        `${say(spelling)} instead of ${name}`,
        withClaims(kit, { [name]: undefined, [spelling]: value }),
      ])
  })
  await kit.refuses('T-091', onListOf(kit, kit.b, cases))
  const overruled = {
    [subject.toUpperCase()]: kit.a.id,
    [subject[0]!.toUpperCase() + subject.slice(1)]: kit.a.id,
  }
  await actsAsBAtMost(kit, 'T-091', [
    ['the subject of A under other names beside that of B', withClaims(kit, overruled)],
  ])
}

/** B with every right one could think of: still B. */
async function rights(kit: Kit): Promise<void> {
  const row = kit.row('T-095')
  const grants: Claims[] = [
    { role: 'admin' },
    { roles: ['admin', 'owner'] },
    { scope: '*' },
    { scope: 'admin tasks:read tasks:write' },
    { scp: ['*'] },
    { is_admin: true },
    { admin: true },
    { isAdmin: 1 },
    { permissions: ['*', 'tasks:*'] },
    { groups: ['administrators'] },
    { act: { sub: kit.a.id } },
    { may_act: { sub: kit.a.id } },
    { impersonatedBy: kit.b.id, tenant: '*' },
    { role: 'service_role' },
  ]
  await kit.between('T-095', async () => {
    for (const grant of [...grants, Object.assign({}, ...grants) as Claims]) {
      const token = withClaims(kit, grant)
      const own = await kit.ask('list', { as: kit.b, token })
      row.is(own.status === 200, `${say(grant)} takes nothing from B`, own)
      if (!kit.profile.absent.includes('path-user')) {
        const list = await kit.ask('list', { as: kit.b, token, owner: kit.a })
        row.missing404(list, `${say(grant)}, A's list`)
      }
      const task = await kit.ask('read', { as: kit.b, token, owner: kit.a, id: kit.a.tasks[0] })
      row.missing404(task, `${say(grant)}, A's task`)
      const asOwn = await kit.ask('read', { as: kit.b, token, id: kit.a.tasks[0] })
      row.missing404(asOwn, `${say(grant)}, A's task under B's path`)
    }
  })
}
