// Control hooks: what the kit cannot do over HTTP. In a profile each is a command (argv): it gets one JSON object on
// its standard input, answers one JSON object on its standard output and exits with 0. Anything else is a fault of
// the hook, never a verdict about the target. The self-test gives functions of the same shape instead.

/** What each hook is asked, and what it answers. */
export interface HookCalls {
  /** Restarts the API (all instances) or the issuer; answers when it is ready, or says that it did not become so. */
  restart: { asks: { what: 'api' | 'issuer' }; answers: { ready: boolean } }
  /** Starts the API while its feed is cut off; `feed` with `up: true` ends that. Answers as soon as it listens. */
  'start-without-feed': { asks: Record<string, never>; answers: { listening: boolean } }
  /** Starts an issuer and an API with this fault in their configuration; `started`: one of them serves with it. */
  'start-with': {
    asks: { fault: 'default-secret' | 'short-secret' | 'shared-secret' }
    answers: { started: boolean; message?: string }
  }
  /** Moves the clock of all servers to the real time plus `offset` seconds; 0 puts it back. */
  clock: { asks: { offset: number }; answers: Record<string, never> }
  /** Makes the database unreachable for all servers, or reachable again; answers when it is so. */
  database: { asks: { up: boolean }; answers: Record<string, never> }
  /** Cuts API instance `instance` (from 0; absent: all) off the revocation feed, or lets it back. */
  feed: { asks: { up: boolean; instance?: number }; answers: Record<string, never> }
  /** Everything logged from byte `after` on, by all servers, as it is on the disk; `end` is the next `after`. */
  log: { asks: { after: number }; answers: { text: string; end: number } }
  /** The figures that servers show their operators, as text. */
  metrics: { asks: Record<string, never>; answers: { text: string } }
  /** Bytes that the API at `api.url` holds now, and the most it has held since this was last asked. */
  memory: { asks: Record<string, never>; answers: { bytes: number; peak: number } }
  /** Ends sessions without the person. `done` false: the target has no such way. `sql` deletes the session's row. */
  'end-session': {
    asks: { how: 'ban' | 'sql' | 'expiry'; user: string; sid: string }
    answers: { done: boolean }
  }
  /** One step of changing the signing key; answers when every server has taken it. `retire` retires the old at once. */
  'rotate-keys': { asks: { step: 'announce' | 'sign' | 'retire' }; answers: { kid?: string } }
  /** How many rows of this account the database holds, in all tables of people's data. */
  rows: { asks: { user: string }; answers: { rows: number } }
  /** Ends `count` made-up sessions; answers when every API knows. `bytes`: what an API's memory grew by. */
  'revoke-many': { asks: { count: number }; answers: { bytes: number } }
  /** Makes listing tasks fail in a way its author did not foresee (say, a table with another name), or mends it. */
  break: { asks: { broken: boolean }; answers: Record<string, never> }
  /** Mails sent since mail `after` (a number), oldest first; `delay` (ms) first makes each sending that slow. */
  mail: {
    asks: { after: number; delay?: number }
    answers: { mails: { to: string; subject: string; text: string }[]; end: number }
  }
  /**
   * Does this to a task, in the database, as the API's own role. `subject`: what the connection is bound to; null: to
   * nothing. `rows` were read or changed, `text` is all that came back, `error` its message when it failed.
   */
  'row-security': {
    asks: {
      subject: string | null
      act: 'select' | 'update' | 'delete' | 'insert' | 'on-conflict' | 'copy' | 'explain'
      owner: string
      task: string
    }
    answers: { rows: number; text: string; error: string | null }
  }
  /** What the API's database role may do and how the tables are protected. */
  'role-audit': { asks: Record<string, never>; answers: RoleAudit }
}

export interface RoleAudit {
  superuser: boolean
  bypasses_row_security: boolean
  /** Names of tables it owns, and of roles that own tables and that it may become. */
  owns: string[]
  tables: { name: string; row_security: boolean; forced: boolean }[]
  /** Rights on tables beyond reading and writing rows, such as `TRUNCATE todo.task`. */
  excess_rights: string[]
  views: { name: string; security_invoker: boolean }[]
  functions: { name: string; security_definer: boolean; fixed_search_path: boolean; public: boolean }[]
}

export type HookName = keyof HookCalls
export type HookFunctions = {
  [Name in HookName]?: (asks: HookCalls[Name]['asks']) => Promise<HookCalls[Name]['answers']>
}
