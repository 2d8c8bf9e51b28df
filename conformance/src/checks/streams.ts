// §18: streams that stay open, which somebody else's events must never reach and no token may outlive.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Identity, Kit, Row } from '../check.ts'
import type { Request } from '../client.ts'
import { type EventStream, frame, openStream, upgraded } from '../event-stream.ts'
import { cloneOf, isGood, ownOrigin, type Person, sidOf } from './people.ts'

export const checks: Check[] = [
  { rows: ['T-270'], needs: ['fresh-users'], feature: 'streams', run: streamsAskForATicket },
  { rows: ['T-271'], needs: ['fresh-users'], feature: 'streams', run: tokensInTheQueryOpenNothing },
  {
    rows: ['T-272'],
    needs: ['fresh-users', 'key'],
    feature: 'streams',
    kind: 'waiting',
    run: streamsEndWithTheirToken,
  },
  {
    rows: ['T-273'],
    needs: ['fresh-users'],
    feature: ['streams', 'sign-out', 'revocation'],
    run: streamsEndWithTheirSession,
  },
  { rows: ['T-274'], needs: ['fresh-users'], feature: 'streams', kind: 'flood', run: nobodyHearsOthers },
  { rows: ['T-275'], needs: ['fresh-users'], feature: 'streams', run: nothingOfOthersIsReplayed },
  { rows: ['T-276'], needs: ['fresh-users'], feature: ['streams', 'websocket'], run: otherPagesOpenNoSocket },
  {
    rows: ['T-277'],
    needs: ['fresh-users'],
    feature: ['streams', 'websocket'],
    kind: 'flood',
    run: hostileFramesAreCutOff,
  },
  { rows: ['T-278'], needs: ['fresh-users'], feature: 'streams', kind: 'flood', run: streamsAreCounted },
]

interface Wish {
  as?: Identity
  token?: string
  owner?: string
  query?: string
  headers?: [string, string][]
}

/** The request for the stream of the profile; `kind` names its path in the profile's choices. */
function wish(
  kit: Kit,
  kind: 'eventStream' | 'webSocket',
  { as, token, owner, query = '', headers = [] }: Wish,
): Request {
  const path = (kit.profile.choices[kind] ?? '').replaceAll('{user}', owner ?? as?.id ?? '')
  const bearer = token ?? as?.token
  const authorization: [string, string][] = bearer ? [['Authorization', `Bearer ${bearer}`]] : []
  const plain: Request = {
    method: 'GET',
    target: path + query,
    as: null,
    headers: [...authorization, ...headers],
  }
  const origin =
    headers.find(([name]) => name === 'Origin')?.[1] ?? kit.profile.choices.pageOrigin ?? ownOrigin(kit)
  return kind === 'webSocket' ? upgraded(plain, origin) : plain
}

async function open(kit: Kit, kind: 'eventStream' | 'webSocket', wanted: Wish): Promise<EventStream> {
  return await openStream(kit.profile, kit.bytesOf(wish(kit, kind, wanted)))
}

const kindsOf = (kit: Kit) =>
  (['eventStream', 'webSocket'] as const).filter(kind => (kit.profile.choices[kind] ?? '') !== '')
const isOpen = ({ status, closed }: EventStream) => (status === 200 || status === 101) && !closed

/** A task that this person makes, which their streams tell of. */
async function makeEvent(kit: Kit, who: Identity, text: string): Promise<void> {
  await kit.ask('create', {
    as: who,
    body: { ...(kit.profile.routes.create!.body as object), [kit.profile.task.title]: text },
  })
}

async function until(condition: () => boolean, ms = 3_000): Promise<boolean> {
  const end = performance.now() + ms
  while (!condition() && performance.now() < end) await sleep(10)
  return condition()
}

async function mustHear(kit: Kit, row: Row, stream: EventStream, who: Identity): Promise<boolean> {
  const text = `event${kit.random.text(12)}`
  await makeEvent(kit, who, text)
  return row.is(
    await until(() => stream.text.includes(text)),
    'an open stream tells nothing of its own person',
  )
}

async function streamsAskForATicket(kit: Kit): Promise<void> {
  const row = kit.row('T-270')
  const [person, gone] = [await kit.freshUser(), await kit.freshUser()]
  await kit.accounts.do('signOut', gone.session)
  await sleep(kit.profile.bounds.signOut + kit.profile.bounds.tolerance)
  for (const kind of kindsOf(kit)) {
    const good = await open(kit, kind, { as: person })
    row.is(isOpen(good), `a good token opens no ${kind}: ${good.status}`)
    await mustHear(kit, row, good, person)
    good.close()
    const bad: [string, Wish][] = [
      ['no token', { owner: person.id }],
      ['garbage', { owner: person.id, token: 'garbage' }],
      ['a token with another signature', { owner: person.id, token: spoilt(person.token) }],
      ['a token that was signed out', { as: gone }],
    ]
    if (kit.keys.length > 0)
      bad.push([
        'an expired token',
        { as: person, token: kit.mint(person, { iat: kit.now() - 100, exp: kit.now() - 10 }) },
      ])
    for (const [what, wanted] of bad) {
      const stream = await open(kit, kind, wanted)
      row.is(stream.status === 401, `${kind} with ${what} is answered ${stream.status}, not 401`)
      stream.close()
    }
  }
}

