// The kit as one check has it: the run's world, with randomness, deadline and rows of its own.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Identity, Kit, Refusal } from './check.ts'
import type { Answer, Request } from './client.ts'
import { KitFault } from './faults.ts'
import type { Ledger } from './ledger.ts'
import { openListener } from './listener.ts'
import { createReference } from './reference.ts'
import { createRow, statusOf } from './row.ts'
import { createStatistics } from './statistics.ts'
import { type Alg, decode, forge, generateKey, type Key } from './token.ts'
import { hashOf, type World } from './world.ts'

export interface KitOptions {
  world: World
  check: Check
  ledger: Ledger
  isChosen(row: string): boolean
  signal: AbortSignal
}

const ownKeys = new Map<Alg, Key>()
export const DAMAGE = "the victim's tasks are not what they were"

/** A control between every so many negatives. */
const EVERY = 50

export function createKit({ world, check, ledger, isChosen, signal }: KitOptions): Kit & { close(): void } {
  const { profile, client, guard, request } = world
  const random = world.random.fork(check.rows.join())
  const reference = createReference(profile, () => world.learnt)
  const closers: (() => void)[] = []
  let judged = check.rows

  const kit: Kit = {
    ...pick(world, ['a', 'b', 'deleted', 'unknownUser', 'unknownTask', 'profile', 'hooks', 'keys']),
    random,
    signal,
    accounts: world.accounts,
    statistics: createStatistics(random),

    row(id) {
      if (!check.rows.includes(id))
        throw new KitFault(`${id} is not a row of this check (${check.rows.join(', ')})`)
      judged = [id]
      return createRow({ id, ledger, reference, isChosen })
    },
    request,
    async send(request) {
      signal.throwIfAborted()
      const answer = await client.send(request)
      guard.look(answer, judged)
      return answer
    },
    ask: (route, ask) => kit.send(request(route, ask)),
    async sendRaw(bytes, { as, ...options } = {}) {
      signal.throwIfAborted()
      const raw = await client.sendRaw(bytes, options)
      for (const answer of raw.answers)
        guard.look({ ...answer, request: { ...answer.request, as: as ?? null } }, judged)
      return raw
    },
    bytesOf: client.bytesOf,
    withToken: (token, as) => request('list', { as: as ?? kit.b, token }),

    async refuses(row, cases, { kind = 'invalid', every = EVERY } = {}) {
      const judge = kit.row(row)
      let sinceControl = 0
      await kit.control(row)
      for (const refusal of cases) {
        const sent = requestOf(refusal)
        judge.refused401(await kit.send(sent), refusal.why, kind)
        if (isWrite(sent)) await kit.unchanged(row)
        sinceControl += 1
        if (sinceControl % every === 0) await kit.control(row)
      }
      if (sinceControl % every !== 0) await kit.control(row)
      await kit.unchanged(row)
    },
    async between(row, work) {
      await kit.control(row)
      const result = await work()
      await kit.control(row)
      await kit.unchanged(row)
      return result
    },
    async control(row) {
      const answer = await patiently(request('list', { as: kit.b }))
      return kit
        .row(row)
        .is(isGood(answer), `the valid request beside it answers ${statusOf(answer)}`, answer)
    },
    async unchanged(row) {
      const answer = await patiently(request('list', { as: kit.a }))
      const isSame = isGood(answer) && hashOf(answer) === world.stateOfA
      // Said once: what was done to her is not every later check's doing too.
      if (isGood(answer)) world.stateOfA = hashOf(answer)
      return kit.row(row).is(isSame, DAMAGE, answer)
    },

    claims: (identity, overrides) => without({ ...freshClaims(identity), ...overrides }),
    header: overrides => without({ ...decode(kit.b.token)?.header, ...overrides }),
    forge,
    mint(identity, overrides, key = kit.keys[0]) {
      if (!key) throw new KitFault('a check that mints tokens needs "key"')
      const header = { ...kit.header(), alg: key.alg, ...(key.kid !== undefined && { kid: key.kid }) }
      const token = forge({ header, claims: kit.claims(identity, overrides), key })
      guard.knows(token, identity)
      guard.secret(token, 'an access token')
      return token
    },
    ownKey,
    now: () => Math.floor((Date.now() + world.skew) / 1000),

    async listener() {
      const listener = await openListener()
      closers.push(listener.close)
      return listener
    },
    visit: world.browser.visit,
    freshUser: (name = 'a fresh user') => world.newIdentity(name),
    secret: guard.secret,
    secrets: guard.secrets,
  }
  return {
    ...kit,
    close() {
      for (const close of closers) close()
    },
  }

  /** Made once: RSA keys take their time. */
  function ownKey(alg: Alg): Key {
    const key = ownKeys.get(alg) ?? generateKey(alg)
    ownKeys.set(alg, key)
    return key
  }

  function requestOf({ token, request: given, why }: Refusal): Request {
    if (given) return { as: null, ...given }
    if (token === undefined) throw new KitFault(`the case "${why}" has neither token nor request`)
    return { ...request('list', { as: kit.b, token }), as: null }
  }

  /** A target may ask for patience; a control that waited is still a control. */
  async function patiently(request: Request): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await kit.send(request)
      if ((answer.status !== 429 && answer.status !== 503) || attempt === 5) return answer
      await sleep(Math.min(Number(answer.header('retry-after') ?? 1) * 1000, 5_000), undefined, { signal })
    }
  }

  function freshClaims(identity: Identity) {
    const claims = decode(identity.token)?.claims
    if (!claims) throw new KitFault(`the token of ${identity.name} is no JWT`)
    const now = kit.now()
    return {
      ...claims,
      iat: now,
      exp: now + profile.token.lifetime,
      ...(claims.jti !== undefined && { jti: randomUUID() }),
      ...(claims.nbf !== undefined && { nbf: now }),
    }
  }
}

const isGood = ({ status }: Answer) => status >= 200 && status <= 299

const isWrite = ({ method }: Request) => !['GET', 'HEAD', 'OPTIONS'].includes(method)

function without(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function pick<Whole, Name extends keyof Whole>(whole: Whole, names: Name[]): Pick<Whole, Name> {
  return Object.fromEntries(names.map(name => [name, whole[name]])) as Pick<Whole, Name>
}
