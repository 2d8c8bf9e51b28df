// §7: a token is carried in one Authorization header, as Bearer, one space and the token, and in no other place.
import type { Check, Kit, Refusal } from '../check.ts'
import type { Request } from '../client.ts'
import { answers, hasPathUser, isGood, makeTask, sample, tasksIn } from './own-tasks.ts'

type Headers = [name: string, value: string | Buffer][]

const NO_CREDENTIALS = { kind: 'no-credentials' } as const

export const checks: Check[] = [
  {
    rows: ['T-109'],
    async run(kit) {
      await twice(kit, 'valid, then garbage', [kit.b.token, 'garbage'], [200, 400, 401])
      await twice(kit, 'garbage, then valid', ['garbage', kit.b.token], [400, 401])
      await twice(
        kit,
        'A, then B',
        [kit.a.token, kit.b.token],
        hasPathUser(kit) ? [400, 401, 404] : [400, 401],
      )
    },
  },
  {
    rows: ['T-110'],
    async run(kit) {
      const { a, b } = kit
      await kit.refuses('T-110', [
        ...[`Bearer ${b.token}, Bearer ${a.token}`, `Bearer ${b.token} ${a.token}`].map(withValue(kit)),
        ...[`Bearer ${b.token};`, `Bearer ${b.token},`, `Bearer token=${b.token}`].map(withValue(kit)),
        ...[`Bearer garbage, Bearer ${b.token}`, `Bearer garbage ${b.token}`].map(withValue(kit)),
      ])
    },
  },
  {
    rows: ['T-111'],
    async run(kit) {
      await kit.refuses('T-111', [`Bearer\t${kit.b.token}`, `Bearer \t${kit.b.token}`].map(withValue(kit)))
      const answer = await kit.send(carrying(kit, [['Authorization', `Bearer  ${kit.b.token}`]]))
      const chosen = kit.profile.choices.twoSpaces
      const expected = chosen === 'accepted' ? [200] : chosen === 'refused' ? [401] : [200, 401]
      answers(kit, 'T-111', answer, expected, 'two spaces')
    },
  },
  {
    rows: ['T-112'],
    async run(kit) {
      const { token } = kit.b
      const values = [
        `Bearer${token}`,
        `Bearer:${token}`,
        `Token ${token}`,
        `JWT ${token}`,
        token,
        `"${token}"`,
      ]
      await kit.refuses('T-112', [...values, `Bearer "${token}"`, `Basic ${token}`].map(withValue(kit)))
    },
  },
  {
    rows: ['T-113'],
    async run(kit) {
      await kit.refuses(
        'T-113',
        namingA(kit).map(header => ({ why: header[0], request: carrying(kit, [header]) })),
        NO_CREDENTIALS,
      )
      await kit.refuses('T-113', tokenElsewhere(kit), NO_CREDENTIALS)
      for (const header of namingA(kit)) await isIgnored(kit, header)
    },
  },
  {
    rows: ['T-114'],
    async run(kit) {
      const names = [
        'token',
        'access_token',
        'accessToken',
        'jwt',
        'auth',
        'session',
        'Authorization',
        '__Host-token',
      ]
      const issuers = [...(kit.b.session?.cookies ?? [])].map(([name, value]) => `${name}=${value}`)
      const cookies = [
        ...names.flatMap(name => [`${name}=${kit.b.token}`, `${name}=Bearer ${kit.b.token}`]),
        ...issuers,
      ]
      const cases = [...cookies, cookies.join('; ')].map(cookie => ({
        why: `a cookie ${cookie.split('=')[0]}`,
        request: carrying(kit, [['Cookie', cookie]]),
      }))
      await kit.refuses('T-114', cases, NO_CREDENTIALS)
    },
  },
  {
    rows: ['T-115'],
    async run(kit) {
      const names = ['access_token', 'token', 'jwt', 'authorization', 'bearer_token', 'auth', 'id_token']
      const cases = names.flatMap(name =>
        [kit.b.token, `Bearer%20${kit.b.token}`].map(value => {
          const request = carrying(kit, [])
          return {
            why: `the parameter ${name}`,
            request: { ...request, target: `${request.target}?${name}=${value}` },
          }
        }),
      )
      await kit.refuses('T-115', cases, NO_CREDENTIALS)
    },
  },
  {
    rows: ['T-116'],
    async run(kit) {
      await kit.refuses('T-116', [inForm(kit, []), inJson(kit, [])], NO_CREDENTIALS)
      for (const { request, why } of [inForm(kit, bearer(kit)), inJson(kit, bearer(kit))]) {
        const answer = await kit.between('T-116', () => kit.send(request))
        const isOwn = isGood(answer) && ownerOf(kit, answer.json) === kit.b.id
        kit
          .row('T-116')
          .is(isOwn || [400, 401, 415, 422].includes(answer.status), `${why} beside a header`, answer)
      }
    },
  },
  {
    rows: ['T-121'],
    async run(kit) {
      const { token } = kit.b
      const raw = [
        Buffer.from([0xff, 0xfe, 0x80]),
        Buffer.from('ключ'),
        Buffer.from('🔑'),
        kit.random.bytes(40).map(byte => byte | 0x80),
      ]
      const values = raw.flatMap(bytes => [
        Buffer.concat([Buffer.from('Bearer '), bytes]),
        Buffer.concat([Buffer.from(`Bearer ${token}`), bytes]),
        Buffer.concat([bytes, Buffer.from(`Bearer ${token}`)]),
      ])
      await kit.refuses('T-121', values.map(withValue(kit)))
    },
  },
]