function spoilt(token: string): string {
  const at = token.lastIndexOf('.') + 5
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

async function tokensInTheQueryOpenNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-271')
  const person = await kit.freshUser()
  for (const kind of kindsOf(kit)) {
    for (const name of ['access_token', 'token', 'jwt', 'authorization', 'ticket', 'auth']) {
      const stream = await open(kit, kind, { owner: person.id, query: `?${name}=${person.token}` })
      row.is(!isOpen(stream), `${kind}: a token in ?${name}= opens a stream`)
      stream.close()
    }
  }
}

const LIFE_S = 2

async function streamsEndWithTheirToken(kit: Kit): Promise<void> {
  const row = kit.row('T-272')
  const person = await kit.freshUser()
  for (const kind of kindsOf(kit)) {
    const exp = Math.floor(Date.now() / 1000) + LIFE_S
    const stream = await open(kit, kind, { as: person, token: kit.mint(person, { iat: exp - LIFE_S, exp }) })
    row.is(isOpen(stream), `a token of ${LIFE_S} s opens no ${kind}: ${stream.status}`)
    const isClosed = await until(() => stream.closed, LIFE_S * 1000 + 1_500)
    row.is(isClosed, `${kind}: a stream goes on a second after its token has expired`)
    stream.close()
  }
}

async function streamsEndWithTheirSession(kit: Kit): Promise<void> {
  const row = kit.row('T-273')
  for (const kind of kindsOf(kit)) {
    const person = await kit.freshUser()
    const second = await kit.accounts.signIn(person.session)
    const [stream, other] = [
      await open(kit, kind, { as: person }),
      await open(kit, kind, { as: person, token: second.token }),
    ]
    await mustHear(kit, row, stream, person)
    await kit.accounts.do('signOut', cloneOf(person.session))
    await sleep(kit.profile.bounds.signOut + kit.profile.bounds.tolerance)
    const late = `late${kit.random.text(12)}`
    await makeEvent(kit, { ...person, token: second.token }, late)
    const isHeard = await until(() => other.text.includes(late))
    row.is(isHeard, `${kind}: another session's stream is silent after a sign-out`)
    row.is(!stream.text.includes(late), `${kind}: an event comes after sign-out has answered`)
    row.is(await until(() => stream.closed, 1_000), `${kind}: a stream stays open after its sign-out`)
    for (const one of [stream, other]) one.close()
  }
}

const EVENTS = 300

/** Every way that names another's channel; then many events of theirs, of which none may come. */
async function nobodyHearsOthers(kit: Kit): Promise<void> {
  const row = kit.row('T-274')
  const [victim, attacker] = [await kit.freshUser(), await kit.freshUser()]
  for (const kind of kindsOf(kit)) {
    const foreign = await open(kit, kind, { owner: victim.id, token: attacker.token })
    row.is(
      [403, 404].includes(foreign.status),
      `${kind}: another's path is answered ${foreign.status}, not 404`,
    )
    const queries = [
      victim.id,
      `user:${victim.id}`,
      '*',
      'user:*',
      '#',
      `${attacker.id},${victim.id}`,
    ].flatMap(topic => ['topic', 'channel', 'user_id'].map(name => `?${name}=${encodeURIComponent(topic)}`))
    const text = `of-the-victim-${kit.random.text(12)}`
    for (const group of groupsOf(queries, Math.max(1, (kit.profile.choices.streamsPerUser ?? 10) - 2))) {
      const streams = await Promise.all(group.map(query => open(kit, kind, { as: attacker, query })))
      for (const stream of streams) if (kind === 'webSocket') askFor(stream, victim, attacker)
      await burst(kit, victim, text)
      const heard = streams.findIndex(stream => stream.text.includes(text))
      row.is(heard < 0, `${kind}: ${group[heard]} hears of somebody else`)
      for (const stream of streams) stream.close()
    }
    row.is(!foreign.text.includes(text), `${kind}: another's path tells of them`)
    foreign.close()
  }
}

function groupsOf<Item>(items: Item[], size: number): Item[][] {
  return items.length === 0 ? [] : [items.slice(0, size), ...groupsOf(items.slice(size), size)]
}

async function burst(kit: Kit, who: Identity, text: string): Promise<void> {
  for (let number = 0; number < EVENTS; number += 20)
    await Promise.all(Array.from({ length: 20 }, () => makeEvent(kit, who, text)))
  await sleep(100)
}

