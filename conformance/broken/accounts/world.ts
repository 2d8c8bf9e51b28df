// What the good server remembers of people. All of it is memory; the hook `outage` takes it away and gives it back.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Faults } from './fault-names.ts'

export interface User {
  id: string
  email: string
  name: string
  passwordDigest: string
  banned: boolean
}

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

export class DatabaseDown extends Error {}

export const IDLE_MS = 7 * 24 * 3_600_000
export const ABSOLUTE_MS = 30 * 24 * 3_600_000

export interface People {
  users: Map<string, User>
  /** By the cookie's value. */
  sessions: Map<string, Session>
  tickets: Map<string, Ticket>
  mails: Mail[]
  byEmail(email: string): User | undefined
  sessionsOf(userId: string): Session[]
  endsAt(session: Session): number
}

export function createPeople(faults: Faults): People {
  const users = new Map<string, User>()
  const sessions = new Map<string, Session>()
  return {
    users,
    sessions,
    tickets: new Map(),
    mails: [],
    byEmail: email => [...users.values()].find(user => user.email === email),
    sessionsOf: userId => [...sessions.values()].filter(session => session.userId === userId),
    endsAt(session) {
      const idle = faults.has('no-idle-limit') ? Infinity : session.usedAt + IDLE_MS
      const absolute = faults.has('no-absolute-limit') ? Infinity : session.createdAt + ABSOLUTE_MS
      return Math.min(idle, absolute)
    },
  }
}

export function newUserId(people: People, faults: Faults): string {
  return faults.has('user-ids-count-up') ? String(1000 + people.users.size) : randomUUID()
}

export function newSession(userId: string, at: number, faults: Faults): Session {
  const token = faults.has('session-token-from-the-clock')
    ? `s${at}x${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`
    : randomBytes(32).toString('base64url')
  return { id: randomUUID(), token, userId, createdAt: at, usedAt: at, lastToken: '' }
}

export function newTicket(of: Pick<Ticket, 'kind' | 'userId' | 'email'>, at: number, faults: Faults): Ticket {
  const expiresAt = faults.has('reset-token-never-expires') ? Infinity : at + 3_600_000
  return { ...of, token: randomBytes(32).toString('base64url'), expiresAt }
}
