// What goes by mail: a new password, a new e-mail, a confirmation.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Exchange, Problem } from '../exchange.ts'
import type { User } from '../state.ts'
import { header, type Outgoing } from './http.ts'
import type { Caller, Shared } from './issuer.ts'
import { readEmail, requireOwnPlace } from './origin.ts'
import { newTicket, type Ticket } from './world.ts'

interface Parts extends Shared {
  requirePassword(user: User, password: unknown, exchange: Exchange): Promise<void>
}

export function createEmailRoutes({ state, passwords, endSessions, requirePassword }: Parts) {
  const { people } = state.accounts
  const done: Outgoing = { status: 200, body: { status: true } }

  /** The new address confirms and the old one is told; when it is taken its owner is: the answer is the same. */
  async function changeEmail({ exchange, body, user }: Caller): Promise<Outgoing> {
    if (!user) throw new Problem(401, 'unauthorized')
    if (!state.has('email-change-without-password')) await requirePassword(user, body.password, exchange)
    const email = readEmail(body.newEmail, state)
    const isTaken = people.byEmail(email) !== undefined
    if (isTaken && state.has('email-change-says-taken')) throw new Problem(422, 'email_taken')
    if (!state.has('old-email-not-told')) send(user.email, 'Your e-mail is being changed', 'Was it you?')
    if (isTaken) send(email, 'Somebody wants your address', 'Was it you?')
    else if (state.has('email-changes-at-once')) user.email = email
    else mailTicket(exchange, { kind: 'email', userId: user.id, email }, '/confirm-email')
    state.log.write({ event: 'authn_email_change', sub: user.id }, exchange)
    return done
  }

  async function confirmEmail({ body }: Caller): Promise<Outgoing> {
    const ticket = take(body.token, 'email')
    const user = ticket && people.byId(ticket.userId)
    if (!ticket || !user || people.byEmail(ticket.email)) throw new Problem(400, 'invalid_token')
    user.email = ticket.email
    dropTickets(user)
    await endSessions(people.sessionsOf(user.id))
    return done
  }

  function resendVerification({ exchange, body }: Caller): Outgoing {
    const email = readEmail(body.email, state)
    const user = people.byEmail(email)
    if (!user && state.has('resend-says-unknown')) throw new Problem(404, 'not_found')
    if (user) send(email, 'Confirm your address', linkTo(exchange, '/confirm'))
    return done
  }

  async function requestReset({ exchange, body }: Caller): Promise<Outgoing> {
    requireOwnPlace(body.redirectTo, state.origin, state)
    const user = people.byEmail(readEmail(body.email, state))
    if (!user && state.has('reset-says-unknown')) throw new Problem(404, 'not_found')
    const mailed = user ? mailReset(exchange, user) : Promise.resolve()
    if (state.has('answers-when-the-mail-is-out')) await mailed
    state.log.write({ event: 'authn_password_reset_asked' }, exchange)
    return done
  }

  async function mailReset(exchange: Exchange, user: User): Promise<void> {
    if (!state.has('older-reset-links-live-on')) dropTickets(user)
    const ticket = newTicket({ kind: 'reset', userId: user.id, email: user.email }, state)
    people.tickets.set(ticket.token, ticket)
    if (people.mailDelay > 0) await sleep(people.mailDelay)
    send(user.email, 'Your new password', linkTo(exchange, `/reset?token=${ticket.token}`))
  }

  async function resetPassword({ exchange, body }: Caller): Promise<Outgoing> {
    const ticket = take(body.token, 'reset')
    const user = ticket && people.byId(ticket.userId)
    if (!ticket || !user) throw new Problem(400, 'invalid_token')
    people.passwords.set(user.id, await passwords.hash(passwords.requireGood(body.newPassword, user.email)))
    // The mistake: looked up, awaited, and only then used up.
    if (state.has('reset-token-raced')) people.tickets.delete(ticket.token)
    if (!state.has('reset-keeps-sessions')) await endSessions(people.sessionsOf(user.id))
    send(user.email, 'Your password was changed', 'Was it you?')
    state.log.write({ event: 'authn_password_reset', sub: user.id }, exchange)
    return done
  }

  /** Uses a ticket up, at once. */
  function take(token: unknown, kind: Ticket['kind']): Ticket | undefined {
    const ticket = people.tickets.get(String(token))
    if (ticket?.kind !== kind || state.now() > ticket.expiresAt) return undefined
    if (!state.has('reset-token-raced') && !state.has('reset-token-works-again'))
      people.tickets.delete(ticket.token)
    return ticket
  }

  function dropTickets({ id }: User): void {
    for (const [token, ticket] of people.tickets) if (ticket.userId === id) people.tickets.delete(token)
  }

  function mailTicket(exchange: Exchange, of: Pick<Ticket, 'kind' | 'userId' | 'email'>, path: string): void {
    const ticket = newTicket(of, state)
    people.tickets.set(ticket.token, ticket)
    send(of.email, 'Please confirm', linkTo(exchange, `${path}?token=${ticket.token}`))
  }

  function linkTo(exchange: Exchange, path: string): string {
    const host = header(exchange, 'x-forwarded-host') ?? header(exchange, 'host')
    return state.has('links-by-host-header') ? `http://${host}${path}` : `${state.origin}${path}`
  }

  /** A mail server takes every address it finds in the line, and new lines for new headers. */
  function send(to: string, subject: string, text: string): void {
    for (const receiver of to.split(/\r?\n(?:bcc|cc|to):|[,\r\n]+/i))
      people.mails.push({ to: receiver.trim(), subject, text })
  }

  const routes = {
    'POST email': changeEmail,
    'POST email/confirm': confirmEmail,
    'POST verification': resendVerification,
    'POST reset': requestReset,
    'POST reset/confirm': resetPassword,
  }
  return { routes, send, linkTo, dropTickets }
}
