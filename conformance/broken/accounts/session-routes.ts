// What a signed-in person does with sessions: ask for a token, list, revoke, sign out.
import { setCookie } from './cookies.ts'
import { type Outgoing, Refusal } from './http.ts'
import type { Caller, Handler, Shared } from './issuer.ts'
import { newSession, type Session, type User } from './world.ts'

export function createSessionRoutes(shared: Shared): Record<string, Handler> {
  const { faults, people, log, now, endSessions } = shared

  return {
    'GET token': handOutToken,
    'GET session': showSession,
    'GET sessions': listSessions,
    'POST sessions/revoke': revokeSession,
    'POST sessions/revoke-others': caller => revokeMany(caller, false),
    'POST sessions/revoke-all': caller => revokeMany(caller, true),
    'POST sign-out': signOut,
    ...(faults.has('users-are-listed') && { 'GET users': () => ({ status: 200, body: [...people.users.values()] }) }),
  }

  async function handOutToken({ incoming, user, session }: Caller): Promise<Outgoing> {
    if (!user || !session) {
      log.write(incoming, { event: 'authn_token_refused' })
      throw new Refusal(401, 'UNAUTHORIZED')
    }
    const used = faults.has('every-token-makes-a-session') ? anotherSession(user) : session
    const { token, expiresIn } = shared.mint(user, used, people.endsAt(used))
    session.lastToken = token
    if (!faults.has('token-not-logged')) log.write(incoming, { event: 'authn_token_created', sub: user.id, sid: used.id })
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: expiresIn } }
  }

  function anotherSession(user: User): Session {
    const session = newSession(user.id, now(), faults)
    people.sessions.set(session.token, session)
    return session
  }

  function showSession({ user, session }: Caller): Outgoing {
    if (!user || !session) return { status: 200, body: null }
    const { id, email, name } = user
    return { status: 200, body: { user: { id, email, name }, session: { id: session.id } } }
  }

  function listSessions({ user, session }: Caller): Outgoing {
    if (!user) throw new Refusal(401, 'UNAUTHORIZED')
    const seen = faults.has('all-sessions-are-listed') ? [...people.sessions.values()] : people.sessionsOf(user.id)
    const body = seen.map(({ id, createdAt, token }) => ({
      id,
      createdAt,
      current: id === session?.id,
      ...(faults.has('sessions-listed-with-their-tokens') && { token }),
    }))
    return { status: 200, body }
  }

  async function revokeSession({ incoming, body, user }: Caller): Promise<Outgoing> {
    if (!user) throw new Refusal(401, 'UNAUTHORIZED')
    const found = [...people.sessions.values()].find(one => one.id === body.id || one.token === body.id)
    const isOwn = found?.userId === user.id || faults.has('revokes-anybodys-session')
    if (found && !isOwn && faults.has('foreign-session-answers-otherwise')) throw new Refusal(403, 'NOT_YOURS')
    if (found && isOwn) await end(incoming, [found])
    return { status: 200, body: { status: true } }
  }

  async function revokeMany({ incoming, user, session }: Caller, all: boolean): Promise<Outgoing> {
    if (!user || !session) throw new Refusal(401, 'UNAUTHORIZED')
    const ended = people.sessionsOf(user.id).filter(one => all || one.id !== session.id)
    if (faults.has('revoking-others-forgets-their-tokens')) for (const { token } of ended) people.sessions.delete(token)
    else await end(incoming, ended)
    return { status: 200, body: { status: true } }
  }

  async function end(incoming: Caller['incoming'], sessions: Session[]): Promise<void> {
    await endSessions(sessions)
    for (const { id, userId } of sessions) {
      if (!faults.has('revocation-not-logged')) log.write(incoming, { event: 'session_revoked', sid: id, actor: userId })
    }
  }

  async function signOut({ incoming, body, session, user }: Caller): Promise<Outgoing> {
    const named = faults.has('sign-out-believes-the-body') && findNamed(body.token)
    if (named) await end(incoming, [named])
    if (faults.has('second-sign-out-fails') && !session) throw new TypeError("Cannot read properties of undefined")
    if (session && !faults.has('sign-out-only-clears-the-cookie')) {
      await end(incoming, faults.has('sign-out-ends-all-devices') ? people.sessionsOf(user!.id) : [session])
    }
    const clear: [string, string][] = faults.has('sign-out-keeps-the-cookie') ? [] : [setCookie('', faults)]
    return { status: 200, headers: [...clear, ['Clear-Site-Data', '"cache", "storage"']], body: { success: true } }
  }

  function findNamed(text: unknown): Session | undefined {
    return [...people.sessions.values()].find(one => one.lastToken === text || one.id === text)
  }
}

