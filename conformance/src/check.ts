// The shape every check is written against. A check proves rows of the requirement list (`requirements/*.yaml`)
// and says what it saw through `kit.row(id)`; whatever it throws is a fault of the kit or of the target, no verdict.
//
//   export const checks: Check[] = [{
//     rows: ['T-031'],
//     needs: ['key'],
//     async run(kit) {
//       await kit.refuses('T-031', [{ token: unsigned(kit.claims(kit.a)), why: 'alg none' }])
//     },
//   }]
//
// Rules: A is the victim, her tasks are never written to (the state oracle watches them); write as B, or as a
// `freshUser()` when the rows must not be disturbed by other checks that run at the same time.
import type { Accounts, Session } from './accounts.ts'
import type { Visit } from './browser.ts'
import type { Answer, Destination, RawAnswers, Request } from './client.ts'
import type { HookFunctions, HookName } from './hooks.ts'
import type { Profile, RouteName } from './profile.ts'
import type { Random } from './random.ts'
import type { Statistics } from './statistics.ts'
import type { Alg, Claims, Forgery, Header, Key } from './token.ts'

/** What a check cannot do without; a missing one makes its rows "not run", with this as the reason. */
export type Need =
  | 'key' // a signing key of the target
  | 'second-key' // another active key, with a kid of its own
  | 'accounts' // a recipe to sign up and in
  | 'fresh-users' // accounts made during the run (a recipe)
  | 'deleted' // the token of an account that was deleted
  | 'issuer' // the issuer's URL
  | 'browser'
  | `hook:${HookName}`

/** What a target may lack: `absent` in the profile lists them, and the rows about them are not applicable. */
export const FEATURES = [
  'path-user', // the user's id is part of the path
  'user-id-claim', // a second claim repeats the subject
  'session-claim', // tokens name their session (sid)
  'email-claim',
  'typ', // tokens carry a typ that is checked
  'kid', // tokens select their key by kid
  'symmetric', // derived from token.alg: HS256, HS384, HS512
  'asymmetric', // derived from token.alg: EdDSA, RS256, ES256 …
  'both-families', // several algorithms are accepted at the same time
  'lifetime-cap',
  'jwks',
  'replace', // PUT
  'change', // PATCH
  'complete', // PATCH …/complete
  'etag',
  'idempotency-key',
  'cursor',
  'filter',
  'sort',
  'search',
  'bulk',
  'sub-resources',
  'trash',
  'export',
  'counts',
  'cors',
  'tls',
  'sign-up',
  'sign-out',
  'cookie-session',
  'session-list',
  'password',
  'password-reset',
  'change-password',
  'change-email',
  'email-verification',
  'delete-account',
  'ban',
  'revocation',
  'revocation-feed',
  'feed-network', // API and feed are apart, and what is between them can fail
  'rotation',
  'replicas',
  'streams',
  'websocket',
  'rate-limit',
  'pages',
  'row-security',
  'metrics',
] as const
export type Feature = (typeof FEATURES)[number]

/** Checks that take long or hurt: the self-test runs them only where they must catch. */
export type Kind = 'statistical' | 'flood' | 'waiting' | 'destructive'

export interface Check {
  rows: string[]
  needs?: Need[]
  /** Any of these declared absent makes the rows not applicable. */
  feature?: Feature | Feature[]
  kind?: Kind
  /** Nothing else runs beside it: it measures, or it breaks things for a moment. Kinds `flood` and `destructive` are alone anyway. */
  alone?: boolean
  /** After all others. */
  last?: boolean
  /** Seconds; 60 unless said. */
  deadline?: number
  run(kit: Kit): Promise<void>
}

/** An account of the target as the kit knows it. */
export interface Identity {
  name: string
  id: string
  email?: string
  token: string
  /** Random text in this user's rows, name and e-mail: whoever else is shown it has broken in. */
  canary: string
  /** The ids of the tasks made for it when the run began. */
  tasks: string[]
  /** Where the profile has a recipe; a and b are signed in with it for the whole run: do not end these. */
  session?: Session
}

/** What is asked of a route of the profile; see `kit.request`. */
export interface Ask {
  /** Whose token is sent; nobody's when absent. */
  as?: Identity
  /** Another token than that of `as`, which stays whom a right answer may speak to. */
  token?: string
  /** Whose path; `as` when absent. Text is put in as it is. */
  owner?: Identity | string
  /** The task's id, put in as it is. */
  id?: string
  /** Sent as JSON, unless it is bytes or text. Routes that write have a sample in the profile. */
  body?: unknown
  /** Added to the path as it is, with its `?`. */
  query?: string
  headers?: [name: string, value: string][]
}

/** One request that must be refused with 401: a token alone is tried on the list of its path's user. */
export interface Refusal {
  why: string
  token?: string
  request?: Request
}

