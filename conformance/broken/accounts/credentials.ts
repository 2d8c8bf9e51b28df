// Sign-up, sign-in, password and deletion: whatever asks for a password.
import { type Exchange, Problem } from '../exchange.ts'
import { addUser, type User } from '../state.ts'
import { setCookie } from './cookies.ts'
import { createEmailRoutes } from './email-routes.ts'
import { header, type Outgoing } from './http.ts'
import type { Caller, Handler, Shared } from './issuer.ts'
import { readEmail, requireOwnPlace, requireText } from './origin.ts'
import { newSession, type Session } from './world.ts'

export function createCredentials(shared: Shared): Record<string, Handler> {
  const { state, limits, passwords, enter, endSessions } = shared
  const { people } = state.accounts
  const emails = createEmailRoutes({ ...shared, requirePassword })
  // Verified against when nobody has the e-mail, so that it takes as long.
  const nobody = passwords.hash('nobody has this password')

  return {
    'POST sign-up': signUp,
    'POST sign-in': signIn,
    'POST password': changePassword,
    'POST delete': deleteAccount,
    ...emails.routes,
  }

  async function signUp({ exchange, body, client, session }: Caller): Promise<Outgoing> {
    limits.beforeSignUp(client)
    requireOwnPlace(body.callbackURL, state.origin, state)
    const email = readEmail(body.email, state)
    const password = passwords.requireGood(body.password, email)
    const digest = await passwords.hash(password)
    if (people.byEmail(email)) {
      state.log.write({ event: 'user_create_fail', reason: 'taken' }, exchange)
      throw new Problem(422, 'email_taken')
    }
    const name = typeof body.name === 'string' ? body.name.slice(0, 100) : email.split('@')[0]!
    const user = addUser(state, email, name)
    people.passwords.set(user.id, digest)
    limits.afterSignUp(client)
    emails.send(email, 'Welcome', emails.linkTo(exchange, '/confirm'))
    state.log.write({ event: 'user_created', sub: user.id }, exchange)
    if (state.has('sign-up-stores-what-is-sent')) storeAll(user, body)
    return await begin(user, session)
  }

  async function signIn({ exchange, body, client, session }: Caller): Promise<Outgoing> {
    requireOwnPlace(body.callbackURL, state.origin, state)
    const email = readEmail(body.email, state)
    const password = requireText(body.password, 'invalid_password', state)
    limits.beforeSignIn(email, client)
    const user = people.byEmail(email)
    if (!user && state.has('unknown-email-says-so')) throw new Problem(404, 'not_found')
    if (!(await isPassword(user, password)) || !user || people.banned.has(user.id)) {
      const said = state.has('failed-password-logged') ? { email, password } : {}
      if (!state.has('failed-sign-in-not-logged'))
        state.log.write({ event: 'authn_login_fail', ...said }, exchange)
      throw new Problem(401, 'invalid_credentials')
    }
    limits.afterSignIn(email, client)
    const answer = await begin(user, session, state.has('session-fixed') ? plantedToken(exchange) : undefined)
    state.log.write({ event: 'authn_login_success', sub: user.id }, exchange)
    return answer
  }

  async function isPassword(user: User | undefined, password: string): Promise<boolean> {
    if (!user && state.has('no-hash-for-an-unknown-email')) return false
    return await passwords.verify(user ? people.passwords.get(user.id)! : await nobody, password)
  }

  /** Whatever the form has today and tomorrow, but the password. */
  function storeAll(user: User, { password: _, email: __, id: ___, ...sent }: Record<string, unknown>): void {
    Object.assign(user, sent)
  }

  /** A new session; the one this browser had before ends with it. */
  async function begin(user: User, before: Session | undefined, planted?: string): Promise<Outgoing> {
    const session = newSession(user.id, state)
    if (planted) session.token = planted
    const answer = enter(user, session)
    if (before && !planted && !state.has('signing-in-again-leaves-the-session')) await endSessions([before])
    return answer
  }

  async function changePassword({ exchange, body, user, session }: Caller): Promise<Outgoing> {
    if (!user || !session) throw new Problem(401, 'unauthorized')
    if (!state.has('password-change-without-the-current'))
      await requirePassword(user, body.currentPassword, exchange)
    people.passwords.set(user.id, await passwords.hash(passwords.requireGood(body.newPassword, user.email)))
    emails.dropTickets(user)
    if (!state.has('password-change-keeps-sessions'))
      await endSessions(people.sessionsOf(user.id).filter(other => other.id !== session.id))
    if (!state.has('no-mail-after-a-password-change'))
      emails.send(user.email, 'Your password was changed', 'Was it you?')
    if (!state.has('password-change-not-logged'))
      state.log.write({ event: 'authn_password_change', sub: user.id }, exchange)
    return { status: 200, body: { status: true } }
  }

  async function requirePassword(user: User, password: unknown, exchange: Exchange): Promise<void> {
    limits.beforeGuess(user.id)
    const isGood =
      typeof password === 'string' && (await passwords.verify(people.passwords.get(user.id)!, password))
    if (isGood) return limits.afterGuess(user.id)
    state.log.write({ event: 'authn_password_change_fail', sub: user.id }, exchange)
    throw new Problem(400, 'invalid_password')
  }

  async function deleteAccount({ exchange, body, user }: Caller): Promise<Outgoing> {
    if (!user) throw new Problem(401, 'unauthorized')
    if (!state.has('deletion-without-password')) await requirePassword(user, body.password, exchange)
    const sessions = people.sessionsOf(user.id)
    emails.dropTickets(user)
    if (!state.has('deletion-leaves-rows')) state.tasks.delete(user.id)
    if (state.has('deleted-users-tokens-live')) forgetOnly(user, sessions)
    else {
      user.deleted = true
      await endSessions(sessions)
    }
    state.log.write({ event: 'user_deleted', sub: user.id }, exchange)
    return { status: 200, headers: setCookie('', state), body: { success: true } }
  }

  /** The mistake: the account is gone, and nobody told the API. */
  function forgetOnly(user: User, sessions: Session[]): void {
    for (const { token } of sessions) people.sessions.delete(token)
    state.tasks.set(user.id, new Map())
    user.email = ''
  }

  function plantedToken(exchange: Exchange): string | undefined {
    return /session=([\w-]{8,})/.exec(header(exchange, 'cookie') ?? '')?.[1]
  }
}
