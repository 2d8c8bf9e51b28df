// The profile says where the target is, how its routes, tokens and errors look, and what it lacks.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { LineCounter, parseDocument } from 'yaml'
import { FEATURES, type Feature } from './check.ts'
import type { Choices } from './choices.ts'
import type { Origins } from './client.ts'
import type { HookName } from './hooks.ts'
import { type Alg, type Key, readPrivateKey } from './token.ts'

export type RouteName =
  | 'list'
  | 'create'
  | 'read'
  | 'replace'
  | 'change'
  | 'delete'
  | 'complete'
  // Whatever else the profile names: every one is walked by the grid of who may reach what.
  | (string & {})

export interface Route {
  method: string
  /** `{user}` and `{id}` stand for the path's user and the task. */
  path: string
  /** A sample that is accepted; `{random}` in it is new each time. */
  body?: unknown
  /** What success answers; any 2xx unless said. */
  status?: number
}

export interface KeySpec {
  kid?: string
  alg?: Alg
  secret?: string
  encoding?: 'base64url' | 'utf8' | 'hex'
  /** PEM (PKCS #8) or JWK. */
  privateKey?: string
  privateKeyFile?: string
}

/** An account that exists already. */
export interface ReadyAccount {
  id: string
  token: string
  email?: string
}

export interface Step {
  method: string
  path: string
  headers?: Record<string, string>
  body?: unknown
  /** Where the answer says the account's id, as a JSON pointer. */
  id?: string
  /** Where the answer holds the access token, as a JSON pointer. */
  token?: string
}

export const ACTIONS = [
  'signUp',
  'signIn',
  'signOut',
  'token',
  'getSession',
  'listSessions',
  'revokeSession',
  'revokeOtherSessions',
  'revokeSessions',
  'changePassword',
  'changeEmail',
  'requestReset',
  'resetPassword',
  'sendVerification',
  'verifyEmail',
  'updateUser',
  'deleteAccount',
] as const
export type Action = (typeof ACTIONS)[number]

export interface Profile {
  name: string
  /**
   * Replicas: further instances of the API on the same data. Plain: where an API under TLS is met without; the port
   * of `url` unless said, or 80.
   */
  api: { url: string; replicas?: string[]; plain?: string }
  issuer?: { url: string; origin?: string }
  /** PEM file of who signed the target's certificate. */
  ca?: string
  /** Features the target does not have. */
  absent: Feature[]
  accounts: {
    ready?: { a: ReadyAccount; b: ReadyAccount; deleted?: ReadyAccount; second?: ReadyAccount }
    /** Values of the recipe: `{random}` in them is new for each account. */
    email: string
    password: string
    /** Headers of every step, for example Origin. */
    headers?: Record<string, string>
    recipe?: Partial<Record<Action, Step>>
    /** Well-formed, never issued; made from A's when absent. */
    unknownUser?: string
    unknownTask?: string
  }
  token: {
    alg: Alg
    typ?: string
    /** The claim that holds the account's id, and claims that must repeat it. */
    subject: string
    repeatsSubject: string[]
    session: string
    email: string
    /** Seconds; `exp - iat` above it is refused. */
    lifetime: number
    leeway: number
    /** How far `iat` and `nbf` may be ahead, in seconds. */
    ahead: number
    /** Bytes. */
    maxSize: number
    keys: KeySpec[]
  }
  routes: Record<RouteName, Route>
  task: {
    id: string
    title: string
    description?: string
    completed?: string
    /** The member that names the owner, where there is one. */
    owner?: string
    /** Where the list is in the list's answer, as a JSON pointer; '' is the whole body. */
    list: string
    /** Exactly the members a task has, where that is documented. */
    members?: string[]
  }
  errors: {
    mediaType: string
    /** Names of headers whose values differ from answer to answer. */
    varying: string[]
    /** Members of an error's body that differ from answer to answer, for example an id. */
    varyingMembers: string[]
    /** Where the body says that the token merely expired: a JSON pointer and its value. */
    expired?: { pointer: string; value: string }
  }
  limits: { title: number; description: number; body: number; page: number }
  bounds: {
    /** ms until a token is dead after the answer of sign-out, and the tolerance of measuring it. */
    signOut: number
    tolerance: number
    /** ms an API may go on without the feed. */
    lease: number
  }
  choices: Choices
  /** Commands: see `hooks.ts` for what each is asked and answers. */
  hooks: Partial<Record<HookName, string[]>>
  /** Where commands run: the profile's own folder. */
  folder: string
}