/** Judges one row. Every call is an observation; a row that held made at least one. */
export interface Row {
  readonly id: string
  /** Status 401 with a Bearer challenge, uncacheable, without cookie, the same for every cause but `expired`. */
  refused401(answer: Answer, why: string, kind?: RefusalKind): boolean
  /** What a GET of a task that never was answers, byte for byte. */
  missing404(answer: Answer, why: string): boolean
  /** No 5xx and an answer at all. */
  unharmed(answer: Answer, why: string): boolean
  is(condition: boolean, sentence: string, answer?: Answer): boolean
  fail(sentence: string, answer?: Answer): void
  /** Noise was louder than what was measured. */
  inconclusive(sentence: string): void
  notRun(reason: string): void
  notApplicable(reason: string): void
  /** A number worth reading beside the verdict, for example the longest time measured. */
  note(sentence: string): void
}

/** Without credentials there is no error code; a token that merely expired may say so. */
export type RefusalKind = 'invalid' | 'no-credentials' | 'expired'

export interface Kit {
  /** The victim. Read her, never write. */
  readonly a: Identity
  /** The attacker. */
  readonly b: Identity
  /** Deleted before the run; null when the profile cannot have one (need 'deleted'). */
  readonly deleted: Identity | null
  /** A well-formed user id that was never issued, and a well-formed task id that never was. */
  readonly unknownUser: string
  readonly unknownTask: string
  readonly profile: Profile
  /** Seeded for this check alone: its values do not depend on what else runs. */
  readonly random: Random
  readonly accounts: Accounts
  /** Use one only with its need (`hook:restart` …): then it is there. */
  readonly hooks: HookFunctions
  readonly statistics: Statistics
  /** Aborted when the deadline of the check or of the run has come. */
  readonly signal: AbortSignal

  row(id: string): Row

  /** A request of the profile's routes, to be sent or altered first: `{ ...kit.request('list', { as: kit.b }), method: 'FOO' }`. */
  request(route: RouteName, ask?: Ask): Request
  send(request: Request): Promise<Answer>
  /** `send(request(route, ask))`. */
  ask(route: RouteName, ask?: Ask): Promise<Answer>
  /** Bytes as they are on a connection of their own, and every answer that came back on it. */
  sendRaw(bytes: Buffer | string, options?: RawOptions): Promise<RawAnswers>
  /** The lines of `request` as they go over the wire, to be altered and given to `sendRaw`. */
  bytesOf(request: Request): Buffer
  /** Whose answer it is allowed to be, for tokens made by the check: `kit.withToken(token, kit.b)` asks for the list. */
  withToken(token: string, as?: Identity): Request

  /** valid → each case → valid, in batches that share their controls; judges 401 and the victim's state. */
  refuses(
    row: string,
    cases: Iterable<Refusal>,
    options?: { kind?: RefusalKind; every?: number },
  ): Promise<void>
  /** `work` between two positive controls and two looks at the victim's state. */
  between<Result>(row: string, work: () => Promise<Result>): Promise<Result>
  /** The valid request must succeed now; judged on `row`. */
  control(row: string): Promise<boolean>
  /** The victim's rows hash as at the start; judged on `row`. */
  unchanged(row: string): Promise<boolean>

  /** The claims of a real token of this identity, with new times and jti; `undefined` takes a claim away. */
  claims(identity: Identity, overrides?: Claims): Claims
  /** The header of a real token. */
  header(overrides?: Header): Header
  forge(forgery: Forgery): string
  /** A token that must be accepted: claims of `identity`, header of a real one, the target's key. */
  mint(identity: Identity, overrides?: Claims, key?: Key): string
  /** The active keys of the profile; empty without need 'key'. */
  readonly keys: Key[]
  /** A key of the kit's own for `alg`, that no target knows. */
  ownKey(alg: Alg): Key
  /** Seconds of the target's clock, by the `Date` of its answers. */
  now(): number

  /** A listener on loopback that counts who comes, for jku, x5u and URLs in fields. Closed with the check. */
  listener(): Promise<Listener>
  /** A tab of a real browser, signed in with the session's cookies; relative URLs are the issuer's. Need 'browser'. */
  visit<Result>(session: Session | null, work: (visit: Visit) => Promise<Result>): Promise<Result>
  /** An account of its own with a canary, for checks that write or end sessions. Need 'fresh-users'. */
  freshUser(name?: string): Promise<Identity & { session: Session }>
  /** Text that must never be seen in a log or an answer; kept until the end of the run. */
  secret(text: string, what: string): void
  /** Every one told so far: tokens, cookies, passwords, keys. */
  secrets(): { text: string; what: string }[]
}

export interface RawOptions {
  to?: Destination
  /** Whom the answers may speak to. */
  as?: Identity
  method?: string
  /** How long to listen when the connection stays open, in ms; 300 unless said. */
  wait?: number
  /** How many answers are enough. */
  answers?: number
}

export interface Listener {
  readonly port: number
  readonly hits: { method: string; target: string; headers: [string, string][] }[]
}

export { HookFault, KitFault, TargetFault } from './faults.ts'
