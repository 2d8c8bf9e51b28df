// What the good server remembers of people beside their tasks. All of it is memory.
import { randomBytes, randomUUID } from 'node:crypto'
import type { State, User } from '../state.ts'

export interface Session {
  id: string
  /** The cookie's value. */
  token: string
  userId: string
  createdAt: number
  usedAt: number
  /** The access token it was given last. */
  lastToken: string
}

export interface Mail {
  to: string
  subject: string
  text: string
}

/** A secret in a mail: for a new password, or to confirm an e-mail. */
export interface Ticket {
  token: string
  kind: 'reset' | 'email'
  userId: string
  email: string
  expiresAt: number
}

export const IDLE_MS = 7 * 24 * 3_600_000
export const ABSOLUTE_MS = 30 * 24 * 3_600_000

export interface People {
  /** By the cookie's value. */
  sessions: Map<string, Session>
  tickets: Map<string, Ticket>
  mails: Mail[]
  /** How long the mail server takes, in ms. */
  mailDelay: number
  passwords: Map<string, string>
  banned: Set<string>
  byEmail(email: string): User | undefined
  byId(id: string): User | undefined
  sessionsOf(userId: string): Session[]
  endsAt(session: Session): number
}

export function createPeople(state: State): People {
  const sessions = new Map<string, Session>()
  const emails = new Map<string, User>()
  return {
    sessions,
    tickets: new Map(),
    mails: [],
    mailDelay: 0,
    passwords: new Map(),
    banned: new Set(),
    byEmail(email) {
      const known = emails.get(email)
      if (known && known.email === email && !known.deleted) return known
      const user = [...state.users.values()].find(one => one.email === email && !one.deleted)
      if (user) emails.set(email, user)
      return user
    },
    byId(id) {
      const user = state.users.get(id)
      return user && !user.deleted ? user : undefined
    },
    sessionsOf: userId => [...sessions.values()].filter(session => session.userId === userId),
    endsAt(session) {
      const idle = state.has('no-idle-limit') ? Infinity : session.usedAt + IDLE_MS
      const absolute = state.has('no-absolute-limit') ? Infinity : session.createdAt + ABSOLUTE_MS
      return Math.min(idle, absolute)
    },
  }
}

export function newSession(userId: string, state: State): Session {
  const at = state.now()
  const token = state.has('session-token-from-the-clock')
    ? `s${at}x${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`
    : randomBytes(32).toString('base64url')
  return { id: randomUUID(), token, userId, createdAt: at, usedAt: at, lastToken: '' }
}

export function newTicket(of: Pick<Ticket, 'kind' | 'userId' | 'email'>, state: State): Ticket {
  const expiresAt = state.has('reset-token-never-expires') ? Infinity : state.now() + 3_600_000
  return { ...of, token: randomBytes(32).toString('base64url'), expiresAt }
}
