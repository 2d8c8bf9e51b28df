// The good server's accounts: what answers under /auth, by a table of its routes.
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Exchange, Problem } from '../exchange.ts'
import type { State, User } from '../state.ts'
import { mintToken } from '../tokens.ts'
import { readCookie, setCookie } from './cookies.ts'
import { createCredentials } from './credentials.ts'
import { header, type Outgoing } from './http.ts'
import { clientOf, createLimits, retryAfter } from './limits.ts'
import { requireOwnOrigin } from './origin.ts'
import { createPasswords } from './passwords.ts'
import { createSessionRoutes } from './session-routes.ts'
import type { Session } from './world.ts'

export interface Caller {
  exchange: Exchange
  body: Record<string, unknown>
  client: string
  /** The session of the cookie and its person, if it is alive. */
  session: Session | undefined
  user: User | undefined
}
export type Handler = (caller: Caller) => Promise<Outgoing> | Outgoing

export interface Shared {
  state: State
  limits: ReturnType<typeof createLimits>
  passwords: ReturnType<typeof createPasswords>
  /** The answer to whoever has just proved who they are. */
  enter(user: User, session: Session): Outgoing
  /** An access token for the session, not beyond its end. */
  handOut(user: User, session: Session): { access_token: string; token_type: 'Bearer'; expires_in: number }
  /** The sessions are gone, and when it resolves no API accepts their tokens. */
  endSessions(sessions: Session[]): Promise<void>
}

export function createIssuer(state: State) {
  const { people, feed } = state.accounts
  const shared: Shared = {
    state,
    limits: createLimits(state),
    passwords: createPasswords(state),
    enter,
    handOut,
    endSessions,
  }
  const handlers: Record<string, Handler> = { ...createCredentials(shared), ...createSessionRoutes(shared) }

  async function answer(exchange: Exchange): Promise<boolean> {
    if (!exchange.path.startsWith('/auth/')) return false
    try {
      const { status, body, headers } = await route(exchange)
      return exchange.json(status, body, headers)
    } catch (error) {
      if (error instanceof Problem) noteRefusal(exchange, error)
      throw error
    }
  }

  async function route(exchange: Exchange): Promise<Outgoing> {
    const name = exchange.path.slice('/auth/'.length)
    if (name === 'feed') return await answerFeed(exchange)
    const handler = findHandler(exchange, name)
    if (exchange.method !== 'GET') requireOwnOrigin(exchange, state.origin, state)
    const body = await readJson(exchange, state)
    if (!state.accounts.isDatabaseUp && !state.has('sign-out-claims-success'))
      throw new Problem(503, 'unavailable', retryAfter(1, state))
    const session = sessionOf(exchange)
    const user = session && people.byId(session.userId)
    return await handler({ exchange, body, client: clientOf(exchange, state), session, user })
  }

  function findHandler({ method }: Exchange, name: string): Handler {
    const methods = ['GET', 'POST'].filter(one => handlers[`${one} ${name}`])
    if (methods.length === 0) throw new Problem(404, 'not_found')
    const used = state.has('get-changes-too') && method === 'GET' ? methods[0] : method
    const handler = handlers[`${used} ${name}`]
    if (!handler) throw new Problem(405, 'method_not_allowed', { Allow: methods.join(', ') })
    return handler
  }

  function sessionOf(exchange: Exchange): Session | undefined {
    const session = people.sessions.get(readCookie(exchange, state) ?? '')
    if (!session || state.now() >= people.endsAt(session)) return undefined
    session.usedAt = state.now()
    return session
  }

  function enter(user: User, session: Session): Outgoing {
    const { id, email, name } = user
    people.sessions.set(session.token, session)
    const more = state.has('session-token-in-body') ? { token: session.token } : {}
    const body = {
      user: state.has('sign-up-stores-what-is-sent') ? user : { id, email, name },
      ...handOut(people.byId(id)!, session),
      ...more,
    }
    return { status: 200, headers: setCookie(session.token, state), body }
  }

  function handOut(user: User, session: Session) {
    const left = Math.floor((people.endsAt(session) - state.now()) / 1000)
    const expires_in = state.has('token-outlives-the-session')
      ? state.lifetime
      : Math.min(state.lifetime, left)
    const access_token = mintToken({ ...state, lifetime: expires_in }, user, session.id)
    session.lastToken = access_token
    return { access_token, token_type: 'Bearer' as const, expires_in }
  }

  async function endSessions(sessions: Session[]): Promise<void> {
    for (const session of sessions) people.sessions.delete(session.token)
    await feed.publish(sessions)
  }

  async function answerFeed(exchange: Exchange): Promise<Outgoing> {
    if (exchange.method !== 'POST') throw new Problem(405, 'method_not_allowed', { Allow: 'POST' })
    if (!isOurFeed(exchange) && !state.has('feed-takes-anybodys-word')) {
      if (!state.has('feed-intruders-not-logged')) state.log.write({ event: 'authn_feed_rejected' }, exchange)
      throw new Problem(401, 'unauthorized', { 'WWW-Authenticate': 'Bearer' })
    }
    const { entries = [] } = (await readJson(exchange, state)) as { entries?: { sid: string }[] }
    feed.note(entries.map(({ sid }) => sid))
    return { status: 200, body: { seq: feed.size() } }
  }

  function isOurFeed(exchange: Exchange): boolean {
    const digest = (text: string) => createHash('sha256').update(text).digest()
    return timingSafeEqual(
      digest(header(exchange, 'authorization') ?? ''),
      digest(`Bearer ${state.accounts.feedSecret}`),
    )
  }

  function noteRefusal(exchange: Exchange, { status, message }: Problem): void {
    const event = { 403: 'authz_fail', 429: 'excess_rate_limit_exceeded' }[status]
    if (event && !state.has('limits-not-logged')) state.log.write({ event, reason: message }, exchange)
  }

  return { answer, endSessions }
}

async function readJson(exchange: Exchange, state: State): Promise<Record<string, unknown>> {
  const bytes = await exchange.body()
  if (bytes.length === 0) return {}
  const type = header(exchange, 'content-type') ?? ''
  if (state.has('forms-are-accepted') && !/json/.test(type)) return readForm(bytes.toString())
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(type))
    throw new Problem(415, 'unsupported_media_type')
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    throw new Problem(400, 'invalid_json')
  }
  throw new Problem(400, 'invalid_json')
}

function readForm(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return Object.fromEntries(new URLSearchParams(text))
  }
}
