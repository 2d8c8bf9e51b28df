// What a check may do to the target from behind: commands of the profile, or functions of a target in this process.

export interface Hooks {
  /** Stops the API's process and starts it again; resolves when it answers. */
  restart?(): Promise<void>
  /** Moves the target's clock forward by so many seconds; 0 puts it back. */
  clock?(seconds: number): Promise<void>
  /** SQL as the API's own role; rows come back as objects. With `as: 'owner'` as who may do all. */
  database?(sql: string, options?: { as?: 'api' | 'owner' }): Promise<Record<string, unknown>[]>
  /** Cuts the API from the revocation feed, or joins them again. */
  feed?(state: 'cut' | 'joined'): Promise<void>
  /** Takes the database away from issuer and API, or gives it back. */
  outage?(state: 'down' | 'up'): Promise<void>
  /** All lines of the log since the run began, one JSON object each where the target writes JSON. */
  log?(): Promise<string>
  /** Mails sent so far, oldest first. */
  mail?(): Promise<{ to: string; subject?: string; text: string }[]>
  /** Adds, signs with or retires a key: the profile's command is given the step's name. */
  rotate?(step: 'announce' | 'sign' | 'retire' | 'reset'): Promise<void>
  /** Resident bytes of the API. */
  memory?(): Promise<number>
  /** Starts the target with these settings; resolves with what it said and how it ended. */
  start?(settings: Record<string, string>): Promise<{ ready: boolean; output: string }>
  /** Raises an unexpected error in the next request. */
  explode?(): Promise<void>
  /** The URL of a second instance of the API, beside the first one. */
  replica?(): Promise<string>
}

export type HookName = keyof Hooks
