// The good server's accounts: what answers under /auth, by a table of its routes.
import type { Faults } from './fault-names.ts'
import { readCookie, setCookie } from './cookies.ts'
import { createCredentials } from './credentials.ts'
import type { Feed } from './feed.ts'
import { header, type Incoming, type Outgoing, Refusal } from './http.ts'
import { createLimits, retryAfter } from './limits.ts'
import type { Log } from './log.ts'
import { requireOwnOrigin } from './origin.ts'
import { createPasswords } from './passwords.ts'
import { createSessionRoutes } from './session-routes.ts'
import { DatabaseDown, type People, type Session, type User } from './world.ts'

export interface IssuerParts {
  faults: Faults
  people: People
  feed: Feed
  log: Log
  /** The page's origin. */
  origin: string
  feedSecret: string
  now(): number
  /** Throws `DatabaseDown` while there is none. */
  requireDatabase(): void
  mint(user: User, session: Session, expiresAt: number): { token: string; expiresIn: number }
  /** Removes the rows of a deleted account. */
  removeRows(userId: string): void
  mailDelay(): number
}

export interface Caller {
  incoming: Incoming
  body: Record<string, unknown>
  client: string
  /** The session of the cookie, if it is alive. */
  session: Session | undefined
  user: User | undefined
}
export type Handler = (caller: Caller) => Promise<Outgoing> | Outgoing

export function createIssuer(parts: IssuerParts) {
  const { faults, people, feed, log, now } = parts
  const limits = createLimits(faults, now)
  const shared = { ...parts, limits, passwords: createPasswords(faults), enter, endSessions, later }
  const handlers: Record<string, Handler> = { ...createCredentials(shared), ...createSessionRoutes(shared) }

  async function answer(incoming: Incoming): Promise<Outgoing> {
    try {
      return await route(incoming)
    } catch (error) {
      if (error instanceof Refusal) return noteRefusal(incoming, error)
      if (!(error instanceof DatabaseDown)) throw error
      return { status: 503, headers: retryAfter(1, faults), body: { code: 'UNAVAILABLE', message: 'unavailable' } }
    }
  }

  async function route(incoming: Incoming): Promise<Outgoing> {
    const name = incoming.path.slice('/auth/'.length)
    if (name === 'feed') return answerFeed(incoming)
    const methods = ['GET', 'POST'].filter(method => handlers[`${method} ${name}`])
    if (methods.length === 0) throw new Refusal(404, 'NOT_FOUND')
    const method = faults.has('get-changes-too') && !methods.includes('GET') ? methods[0]! : incoming.method
    const handler = handlers[`${method} ${name}`]
    if (!handler) throw new Refusal(405, 'METHOD_NOT_ALLOWED', [['Allow', methods.join(', ')]])
    if (incoming.method !== 'GET') requireOwnOrigin(incoming, parts.origin, faults)
    const body = readBody(incoming, faults)
    parts.requireDatabase()
    const session = sessionOf(incoming)
    const user = session && people.users.get(session.userId)
    return await handler({ incoming, body, client: limits.clientOf(incoming), session, user })
  }

  function sessionOf(incoming: Incoming): Session | undefined {
    const session = people.sessions.get(readCookie(incoming, faults) ?? '')
    if (!session || now() >= people.endsAt(session)) return undefined
    session.usedAt = now()
    return session
  }

  /** The answer to whoever has just proved who they are. */
  async function enter(user: User, session: Session): Promise<Outgoing> {
    people.sessions.set(session.token, session)
    const headers: [string, string][] = [setCookie(session.token, faults)]
    const { id, email, name } = user
    const more = faults.has('session-token-in-body') ? { token: session.token } : {}
    return { status: 200, headers, body: { user: { id, email, name }, ...handOut(user, session), ...more } }
  }

  function handOut(user: User, session: Session) {
    const { token, expiresIn } = parts.mint(user, session, people.endsAt(session))
    session.lastToken = token
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn }
  }

  /** The sessions are gone, and when it resolves no API accepts their tokens. */
  async function endSessions(sessions: Session[]): Promise<void> {
    for (const session of sessions) people.sessions.delete(session.token)
    await feed.publish(sessions)
  }

  /** What happens behind the answer: mails. */
  async function later(work: () => Promise<void>): Promise<void> {
    const done = work()
    if (faults.has('answers-when-the-mail-is-out')) await done
  }

  function answerFeed(incoming: Incoming): Outgoing {
    if (incoming.method !== 'POST') throw new Refusal(405, 'METHOD_NOT_ALLOWED', [['Allow', 'POST']])
    const isOurs = header(incoming, 'authorization') === `Bearer ${parts.feedSecret}`
    if (!isOurs && !faults.has('feed-takes-anybodys-word')) {
      if (!faults.has('feed-intruders-not-logged')) log.write(incoming, { event: 'authn_feed_rejected' })
      throw new Refusal(401, 'UNAUTHORIZED', [['WWW-Authenticate', 'Bearer']])
    }
    const { sids = [] } = readBody(incoming, faults) as { sids?: string[] }
    for (const sid of sids) feed.note(sid)
    return { status: 200, body: { seq: feed.size() } }
  }

  function noteRefusal(incoming: Incoming, { answer: refusal }: Refusal): Outgoing {
    const { code } = refusal.body as { code: string }
    const event = { 403: 'authz_fail', 429: 'excess_rate_limit_exceeded' }[refusal.status]
    if (event && !faults.has('limits-not-logged')) log.write(incoming, { event, reason: code.toLowerCase() })
    return refusal
  }

  return { answer, endSessions, handlers: Object.keys(handlers), handOut }
}
export type Shared = IssuerParts & {
  limits: ReturnType<typeof createLimits>
  passwords: ReturnType<typeof createPasswords>
  enter(user: User, session: Session): Promise<Outgoing>
  endSessions(sessions: Session[]): Promise<void>
  later(work: () => Promise<void>): Promise<void>
}

function readBody(incoming: Incoming, faults: Faults): Record<string, unknown> {
  if (incoming.body.length === 0) return {}
  const type = header(incoming, 'content-type') ?? ''
  if (faults.has('forms-are-accepted') && !/json/.test(type)) return readForm(incoming.body.toString())
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(type)) throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE')
  try {
    const value: unknown = JSON.parse(incoming.body.toString())
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    if (faults.has('parser-errors-shown')) throw error
  }
  throw new Refusal(400, 'INVALID_JSON')
}

function readForm(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return Object.fromEntries(new URLSearchParams(text))
  }
}
