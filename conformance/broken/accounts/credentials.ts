// Sign-up, sign-in, passwords, e-mail, reset, deletion: whatever asks for a proof.
import { setCookie } from './cookies.ts'
import { type Incoming, type Outgoing, Refusal, header } from './http.ts'
import type { Caller, Handler, Shared } from './issuer.ts'
import { readEmail, requireOwnPlace, requireText } from './origin.ts'
import { newSession, newTicket, newUserId, type Session, type Ticket, type User } from './world.ts'

export function createCredentials(shared: Shared): Record<string, Handler> {
  const { faults, people, limits, passwords, log, now, enter, endSessions } = shared
  // Verified against when nobody has the e-mail, so that it takes as long.
  const nobody = passwords.hash('nobody has this password')

  return {
    'POST sign-up': signUp,
    'POST sign-in': signIn,
    'POST password': changePassword,
    'POST email': changeEmail,
    'POST email/confirm': confirmEmail,
    'POST verification': resendVerification,
    'POST reset': requestReset,
    'POST reset/confirm': resetPassword,
    'POST delete': deleteAccount,
  }

  async function signUp({ incoming, body, client, session }: Caller): Promise<Outgoing> {
    limits.beforeSignUp(client)
    requireOwnPlace(body.callbackURL, shared.origin, faults)
    const email = readEmail(body.email, faults)
    const password = passwords.requireGood(body.password, email)
    const passwordDigest = await passwords.hash(password)
    if (people.byEmail(email)) {
      log.write(incoming, { event: 'user_create_fail', reason: 'taken' })
      throw new Refusal(422, 'EMAIL_TAKEN')
    }
    const name = typeof body.name === 'string' ? body.name.slice(0, 100) : email.split('@')[0]!
    const user: User = { id: newUserId(people, faults), email, name, passwordDigest, banned: false }
    people.users.set(user.id, user)
    limits.afterSignUp(client)
    send(email, 'Welcome', `Confirm your address: ${linkTo(incoming, '/confirm')}`)
    log.write(incoming, { event: 'user_created', sub: user.id })
    return await begin(user, session)
  }

  async function signIn({ incoming, body, client, session }: Caller): Promise<Outgoing> {
    requireOwnPlace(body.callbackURL, shared.origin, faults)
    const email = readEmail(body.email, faults)
    const password = requireText(body.password, 'INVALID_PASSWORD', faults)
    limits.beforeSignIn(email, client)
    const user = people.byEmail(email)
    if (!user && faults.has('unknown-email-says-so')) throw new Refusal(404, 'NO_SUCH_USER')
    const isGood = await isPassword(user, password)
    if (!user || !isGood || user.banned) {
      if (!faults.has('failed-sign-in-not-logged')) noteFailure(incoming, email, password)
      throw new Refusal(401, 'INVALID_CREDENTIALS')
    }
    limits.afterSignIn(email, client)
    const planted = faults.has('session-fixed') ? plantedToken(incoming) : undefined
    const answer = await begin(user, session, planted)
    log.write(incoming, { event: 'authn_login_success', sub: user.id, sid: idOfNewest(user) })
    return answer
  }

  async function isPassword(user: User | undefined, password: string): Promise<boolean> {
    if (!user && faults.has('no-hash-for-an-unknown-email')) return false
    return await passwords.verify(user?.passwordDigest ?? (await nobody), password)
  }

  function noteFailure(incoming: Incoming, email: string, password: string): void {
    const more = faults.has('failed-password-logged') ? { email, password } : {}
    log.write(incoming, { event: 'authn_login_fail', ...more })
  }

  /** A new session; the one this browser had before ends with it. */
  async function begin(user: User, before: Session | undefined, planted?: string): Promise<Outgoing> {
    const session = newSession(user.id, now(), faults)
    if (planted) session.token = planted
    const answer = await enter(user, session)
    if (before && !planted && !faults.has('signing-in-again-leaves-the-session')) await endSessions([before])
    return answer
  }

  async function changePassword({ incoming, body, client, user, session }: Caller): Promise<Outgoing> {
    if (!user || !session) throw new Refusal(401, 'UNAUTHORIZED')
    if (!faults.has('password-change-without-the-current')) await requirePassword(user, body.currentPassword, incoming)
    const next = passwords.requireGood(body.newPassword, user.email)
    user.passwordDigest = await passwords.hash(next)
    if (!faults.has('password-change-keeps-sessions')) {
      await endSessions(people.sessionsOf(user.id).filter(other => other.id !== session.id))
    }
    dropTickets(user)
    if (!faults.has('no-mail-after-a-password-change')) send(user.email, 'Your password was changed', 'Was it you?')
    if (!faults.has('password-change-not-logged'))
      log.write(incoming, { event: 'authn_password_change', sub: user.id, client })
    return { status: 200, body: { status: true } }
  }

  async function requirePassword(user: User, password: unknown, incoming: Incoming): Promise<void> {
    limits.beforeGuess(user.id)
    const isGood = typeof password === 'string' && (await passwords.verify(user.passwordDigest, password))
    if (isGood) return limits.afterGuess(user.id)
    log.write(incoming, { event: 'authn_password_change_fail', sub: user.id })
    throw new Refusal(400, 'INVALID_PASSWORD')
  }

  /** The new address confirms, the old one is told, and a taken one is told instead: the answer is the same. */
  async function changeEmail({ incoming, body, user }: Caller): Promise<Outgoing> {
    if (!user) throw new Refusal(401, 'UNAUTHORIZED')
    if (!faults.has('email-change-without-password')) await requirePassword(user, body.password, incoming)
    const email = readEmail(body.newEmail, faults)
    const isTaken = people.byEmail(email) !== undefined
    if (isTaken && faults.has('email-change-says-taken')) throw new Refusal(422, 'EMAIL_TAKEN')
    if (faults.has('email-changes-at-once')) {
      if (!isTaken) user.email = email
    } else if (isTaken) send(email, 'Somebody wants your address', 'Was it you?')
    else mailTicket(incoming, { kind: 'email', userId: user.id, email }, '/confirm-email')
    if (!faults.has('old-email-not-told')) send(user.email, 'Your e-mail is being changed', 'Was it you?')
    log.write(incoming, { event: 'authn_email_change', sub: user.id })
    return { status: 200, body: { status: true } }
  }

  async function confirmEmail({ incoming, body }: Caller): Promise<Outgoing> {
    const ticket = take(body.token, 'email')
    const user = ticket && people.users.get(ticket.userId)
    if (!ticket || !user || people.byEmail(ticket.email)) throw new Refusal(400, 'INVALID_TOKEN')
    user.email = ticket.email
    dropTickets(user)
    log.write(incoming, { event: 'authn_email_change', sub: user.id, done: true })
    await endSessions(people.sessionsOf(user.id))
    return { status: 200, body: { status: true } }
  }

  function resendVerification({ incoming, body }: Caller): Outgoing {
    const email = readEmail(body.email, faults)
    if (!people.byEmail(email) && faults.has('resend-says-unknown')) throw new Refusal(404, 'NO_SUCH_USER')
    if (people.byEmail(email)) send(email, 'Confirm your address', linkTo(incoming, '/confirm'))
    return { status: 200, body: { status: true } }
  }

  async function requestReset({ incoming, body }: Caller): Promise<Outgoing> {
    requireOwnPlace(body.redirectTo, shared.origin, faults)
    const email = readEmail(body.email, faults)
    const user = people.byEmail(email)
    if (!user && faults.has('reset-says-unknown')) throw new Refusal(404, 'NO_SUCH_USER')
    await shared.later(async () => {
      await new Promise(resolve => setTimeout(resolve, user ? shared.mailDelay() : 0))
      if (!user) return
      if (!faults.has('older-reset-links-live-on')) dropTickets(user)
      mailTicket(incoming, { kind: 'reset', userId: user.id, email: user.email }, '/reset')
    })
    log.write(incoming, { event: 'authn_password_reset_asked' })
    return { status: 200, body: { status: true } }
  }

  async function resetPassword({ incoming, body }: Caller): Promise<Outgoing> {
    const ticket = take(body.token, 'reset')
    const user = ticket && people.users.get(ticket.userId)
    if (!ticket || !user) throw new Refusal(400, 'INVALID_TOKEN')
    const password = passwords.requireGood(body.newPassword, user.email)
    const passwordDigest = await passwords.hash(password)
    // The mistake: looked up, awaited, and only then used up.
    if (faults.has('reset-token-raced')) people.tickets.delete(ticket.token)
    user.passwordDigest = passwordDigest
    if (!faults.has('reset-keeps-sessions')) await endSessions(people.sessionsOf(user.id))
    send(user.email, 'Your password was changed', 'Was it you?')
    log.write(incoming, { event: 'authn_password_reset', sub: user.id })
    return { status: 200, body: { status: true } }
  }

  /** Uses a ticket up, at once. */
  function take(token: unknown, kind: Ticket['kind']): Ticket | undefined {
    const ticket = people.tickets.get(String(token))
    if (ticket?.kind !== kind || now() > ticket.expiresAt) return undefined
    if (!faults.has('reset-token-raced') && !faults.has('reset-token-works-again')) people.tickets.delete(ticket.token)
    return ticket
  }

  function dropTickets({ id }: User): void {
    for (const [token, ticket] of people.tickets) if (ticket.userId === id) people.tickets.delete(token)
  }

  function mailTicket(incoming: Incoming, of: Pick<Ticket, 'kind' | 'userId' | 'email'>, path: string): void {
    const ticket = newTicket(of, now(), faults)
    people.tickets.set(ticket.token, ticket)
    send(of.email, 'Please confirm', linkTo(incoming, `${path}?token=${ticket.token}`))
  }

  function linkTo(incoming: Incoming, path: string): string {
    const host = header(incoming, 'x-forwarded-host') ?? header(incoming, 'host')
    return faults.has('links-by-host-header') ? `http://${host}${path}` : `${shared.origin}${path}`
  }

  /** A mail server reads a header by its lines: two addresses in one text are two mails. */
  function send(to: string, subject: string, text: string): void {
    for (const receiver of to.split(/\r?\n(?:bcc|cc|to):|[,\r\n]+/i)) people.mails.push({ to: receiver.trim(), subject, text })
  }

  async function deleteAccount({ incoming, body, user }: Caller): Promise<Outgoing> {
    if (!user) throw new Refusal(401, 'UNAUTHORIZED')
    if (!faults.has('deletion-without-password')) await requirePassword(user, body.password, incoming)
    const sessions = people.sessionsOf(user.id)
    people.users.delete(user.id)
    dropTickets(user)
    if (!faults.has('deletion-leaves-rows')) shared.removeRows(user.id)
    if (faults.has('deleted-users-tokens-live')) for (const { token } of sessions) people.sessions.delete(token)
    else await endSessions(sessions)
    log.write(incoming, { event: 'user_deleted', sub: user.id })
    return { status: 200, headers: [setCookie('', faults)], body: { success: true } }
  }

  function plantedToken(incoming: Incoming): string | undefined {
    return /session=([\w-]{8,})/.exec(header(incoming, 'cookie') ?? '')?.[1]
  }

  function idOfNewest(user: User): string | undefined {
    return people.sessionsOf(user.id).at(-1)?.id
  }
}
