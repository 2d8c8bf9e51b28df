// What a signed-in person does with sessions: ask for a token, list, revoke, sign out.
import { type Exchange, Problem } from '../exchange.ts'
import type { User } from '../state.ts'
import { setCookie } from './cookies.ts'
import type { Outgoing } from './http.ts'
import type { Caller, Handler, Shared } from './issuer.ts'
import { newSession, type Session } from './world.ts'

export function createSessionRoutes({ state, handOut, endSessions }: Shared): Record<string, Handler> {
  const { people } = state.accounts
  const everyone = () => ({ status: 200, body: [...state.users.values()] })

  return {
    'GET token': answerToken,
    'GET session': showSession,
    'GET sessions': listSessions,
    'POST sessions/revoke': revokeSession,
    'POST sessions/revoke-others': caller => revokeMany(caller, false),
    'POST sessions/revoke-all': caller => revokeMany(caller, true),
    'POST sign-out': signOut,
    ...(state.has('users-are-listed') && { 'GET users': everyone }),
  }

  function answerToken({ exchange, user, session }: Caller): Outgoing {
    if (!user || !session) {
      state.log.write({ event: 'authn_token_refused' }, exchange)
      throw new Problem(401, 'unauthorized')
    }
    const body = handOut(user, state.has('every-token-makes-a-session') ? anotherSession(user) : session)
    if (!state.has('token-not-logged'))
      state.log.write({ event: 'authn_token_created', sub: user.id }, exchange)
    return {
      status: 200,
      body,
      ...(state.has('token-cacheable') && { headers: { 'Cache-Control': 'max-age=60' } }),
    }
  }

  function anotherSession(user: User): Session {
    const session = newSession(user.id, state)
    people.sessions.set(session.token, session)
    return session
  }

  function showSession({ user, session }: Caller): Outgoing {
    if (!user || !session) return { status: 200, body: null }
    const { id, email, name } = user
    return { status: 200, body: { user: { id, email, name }, session: { id: session.id } } }
  }

  function listSessions({ user, session }: Caller): Outgoing {
    if (!user) throw new Problem(401, 'unauthorized')
    const seen = state.has('all-sessions-are-listed')
      ? [...people.sessions.values()]
      : people.sessionsOf(user.id)
    const body = seen.map(({ id, createdAt, token }) => ({
      id,
      createdAt,
      current: id === session?.id,
      ...(state.has('sessions-listed-with-their-tokens') && { token }),
    }))
    return { status: 200, body }
  }

  async function revokeSession({ exchange, body, user }: Caller): Promise<Outgoing> {
    if (!user) throw new Problem(401, 'unauthorized')
    const found = [...people.sessions.values()].find(one => one.id === body.id || one.token === body.id)
    const isOwn = found?.userId === user.id || state.has('revokes-anybodys-session')
    if (found && !isOwn && state.has('foreign-session-answers-otherwise')) throw new Problem(403, 'forbidden')
    if (found && isOwn) await end(exchange, [found])
    return { status: 200, body: { status: true } }
  }

  async function revokeMany({ exchange, user, session }: Caller, all: boolean): Promise<Outgoing> {
    if (!user || !session) throw new Problem(401, 'unauthorized')
    const ended = people.sessionsOf(user.id).filter(one => all || one.id !== session.id)
    if (state.has('revoking-many-forgets-their-tokens'))
      for (const { token } of ended) people.sessions.delete(token)
    else await end(exchange, ended)
    return { status: 200, body: { status: true } }
  }

  async function end(exchange: Exchange, sessions: Session[]): Promise<void> {
    await endSessions(sessions)
    if (state.has('revocation-not-logged')) return
    for (const { id, userId } of sessions)
      state.log.write({ event: 'session_revoked', sid: id, actor: userId }, exchange)
  }

  async function signOut({ exchange, body, session, user }: Caller): Promise<Outgoing> {
    const named = state.has('sign-out-believes-the-body') && findNamed(body)
    if (named) await end(exchange, [named])
    if (state.has('second-sign-out-fails') && !session) throw new TypeError('no session')
    if (session && state.accounts.isDatabaseUp && !state.has('sign-out-only-clears-the-cookie'))
      await end(exchange, state.has('sign-out-ends-all-devices') ? people.sessionsOf(user!.id) : [session])
    const kept = state.has('sign-out-keeps-the-cookie')
    const headers = kept ? {} : { ...setCookie('', state), 'Clear-Site-Data': '"cache", "storage"' }
    return { status: 200, headers, body: { success: true } }
  }

  function findNamed(body: Record<string, unknown>): Session | undefined {
    const named = Object.values(body)
    return [...people.sessions.values()].find(one => named.includes(one.lastToken) || named.includes(one.id))
  }
}
