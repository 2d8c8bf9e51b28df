// What the good server knows, and the shape of its parts.
import { randomUUID } from 'node:crypto'
import { type Alg, generateKey, type Key } from '../src/token.ts'
import type { Exchange } from './exchange.ts'
import type { Subject } from './tokens.ts'

export interface User {
  id: string
  email: string
  name: string
  deleted: boolean
}

export interface Task {
  id: string
  user_id: string
  title: string
  description: string | null
  completed: boolean
  created_at: string
  updated_at: string
  revision: number
}

export interface SigningKey extends Key {
  kid: string
}

export interface State {
  url: string
  /** Whether this fault is switched on. */
  has(fault: string): boolean
  users: Map<string, User>
  /** By user, then by task, oldest first. */
  tasks: Map<string, Map<string, Task>>
  /** The first signs, all verify. */
  keys: SigningKey[]
  /** Verified until they were taken away. */
  retiredKeys: SigningKey[]
  /** Tokens that were verified, for servers that remember; what they remember them by differs. */
  remembered: Map<string, Subject>
  /** Bad signatures by the subject they named, for servers that count. */
  failures: Map<string, number>
  issuer: string
  audience: string
  /** Seconds. */
  lifetime: number
  /** Sessions that were ended, by sid. */
  revoked: Set<string>
  /** One JSON object each. */
  log: object[]
  /** ms; moved by the clock hook. */
  now(): number
  clockAhead: number
}

/** Returns whether it answered. */
export type Part = (exchange: Exchange, state: State) => boolean | Promise<boolean>

export function createState(faults: Iterable<string>, algs: Alg[] = ['HS256', 'HS256']): State {
  const switched = new Set(faults)
  const state: State = {
    url: '',
    has: fault => switched.has(fault),
    users: new Map(),
    tasks: new Map(),
    keys: algs.map((alg, index) => newKey(alg, NAMES[index]!)),
    retiredKeys: [],
    remembered: new Map(),
    failures: new Map(),
    issuer: 'https://issuer.example',
    audience: 'https://api.example',
    lifetime: 3600,
    revoked: new Set(),
    log: [],
    clockAhead: 0,
    now: () => Date.now() + state.clockAhead,
  }
  return state
}

export function addUser(state: State, email: string, name = ''): User {
  const user: User = { id: randomUUID(), email, name, deleted: false }
  state.users.set(user.id, user)
  state.tasks.set(user.id, new Map())
  return user
}

const NAMES = ['first', 'second', 'third']

export function newKey(alg: Alg, kid: string): SigningKey {
  return { ...generateKey(alg), kid }
}