/** Everything wrong with a profile at once. */
export class ProfileFault extends Error {
  override name = 'ProfileFault'
  readonly faults: string[]

  constructor(source: string, faults: string[]) {
    super(`${source} is not a profile:\n${faults.map(fault => `  ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

export const SCHEMA_FILE = join(import.meta.dirname, '../schemas/profile.json')

export function loadProfile(file: string, env: NodeJS.ProcessEnv = process.env): Profile {
  const profile = parseProfile(readFileSync(file, 'utf8'), file, env)
  const folder = dirname(resolve(file))
  profile.folder = folder
  if (profile.ca) profile.ca = readFileSync(resolve(folder, profile.ca), 'utf8')
  for (const key of profile.token.keys) {
    if (key.privateKeyFile) key.privateKey = readFileSync(resolve(folder, key.privateKeyFile), 'utf8')
  }
  return profile
}

export function parseProfile(text: string, source = 'the profile', env: NodeJS.ProcessEnv = {}): Profile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0)
    throw new ProfileFault(
      source,
      document.errors.map(error => error.message),
    )
  const faults: string[] = []
  const value = fillIn(document.toJS(), env, faults)
  const check = compileSchema()
  if (!check(value)) faults.push(...check.errors!.map(describe))
  if (faults.length > 0) throw new ProfileFault(source, [...new Set(faults)])
  return complete(value as Profile)
}

function compileSchema() {
  const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))
  return new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
  }).compile(schema)
}

/** `${NAME}` in any text is the environment's: a profile can be kept where its secrets cannot. */
function fillIn(value: unknown, env: NodeJS.ProcessEnv, faults: string[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
      if (env[name] === undefined) faults.push(`the environment has no ${name}`)
      return env[name] ?? ''
    })
  }
  if (Array.isArray(value)) return value.map(item => fillIn(item, env, faults))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, env, faults)]))
}

function describe({ instancePath, message, params, keyword }: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.') || 'the document'
  if (keyword === 'additionalProperties')
    return `${where}: there is no setting "${params.additionalProperty}"`
  if (keyword === 'enum') return `${where}: must be one of ${params.allowedValues.join(', ')}`
  return `${where}: ${message}`
}

/** Every server the kit may speak to. */
export function originsOf({ api, issuer }: Profile): Origins {
  const replicas = (api.replicas ?? []).map((url, index) => [`replica:${index}`, url])
  return { api: api.url, issuer: issuer?.url ?? api.url, ...Object.fromEntries(replicas) }
}

/** What follows from other settings. */
function complete(profile: Profile): Profile {
  const { token, routes } = profile
  const isSymmetric = (alg: Alg) => alg.startsWith('HS')
  const lacks: Partial<Record<Feature, boolean>> = {
    symmetric: !isSymmetric(token.alg),
    asymmetric: isSymmetric(token.alg),
    'both-families': new Set(token.keys.map(({ alg = token.alg }) => isSymmetric(alg))).size < 2,
    replace: !routes.replace,
    change: !routes.change,
    complete: !routes.complete,
    'path-user': !Object.values(routes).some(({ path }) => path.includes('{user}')),
    'user-id-claim': token.repeatsSubject.length === 0,
    typ: token.typ === undefined,
    kid: token.keys.length > 0 && token.keys.every(({ kid }) => kid === undefined),
  }
  const derived = FEATURES.filter(feature => lacks[feature])
  return { ...profile, folder: '.', absent: [...new Set([...profile.absent, ...derived])] }
}

export function keysOf(profile: Profile): Key[] {
  return profile.token.keys.map(
    ({ kid, alg = profile.token.alg, secret, encoding = 'base64url', privateKey }) => ({
      kid,
      alg,
      ...(secret !== undefined && { secret: Buffer.from(secret, encoding) }),
      ...(privateKey !== undefined && { privateKey: readPrivateKey(privateKey) }),
    }),
  )
}