/** The list of B's path with these headers and no others; a right answer may speak to B. */
function carrying(kit: Kit, headers: Headers): Request {
  return { ...kit.request('list', { owner: kit.b }), headers, as: kit.b }
}

function withValue(kit: Kit) {
  return (value: string | Buffer): Refusal => ({
    why: value.toString('latin1').replaceAll(kit.a.token, '<A>').replaceAll(kit.b.token, '<B>'),
    request: carrying(kit, [['Authorization', value]]),
  })
}

async function twice(kit: Kit, why: string, tokens: string[], statuses: number[]): Promise<void> {
  const headers: Headers = tokens.map(token => ['Authorization', `Bearer ${token}`])
  const answer = await kit.between('T-109', () => kit.send({ ...carrying(kit, headers), fresh: true }))
  answers(kit, 'T-109', answer, statuses, why)
}

const bearer = (kit: Kit): Headers => [['Authorization', `Bearer ${kit.b.token}`]]

/** What gateways say to the servers behind them, and anybody can say to a server they can reach. */
function namingA(kit: Kit): [string, string][] {
  const { id } = kit.a
  const path = kit.request('list', { owner: kit.a }).target
  const users = [
    'X-User-Id',
    'X-User',
    'X-UserId',
    'X-Forwarded-User',
    'X-Remote-User',
    'X-Auth-User',
    'Remote-User',
    'X-Subject',
  ]
  const paths = ['X-Original-URL', 'X-Rewrite-URL', 'X-Original-URI', 'X-Forwarded-Uri']
  return [
    ...users.map(name => [name, id] as [string, string]),
    ...paths.map(name => [name, path] as [string, string]),
    ['X-Forwarded-Prefix', '/kit-prefix'],
    ['X-Forwarded-Host', 'kit-prefix.example'],
  ]
}

function tokenElsewhere(kit: Kit): Refusal[] {
  const names = [
    'Proxy-Authorization',
    'X-Authorization',
    'X-Access-Token',
    'X-Auth-Token',
    'X-Api-Key',
    'Authentication',
    'X-Forwarded-Access-Token',
  ]
  return names.flatMap(name =>
    [`Bearer ${kit.b.token}`, kit.b.token].map(value => ({
      why: `the token in ${name}`,
      request: carrying(kit, [[name, value]]),
    })),
  )
}

/** With B's token the header opens nothing of A's and changes nothing of B's. */
async function isIgnored(kit: Kit, header: [string, string]): Promise<void> {
  const row = kit.row('T-113')
  const own = await kit.ask('list', { as: kit.b, headers: [header] })
  const foreign = tasksIn(kit, own).some(task => ownerOf(kit, task) !== kit.b.id)
  row.is(
    isGood(own) && !foreign && !own.bytes.includes('kit-prefix'),
    `${header[0]} changes the own list`,
    own,
  )
  if (hasPathUser(kit))
    row.missing404(
      await kit.ask('list', { as: kit.b, owner: kit.a, headers: [header] }),
      `${header[0]} on A's path`,
    )
  const { [kit.profile.task.id]: id } = await makeTask(kit, kit.b)
  const read = await kit.ask('read', { as: kit.b, id: String(id), headers: [header] })
  row.is(isGood(read) && ownerOf(kit, read.json) === kit.b.id, `${header[0]} changes the own task`, read)
}

/** Where tasks do not say whose they are, the canaries do. */
function ownerOf(kit: Kit, task: Record<string, unknown>): unknown {
  const { owner } = kit.profile.task
  return owner === undefined ? kit.b.id : task?.[owner]
}

function inForm(kit: Kit, headers: Headers): Refusal & { request: Request } {
  const body = new URLSearchParams({
    access_token: kit.b.token,
    [kit.profile.task.title]: 'A form',
  }).toString()
  const type: Headers = [['Content-Type', 'application/x-www-form-urlencoded']]
  return {
    why: 'the token in a form',
    request: { ...kit.request('create', { owner: kit.b }), as: kit.b, headers: [...headers, ...type], body },
  }
}

function inJson(kit: Kit, headers: Headers): Refusal & { request: Request } {
  const body = JSON.stringify(sample(kit, 'create', { access_token: kit.a.token }))
  const type: Headers = [['Content-Type', 'application/json']]
  return {
    why: 'a token in the body',
    request: { ...kit.request('create', { owner: kit.b }), as: kit.b, headers: [...headers, ...type], body },
  }
}