/** Asks for another's channel once the socket is open, as such protocols do. */
function askFor(stream: EventStream, victim: Identity, attacker: Identity): void {
  const wishes = [
    { type: 'subscribe', topic: `user:${victim.id}` },
    { type: 'subscribe', channel: victim.id, token: attacker.token },
    { action: 'subscribe', topic: '*' },
  ]
  for (const wanted of wishes) stream.write(frame(1, Buffer.from(JSON.stringify(wanted))))
}

async function nothingOfOthersIsReplayed(kit: Kit): Promise<void> {
  const row = kit.row('T-275')
  if ((kit.profile.choices.eventStream ?? '') === '')
    return row.notApplicable('the target has no event stream')
  const [victim, attacker] = [await kit.freshUser(), await kit.freshUser()]
  const seen = await open(kit, 'eventStream', { as: victim })
  const text = `of-the-victim-${kit.random.text(12)}`
  for (let number = 0; number < 5; number += 1) await makeEvent(kit, victim, text)
  await until(() => seen.text.includes(text))
  const id = /id: *(\S+)/.exec(seen.text)?.[1] ?? '1'
  seen.close()
  for (const last of [id, '0', '-1', '1', '999999999999', '', 'NaN', '*', `${victim.id}`]) {
    const stream = await open(kit, 'eventStream', { as: attacker, headers: [['Last-Event-ID', last]] })
    await sleep(50)
    row.is(!stream.text.includes(text), `Last-Event-ID ${last} brings back the events of somebody else`)
    row.is(stream.status < 500, `Last-Event-ID ${last} is answered ${stream.status}`)
    stream.close()
  }
}

async function otherPagesOpenNoSocket(kit: Kit): Promise<void> {
  const row = kit.row('T-276')
  const person = await kit.freshUser()
  const own = kit.profile.choices.pageOrigin ?? ownOrigin(kit)
  for (const origin of ['https://evil.example', 'null', `${own}.evil.example`, undefined]) {
    const plain = wish(kit, 'webSocket', { as: person })
    const headers = (plain.headers ?? []).filter(([name]) => name !== 'Origin')
    if (origin !== undefined) headers.push(['Origin', origin])
    const stream = await openStream(kit.profile, kit.bytesOf({ ...plain, headers }))
    row.is(stream.status !== 101, `a page of ${origin ?? 'nowhere'} opens a WebSocket`)
    stream.close()
  }
}

interface Assault {
  what: string
  send(stream: EventStream): Promise<void> | void
}

const ASSAULTS: Assault[] = [
  { what: 'a frame of a megabyte', send: stream => void stream.write(frame(1, Buffer.alloc(1_000_000, 97))) },
  {
    what: 'a fragment that never ends',
    async send(stream) {
      for (let number = 0; number < 64 && !stream.closed; number += 1) {
        stream.write(frame(number === 0 ? 1 : 0, Buffer.alloc(16_000, 97), { isLast: false }))
        await sleep(5)
      }
    },
  },
  {
    what: '10,000 frames at once',
    async send(stream) {
      const small = frame(1, Buffer.from('{}'))
      for (let number = 0; number < 100 && !stream.closed; number += 1) {
        stream.write(Buffer.concat(Array.from({ length: 100 }, () => small)))
        await sleep(2)
      }
    },
  },
  {
    what: 'a flood of pings',
    async send(stream) {
      for (let number = 0; number < 100 && !stream.closed; number += 1) {
        stream.write(Buffer.concat(Array.from({ length: 100 }, () => frame(9, Buffer.from('ping')))))
        await sleep(2)
      }
    },
  },
]

async function hostileFramesAreCutOff(kit: Kit): Promise<void> {
  const row = kit.row('T-277')
  const person: Person = await kit.freshUser()
  for (const { what, send } of ASSAULTS) {
    const stream = await open(kit, 'webSocket', { as: person })
    row.is(isOpen(stream), `the WebSocket does not open: ${stream.status}`)
    await send(stream)
    row.is(await until(() => stream.closed, 2_000), `${what}: the socket stays open`)
    stream.close()
    const answer = await kit.ask('list', { as: person })
    row.is(isGood(answer), `after ${what} the API answers ${answer.status}`, answer)
  }
}

const MOST = 1_000

async function streamsAreCounted(kit: Kit): Promise<void> {
  const row = kit.row('T-278')
  for (const kind of kindsOf(kit)) {
    const person = await kit.freshUser()
    const most = Math.min(MOST, 4 * (kit.profile.choices.streamsPerUser ?? MOST / 4))
    const streams: EventStream[] = []
    while (streams.length < most && streams.every(isOpen)) streams.push(await open(kit, kind, { as: person }))
    const last = streams.at(-1)!
    row.is(
      [429, 503].includes(last.status),
      `${kind}: ${streams.length} streams of one person, the last answered ${last.status}`,
    )
    row.note(`${kind}: ${streams.length - 1} streams of one session ${sidOf(kit, person.token).slice(0, 8)}`)
    for (const stream of streams) stream.close()
  }
}
