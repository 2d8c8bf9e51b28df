// What the good server knows, and the shape of its parts.
import { randomUUID } from 'node:crypto'
import { type Alg, generateKey, type Key } from '../src/token.ts'
import type { Exchange } from './exchange.ts'
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

export function createState(faults: Iterable<string>, variant: Variant): State {
  const switched = new Set(faults)
  const state: State = {
    url: '',
    variant,
    has: fault => switched.has(fault),
    users: new Map(),
    tasks: new Map(),
    keys: ALGS[variant].map((alg, index) => newKey(alg, NAMES[index]!)),
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

const NAMES = ['first', 'second']

export function newKey(alg: Alg, kid: string): SigningKey {
  return { ...generateKey(alg), kid }
}

/** One step of a rotation; what it answers is the key that signs from now on. */
export function rotateKeys(state: State, step: 'announce' | 'sign' | 'retire'): SigningKey {
  const [first] = state.keys as [SigningKey]
  if (step === 'announce') state.keys.push(newKey(first.alg, `next-${state.keys.length}`))
  if (step === 'sign') state.keys.unshift(state.keys.pop()!)
  if (step === 'retire') state.retiredKeys.push(...state.keys.splice(1, 1))
  return state.keys[0]!
}
