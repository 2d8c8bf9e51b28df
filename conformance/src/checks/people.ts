// What the checks of accounts do again and again: people who sign in, and tokens that must live or be dead.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../accounts.ts'
import type { Identity, Kit } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import type { Action } from '../profile.ts'
import { statusOf } from '../row.ts'
import { decode } from '../token.ts'

export type Person = Identity & { session: Session }

export const isGood = ({ status }: Answer) => status >= 200 && status <= 299
export const isRefused = ({ status }: Answer) => status >= 400 && status <= 499

/** Work beside other work: when the check is cut short, nobody is left to hear of its failure. */
export function beside<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => {})
  return work
}

/** Another device of a person: a session of its own. */
export async function anotherDevice(kit: Kit, { session }: Person): Promise<Session> {
  return await kit.accounts.signIn(session)
}

/** What a person's list answers to this token. */
export async function tryToken(kit: Kit, who: Identity, token: string): Promise<Answer> {
  return await kit.send(kit.withToken(token, who))
}

export async function isAlive(kit: Kit, who: Identity, token: string): Promise<boolean> {
  return isGood(await tryToken(kit, who, token))
}

/** What the cookie's holder gets when asking for an access token. */
export async function tryCookie(kit: Kit, session: Session): Promise<Answer> {
  return await kit.send(kit.accounts.request('token', session))
}

export async function tokenStillGiven(kit: Kit, session: Session): Promise<boolean> {
  return isGood(await tryCookie(kit, session))
}

/** After the bound that the profile states, counted from now. */
export async function waitForBound(kit: Kit): Promise<void> {
  const { signOut, tolerance } = kit.profile.bounds
  await sleep(signOut + tolerance)
}

export async function mustBeDead(
  kit: Kit,
  row: string,
  who: Identity,
  token: string,
  why: string,
): Promise<void> {
  kit.row(row).refused401(await tryToken(kit, who, token), why)
}

export async function mustLive(
  kit: Kit,
  row: string,
  who: Identity,
  token: string,
  why: string,
): Promise<void> {
  const answer = await tryToken(kit, who, token)
  kit.row(row).is(isGood(answer), `${why} is answered ${statusOf(answer)}`, answer)
}

/** The session that a token names. */
export function sidOf(kit: Kit, token: string): string {
  return String(decode(token)?.claims[kit.profile.token.session] ?? '')
}

export function cloneOf(session: Session): Session {
  return { ...session, cookies: new Map(session.cookies) }
}

export function without(request: Request, name: string): Request {
  return { ...request, headers: request.headers?.filter(([key]) => key.toLowerCase() !== name.toLowerCase()) }
}

/** The same request with this header instead of whatever it had under the name; undefined takes it away. */
export function withHeader(request: Request, name: string, value: string | undefined): Request {
  const { headers = [], ...rest } = without(request, name)
  return { ...rest, headers: value === undefined ? headers : [...headers, [name, value]] }
}

/** The JSON body with other members. */
export function withBody(
  request: Request,
  change: (body: Record<string, unknown>) => Record<string, unknown>,
): Request {
  const typed = withHeader(request, 'Content-Type', 'application/json')
  return { ...typed, body: JSON.stringify(change(JSON.parse(String(request.body ?? '{}')))) }
}

/** The member of a step's body that carries this text. */
export function memberWith(request: Request, text: string): string | undefined {
  const body = JSON.parse(String(request.body ?? '{}')) as Record<string, unknown>
  return Object.keys(body).find(name => body[name] === text)
}

/** Steps of the recipe that change something for whoever holds the cookie. */
export const CHANGES: Action[] = [
  'signOut',
  'changePassword',
  'changeEmail',
  'updateUser',
  'revokeSession',
  'revokeOtherSessions',
  'revokeSessions',
  'deleteAccount',
]

/** Values that make each of `CHANGES` succeed. */
export function valuesFor(kit: Kit, session: Session) {
  const { email, password } = kit.accounts.newValues()
  return {
    newPassword: `${password}new`,
    newEmail: email,
    sessionId: sidOf(kit, session.token),
    newName: 'Other',
  }
}

/** The origin of the target's own page. */
export function ownOrigin(kit: Kit): string {
  const { issuer, api } = kit.profile
  return issuer?.origin ?? new URL(issuer?.url ?? api.url).origin
}

/** Loopback addresses are as many clients as one likes; elsewhere the kit has just its own. */
export function addressOf(kit: Kit, number: number): string | undefined {
  const { hostname } = new URL(kit.profile.issuer?.url ?? kit.profile.api.url)
  const isLoopback = process.platform === 'linux' && /^(127\.\d+\.\d+\.\d+|localhost)$/.test(hostname)
  return isLoopback ? `127.77.${(number >> 8) & 255}.${number & 255 || 1}` : undefined
}

/** A number of addresses that no other check of this run uses. */
export function freshAddresses(kit: Kit): () => string | undefined {
  let next = kit.random.integer(60_000)
  return () => {
    next = (next + 1) % 65_000
    return addressOf(kit, next)
  }
}

/** A refused or successful attempt to sign in, from an address of one's choice; nothing is kept. */
export async function trySignIn(kit: Kit, email: string, password: string, from?: string): Promise<Answer> {
  const session: Session = { id: '', name: '', token: '', cookies: new Map(), email, password }
  return await kit.send({ ...kit.accounts.request('signIn', session), from, fresh: from !== undefined })
}

export async function trySignUp(
  kit: Kit,
  values: { email: string; password: string },
  from?: string,
): Promise<Answer> {
  const session: Session = { id: '', name: 'Kit', token: '', cookies: new Map(), ...values }
  return await kit.send({ ...kit.accounts.request('signUp', session), from, fresh: from !== undefined })
}
