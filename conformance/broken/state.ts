// What the good server knows, and the shape of its parts.
import { randomUUID } from 'node:crypto'
import { type Alg, generateKey, type Key } from '../src/token.ts'
import { type Accounts, createAccounts } from './accounts/accounts.ts'
import type { Reader } from './accounts/feed.ts'
import { createLog, type Log } from './accounts/log.ts'
import { createStreams, type Streams } from './accounts/streams.ts'
import type { Exchange } from './exchange.ts'
import { createStore, type Store } from './store.ts'
import type { Subject } from './tokens.ts'

/** Deployments that differ in what no one deployment can be: the self-test runs the good server as each of them. */
export type Variant = 'hs256' | 'eddsa' | 'both-families'
export const VARIANTS: Variant[] = ['hs256', 'eddsa', 'both-families']

/** Of their keys, the first of which signs. */
const ALGS: Record<Variant, Alg[]> = {
  hs256: ['HS256', 'HS256'],
  eddsa: ['EdDSA', 'EdDSA'],
  'both-families': ['HS256', 'EdDSA'],
}

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
  list: string | null
  parent: string | null
  created_at: string
  updated_at: string
  revision: number
}

export interface SigningKey extends Key {
  kid: string
}

export interface State {
  url: string
  variant: Variant
  /** Whether this fault is switched on. */
  has(fault: string): boolean
  users: Map<string, User>
  /** By user, then by task, oldest first. */
  tasks: Map<string, Map<string, Task>>
  store: Store
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
  /** Sessions that were ended, by sid, as this instance of the API knows them. */
  revoked: Reader
  log: Log
  /** Bytes; since the memory was last looked at. */
  peakMemory: number
  accounts: Accounts
  streams: Streams
  /** The page's. */
  origin: string
  /** ms; moved by the clock hook. */
  now(): number
  clockAhead: number
}

/** Returns whether it answered. */
export type Part = (exchange: Exchange, state: State) => boolean | Promise<boolean>

export function createState(faults: Iterable<string>, variant: Variant): State {
  const switched = new Set(faults)
  const state: State = {
    url: '',
    variant,
    has: (fault: string) => switched.has(fault),
    users: new Map(),
    tasks: new Map(),
    store: createStore(),
    keys: ALGS[variant].map((alg, index) => newKey(alg, NAMES[index]!)),
    retiredKeys: [],
    remembered: new Map(),
    failures: new Map(),
    issuer: 'https://issuer.example',
    audience: 'https://api.example',
    lifetime: 3600,
    origin: 'https://app.good.example',
    clockAhead: 0,
    peakMemory: 0,
    now: () => Date.now() + state.clockAhead,
  } as unknown as State
  state.log = createLog(state)
  state.accounts = createAccounts(state)
  state.revoked = state.accounts.feed.join()
  state.streams = createStreams(state)
  return state
}

export function addUser(state: State, email: string, name = ''): User {
  const id = state.has('user-ids-count-up') ? String(1000 + state.users.size) : randomUUID()
  const user: User = { id, email, name, deleted: false }
  state.users.set(user.id, user)
  state.tasks.set(user.id, new Map())
  return user
}

const NAMES = ['first', 'second']

export function newKey(alg: Alg, kid: string): SigningKey {
  return { ...generateKey(alg), kid }
}
