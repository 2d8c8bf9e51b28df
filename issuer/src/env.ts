import { readFileSync } from 'node:fs'
import { BlockList, isIPv4, isIPv6 } from 'node:net'

export interface SigningKey {
  kid: string
  secret: Uint8Array
}

export interface Limits {
  /** Failed password attempts in one window, by account and address together. */
  failuresPerAccountAndAddress: number
  failuresPerAddress: number
  failuresPerAccount: number
  /** Seconds in which those failures are counted. */
  failureWindow: number
  /** Sign-ins and sign-ups a minute from one address, good or bad. */
  attemptsPerMinute: number
}

export interface IssuerEnv {
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  readonly issuerUrl: string
  readonly apiUrl: string
  /** What that API offers beyond the core, for the page. */
  readonly apiFeatures: readonly string[]
  readonly audience: string
  readonly algorithm: 'HS256' | 'EdDSA'
  /** The first signs; empty under EdDSA, whose keys are in the database. */
  readonly keys: readonly SigningKey[]
  /** Seconds. */
  readonly ttl: number
  /** Better Auth's own secrets; the first signs, all verify. */
  readonly authSecrets: readonly string[]
  readonly feedSecret: string
  readonly signUp: 'open' | 'closed' | 'first'
  readonly webOrigins: readonly string[]
  readonly trustedProxies: BlockList
  readonly limits: Limits
  readonly logLevel: string
  readonly metricsHost: string
  /** Null: nobody is shown any. */
  readonly metricsPort: number | null
}

export type EnvReading<Env> = { env: Env; faults: [] } | { env: null; faults: string[] }

/** What the page can make use of. */
const FEATURES = ['organize']
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Reads every variable the issuer knows, or lists everything that is wrong with them, a sentence each. */
export function readIssuerEnv(source: NodeJS.ProcessEnv): EnvReading<IssuerEnv> {
  const faults: string[] = []
  const port = readInteger(source, 'PORT', 3000, { from: 0, to: 65_535 }, faults)
  const issuerUrl = readOrigin(source, 'ISSUER_URL', `http://localhost:${port}`, faults)
  const algorithm = readChoice(source, 'ACCESS_TOKEN_ALG', ['HS256', 'EdDSA'] as const, faults)
  const authSecrets = readSecret(source, 'AUTH_SECRET', faults).split(',')
  const keys = algorithm === 'HS256' ? readKeys(source, faults) : []
  const feedSecret = readSecret(source, 'REVOCATION_FEED_SECRET', faults)
  refuseSharedSecrets(authSecrets, keys, feedSecret, faults)
  const env: IssuerEnv = {
    host: source.HOST || '127.0.0.1',
    port,
    databaseUrl: readSecret(source, 'ISSUER_DATABASE_URL', faults),
    issuerUrl,
    apiUrl: readOrigin(source, 'API_URL', issuerUrl, faults),
    apiFeatures: readFeatures(source, faults),
    audience: source.API_AUDIENCE || 'latchkey-api',
    algorithm,
    keys,
    ttl: readInteger(source, 'ACCESS_TOKEN_TTL', 3600, { from: 1, to: 86_400 }, faults),
    authSecrets: checkSecrets('AUTH_SECRET', authSecrets, faults),
    feedSecret: checkSecrets('REVOCATION_FEED_SECRET', [feedSecret], faults)[0]!,
    signUp: readChoice(source, 'SIGN_UP', ['open', 'closed', 'first'] as const, faults),
    webOrigins: readOrigins(source, 'WEB_ORIGIN', issuerUrl, faults),
    trustedProxies: readNetworks(source, 'TRUSTED_PROXIES', faults),
    limits: readLimits(source, faults),
    logLevel: readChoice(source, 'LOG_LEVEL', ['info', ...LOG_LEVELS], faults),
    metricsHost: source.METRICS_HOST || '127.0.0.1',
    metricsPort: readMetricsPort(source, port, faults),
  }
  return faults.length > 0 ? { env: null, faults } : { env: Object.freeze(env), faults: [] }
}

function readLimits(source: NodeJS.ProcessEnv, faults: string[]): Limits {
  const positive = { from: 1, to: 1_000_000_000 }
  return {
    failuresPerAccountAndAddress: readInteger(
      source,
      'LIMIT_FAILURES_PER_ACCOUNT_AND_ADDRESS',
      10,
      positive,
      faults,
    ),
    failuresPerAddress: readInteger(source, 'LIMIT_FAILURES_PER_ADDRESS', 100, positive, faults),
    failuresPerAccount: readInteger(source, 'LIMIT_FAILURES_PER_ACCOUNT', 100, positive, faults),
    failureWindow: readInteger(source, 'LIMIT_FAILURE_WINDOW', 900, positive, faults),
    attemptsPerMinute: readInteger(source, 'LIMIT_ATTEMPTS_PER_MINUTE', 600, positive, faults),
  }
}

function readSecret(source: NodeJS.ProcessEnv, name: string, faults: string[]): string {
  const value = source[name]
  const file = source[`${name}_FILE`]
  if (value && file) faults.push(`${name} and ${name}_FILE are both given; keep one of them.`)
  if (value) return value
  if (!file) {
    faults.push(`${name} is missing; give it, or the path of a file that holds it in ${name}_FILE.`)
    return ''
  }
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    faults.push(`${name}_FILE names a file that cannot be read.`)
    return ''
  }
}

