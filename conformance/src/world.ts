// What a run has before its first check: two accounts with rows of their own, and how the target refuses.
import { createHash } from 'node:crypto'
import { type Accounts, createAccounts, type Session } from './accounts.ts'
import { type BrowserSource, createBrowserSource } from './browser.ts'
import type { Ask, Identity } from './check.ts'
import { type Answer, type Client, createClient, type Request } from './client.ts'
import { TargetFault } from './faults.ts'
import { CANARY, createGuard, type Guard } from './guard.ts'
import type { HookFunctions } from './hooks.ts'
import { pointTo } from './json-pointer.ts'
import { keysOf, originsOf, type Profile, type ReadyAccount, type RouteName } from './profile.ts'
import { type Random, unseeded } from './random.ts'
import type { Learnt } from './reference.ts'
import { createRoutes } from './routes.ts'
import type { Key } from './token.ts'

export interface World {
  profile: Profile
  random: Random
  client: Client
  guard: Guard
  hooks: HookFunctions
  accounts: Accounts
  browser: BrowserSource
  keys: Key[]
  a: Identity
  b: Identity
  deleted: Identity | null
  unknownUser: string
  unknownTask: string
  learnt: Learnt
  /** The hash of what A's list said at the start. */
  stateOfA: string
  /** Milliseconds the target's clock is ahead of ours. */
  skew: number
  request(route: RouteName, ask?: Ask): Request
  newIdentity(name: string): Promise<Identity & { session: Session }>
}

export interface WorldOptions {
  profile: Profile
  random: Random
  hooks: HookFunctions
}

const TASKS = 3

export async function createWorld({ profile, random, hooks }: WorldOptions): Promise<World> {
  const guard = createGuard()
  const client = createClient({ origins: originsOf(profile), ca: profile.ca })
  const request = createRoutes(profile, random)
  const send = async (request: Request) => {
    const answer = await client.send(request)
    guard.look(answer, [])
    return answer
  }
  // A second run with this seed must not meet the accounts of the first.
  const fresh = unseeded()
  const accounts = createAccounts({ profile, send, random: fresh, guard })
  const keys = keysOf(profile)
  for (const { secret } of keys) if (secret) guard.secret(secret.toString('base64url'), 'a signing key')

  const browser = createBrowserSource(profile.issuer?.url ?? profile.api.url)
  const world = {
    profile,
    random,
    client,
    guard,
    hooks,
    accounts,
    browser,
    keys,
    request,
    newIdentity,
  } as World
  world.a = await openIdentity('a')
  world.b = await openIdentity('b')
  world.deleted = await openDeleted()
  world.unknownUser = profile.accounts.unknownUser ?? neverIssued(world.a.id, random)
  world.unknownTask = profile.accounts.unknownTask ?? neverIssued(world.a.tasks[0]!, random)
  const list = await mustSucceed(request('list', { as: world.a }), 'the list of A')
  world.stateOfA = hashOf(list)
  world.skew = skewOf(list)
  world.learnt = {
    invalid: await send(request('list', { as: world.b, token: 'garbage' })),
    missing: await send(request('read', { as: world.b, id: world.unknownTask })),
  }
  return world

  async function openIdentity(name: 'a' | 'b'): Promise<Identity> {
    const ready = profile.accounts.ready?.[name]
    return ready ? await furnish(identify(name.toUpperCase(), ready)) : await newIdentity(name.toUpperCase())
  }

  /** Signed up, with a canary in its e-mail and its name, and with tasks. */
  async function newIdentity(name: string): Promise<Identity & { session: Session }> {
    const canary = newCanary()
    const session = await accounts.signUp(accounts.newValues(canary))
    const identity = { ...identify(name, session, canary), session }
    for (const cookie of session.cookies.values()) guard.knows(cookie, identity)
    return await furnish(identity)
  }

  function identify(name: string, { id, token, email }: ReadyAccount, canary = newCanary()): Identity {
    return { name, id, token, email, canary, tasks: [] }
  }

  async function furnish<Kind extends Identity>(identity: Kind): Promise<Kind> {
    guard.watch(identity)
    guard.knows(identity.token, identity)
    guard.secret(identity.token, 'an access token')
    for (let number = 0; number < TASKS; number += 1) identity.tasks.push(await createTask(identity, number))
    return identity
  }

  function newCanary(): string {
    return `${CANARY}${fresh.text(16)}`
  }

  async function createTask(identity: Identity, number: number): Promise<string> {
    const sample = profile.routes.create!.body as Record<string, unknown>
    const body = { ...sample, [profile.task.title]: `${identity.canary} ${number}` }
    const answer = await mustSucceed(
      request('create', { as: identity, body }),
      `creating a task of ${identity.name}`,
    )
    return String(pointTo(answer.json, `/${profile.task.id}`))
  }

  async function mustSucceed(request: Request, what: string): Promise<Answer> {
    const answer = await send(request)
    if (answer.status >= 200 && answer.status <= 299) return answer
    throw new TargetFault(`${what} answered ${answer.status}: ${answer.text.slice(0, 200)}`)
  }

  async function openDeleted(): Promise<Identity | null> {
    const ready = profile.accounts.ready?.deleted
    if (ready) return identify('D', ready)
    if (!accounts.can('deleteAccount')) return null
    const gone = await newIdentity('D')
    const answer = await accounts.do('deleteAccount', gone.session)
    if (answer.status >= 200 && answer.status <= 299) return gone
    throw new TargetFault(`the deleteAccount step answered ${answer.status}: ${answer.text.slice(0, 200)}`)
  }
}

export function hashOf(answer: Answer): string {
  return createHash('sha256').update(answer.body).digest('hex')
}

function skewOf(answer: Answer): number {
  const date = Date.parse(answer.header('date') ?? '')
  // `Date` has whole seconds: on average half a second has passed since.
  return Number.isNaN(date) ? 0 : date + 500 - Date.now()
}

/** The same form with other letters and digits; the version and variant of a UUID stay. */
export function neverIssued(id: string, random: Random): string {
  const isHex = /^[0-9a-f-]+$/i.test(id)
  return [...id]
    .map((character, index) => {
      if (/^\w{8}-\w{4}-\w{4}-\w{4}-\w{12}$/.test(id) && (index === 14 || index === 19)) return character
      if (/\d/.test(character))
        return isHex && /[a-f]/i.test(id)
          ? random.pick([...'0123456789abcdef'])
          : random.pick([...'123456789'])
      if (/[a-z]/.test(character)) return random.pick([...(isHex ? 'abcdef' : 'abcdefghijkmnopqrstuvwxyz')])
      if (/[A-Z]/.test(character)) return random.pick([...(isHex ? 'ABCDEF' : 'ABCDEFGHJKLMNPQRSTUVWXYZ')])
      return character
    })
    .join('')
}
