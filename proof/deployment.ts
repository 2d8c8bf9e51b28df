// What the kit is pointed at: our servers as processes, and what only whoever runs them can do to them.

export interface ForgingKey {
  kid: string
  /** HS256: base64url; EdDSA: a private JWK. */
  secret: string | JsonWebKey
}

/** Faults of a configuration that must keep a server from starting. */
export type ConfigurationFault = 'default-secret' | 'short-secret' | 'shared-secret'

export interface Deployment {
  name: string
  /** As browsers know them. */
  issuerUrl: string
  apiUrls: readonly string[]
  audience: string
  algorithm: 'HS256' | 'EdDSA'
  /** Trusted by the kit; null without TLS. */
  certificateFile: string | null
  /** Keys that sign, or are announced, when this is asked. */
  keys(): Promise<ForgingKey[]>
  /** Both past everything that can be cut. */
  adminUrl(): Promise<string>
  apiRoleUrl(): Promise<string>
  /** Standard output of all servers, in the order it was written. */
  logFile: string
  metricsUrls: readonly string[]
  apiPids(): number[]
  /** Answers when all of them are ready; `env` is over their own. */
  restart(what: 'api' | 'issuer' | 'all', env?: NodeJS.ProcessEnv): Promise<void>
  setDatabase(up: boolean): Promise<void>
  /** Null where no network is between API and feed. */
  feed: {
    set(up: boolean, instance?: number): Promise<void>
    /** Starts the first API anew, which cannot reach its feed. */
    startWithout(): Promise<void>
  } | null
  /** Whether a server came up with this fault, and its last words. */
  startWith(fault: ConfigurationFault): Promise<{ started: boolean; message: string }>
  /** Runs `npm run keys` with the environment of the servers. */
  keysCommand(...args: string[]): Promise<string>
  close(): Promise<void>
}

/** Failures are counted by account and address as ever; the kit, behind one address, is many people. */
export const LIMITS = { LIMIT_ATTEMPTS_PER_MINUTE: '600', LIMIT_FAILURES_PER_ADDRESS: '1000000' }