/** An example is a value of `.env.example`; nothing guesses at entropy. */
function checkSecrets(name: string, secrets: string[], faults: string[]): string[] {
  if (secrets.length > 1 && secrets.includes('')) faults.push(`${name} has an empty secret in its list.`)
  for (const secret of secrets.filter(Boolean)) {
    if (secret.startsWith('example-')) faults.push(`${name} is the example of .env.example; make your own.`)
    else if (Buffer.byteLength(secret) < 32)
      faults.push(`${name} has ${Buffer.byteLength(secret)} bytes; it needs at least 32.`)
  }
  return secrets
}

function readKeys(source: NodeJS.ProcessEnv, faults: string[]): SigningKey[] {
  const value = readSecret(source, 'ACCESS_TOKEN_KEYS', faults)
  const keys = value ? value.split(',').map(entry => readKey(entry, faults)) : []
  if (new Set(keys.map(key => key.kid)).size < keys.length)
    faults.push('ACCESS_TOKEN_KEYS names one kid twice.')
  return keys
}

function readKey(entry: string, faults: string[]): SigningKey {
  const [, kid, encoded] = /^([A-Za-z0-9_-]{1,64}):([A-Za-z0-9_-]+)$/.exec(entry) ?? []
  if (!kid || !encoded) {
    faults.push('ACCESS_TOKEN_KEYS must read kid:base64url,kid2:base64url.')
    return { kid: '', secret: new Uint8Array() }
  }
  const secret = Buffer.from(encoded, 'base64url')
  if (encoded.startsWith('example-'))
    faults.push('ACCESS_TOKEN_KEYS is the example of .env.example; make your own.')
  else if (secret.toString('base64url') !== encoded)
    faults.push(`ACCESS_TOKEN_KEYS: key ${kid} is not canonical base64url.`)
  else if (secret.length < 32)
    // RFC 7518 §3.2: an HS256 key is at least as long as its hash.
    faults.push(`ACCESS_TOKEN_KEYS: key ${kid} has ${secret.length} bytes; it needs at least 32.`)
  return { kid, secret }
}

/**
 * With one secret for both, Better Auth takes an access token for its own email-verification token, and whoever
 * may read the feed could sign cookies or tokens.
 */
function refuseSharedSecrets(
  authSecrets: string[],
  keys: SigningKey[],
  feedSecret: string,
  faults: string[],
): void {
  const isKey = (text: string) =>
    keys.some(({ secret }) =>
      [Buffer.from(secret).toString('base64url'), `${Buffer.from(secret)}`].includes(text),
    )
  if (authSecrets.filter(Boolean).some(isKey))
    faults.push('ACCESS_TOKEN_KEYS and AUTH_SECRET share a secret; they must differ.')
  if (feedSecret && (isKey(feedSecret) || authSecrets.includes(feedSecret)))
    faults.push('REVOCATION_FEED_SECRET is another secret too; it must be one of its own.')
}

function readOrigin(source: NodeJS.ProcessEnv, name: string, fallback: string, faults: string[]): string {
  const value = source[name] || fallback
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !/^https?:$/.test(url.protocol) || (url.origin !== value && `${url.origin}/` !== value)) {
    faults.push(`${name} must be an origin such as https://todo.example.org, without a path.`)
    return fallback
  }
  return url.origin
}

function readOrigins(source: NodeJS.ProcessEnv, name: string, fallback: string, faults: string[]): string[] {
  return (source[name] || fallback)
    .split(',')
    .map(origin => readOrigin({ [name]: origin.trim() }, name, fallback, faults))
}

function readInteger(
  source: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  range: { from: number; to: number },
  faults: string[],
): number {
  const value = source[name] || String(fallback)
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
  if (number >= range.from && number <= range.to) return number
  faults.push(`${name} must be a whole number from ${range.from} to ${range.to}.`)
  return fallback
}

function readMetricsPort(source: NodeJS.ProcessEnv, port: number, faults: string[]): number | null {
  if (!source.METRICS_PORT) return null
  const metricsPort = readInteger(source, 'METRICS_PORT', 0, { from: 1, to: 65_535 }, faults)
  if (metricsPort === port) faults.push('METRICS_PORT must be another port than PORT.')
  return metricsPort
}

/** The first choice is the default. */
function readChoice<Choice extends string>(
  source: NodeJS.ProcessEnv,
  name: string,
  choices: readonly Choice[],
  faults: string[],
): Choice {
  const value = (source[name] || choices[0]) as Choice
  if (choices.includes(value)) return value
  faults.push(`${name} must be one of ${[...new Set(choices)].join(', ')}.`)
  return choices[0]!
}

/** Unset is all of them; empty is none: an API that offers the core alone. */
function readFeatures(source: NodeJS.ProcessEnv, faults: string[]): string[] {
  const features = (source.API_FEATURES ?? FEATURES.join(','))
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
  if (features.some(name => !FEATURES.includes(name)))
    faults.push(`API_FEATURES must be empty or list some of ${FEATURES.join(', ')}.`)
  return features
}

function readNetworks(source: NodeJS.ProcessEnv, name: string, faults: string[]): BlockList {
  const networks = new BlockList()
  for (const entry of (source[name] ?? '').split(',').map(part => part.trim())) {
    if (entry) addNetwork(networks, entry, name, faults)
  }
  return networks
}

function addNetwork(networks: BlockList, entry: string, name: string, faults: string[]): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null
  const longest = family === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (!family || !(length <= longest)) faults.push(`${name}: ${entry} is not an address or a CIDR range.`)
  else networks.addSubnet(address, length, family)
}
