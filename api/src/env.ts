import { readFileSync } from 'node:fs'
import { BlockList, isIPv4, isIPv6 } from 'node:net'

export interface VerificationKey {
  kid: string
  secret: Uint8Array
}

export interface ApiEnv {
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  readonly issuerUrl: string
  readonly apiUrl: string
  readonly audience: string
  readonly algorithm: 'HS256' | 'EdDSA'
  /** All verify; empty under EdDSA, whose keys come from the issuer's JWKS. */
  readonly keys: readonly VerificationKey[]
  /** The longest `exp - iat` a token may have, in seconds. */
  readonly ttl: number
  readonly feedUrl: string
  readonly feedSecret: string
  readonly webOrigins: readonly string[]
  readonly trustedProxies: BlockList
  readonly logLevel: string
  readonly metricsHost: string
  /** Null: nobody is shown any. */
  readonly metricsPort: number | null
}

export type EnvReading<Env> = { env: Env; faults: [] } | { env: null; faults: string[] }

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Reads every variable the API knows, or lists everything that is wrong with them, a sentence each. */
export function readApiEnv(source: NodeJS.ProcessEnv): EnvReading<ApiEnv> {
  const faults: string[] = []
  const port = readInteger(source, 'PORT', 3000, { from: 0, to: 65_535 }, faults)
  const issuerUrl = readOrigin(source, 'ISSUER_URL', `http://localhost:${port}`, faults)
  const algorithm = readChoice(source, 'ACCESS_TOKEN_ALG', ['HS256', 'EdDSA'] as const, faults)
  const env: ApiEnv = {
    host: source.HOST || '127.0.0.1',
    port,
    databaseUrl: readSecret(source, 'API_DATABASE_URL', faults),
    issuerUrl,
    apiUrl: readOrigin(source, 'API_URL', issuerUrl, faults),
    audience: source.API_AUDIENCE || 'latchkey-api',
    algorithm,
    keys: algorithm === 'HS256' ? readKeys(source, faults) : [],
    ttl: readInteger(source, 'ACCESS_TOKEN_TTL', 3600, { from: 1, to: 86_400 }, faults),
    feedUrl: readUrl(source, 'REVOCATION_FEED_URL', `${issuerUrl}/api/auth/revocations`, faults),
    feedSecret: checkSecret(
      'REVOCATION_FEED_SECRET',
      readSecret(source, 'REVOCATION_FEED_SECRET', faults),
      faults,
    ),
    webOrigins: readOrigins(source, 'WEB_ORIGIN', issuerUrl, faults),
    trustedProxies: readNetworks(source, 'TRUSTED_PROXIES', faults),
    logLevel: readChoice(source, 'LOG_LEVEL', ['info', ...LOG_LEVELS], faults),
    metricsHost: source.METRICS_HOST || '127.0.0.1',
    metricsPort: readMetricsPort(source, port, faults),
  }
  return faults.length > 0 ? { env: null, faults } : { env: Object.freeze(env), faults: [] }
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
function checkSecret(name: string, secret: string, faults: string[]): string {
  const bytes = Buffer.byteLength(secret)
  if (secret.startsWith('example-')) faults.push(`${name} is the example of .env.example; make your own.`)
  else if (secret && bytes < 32) faults.push(`${name} has ${bytes} bytes; it needs at least 32.`)
  return secret
}

function readKeys(source: NodeJS.ProcessEnv, faults: string[]): VerificationKey[] {
  const value = readSecret(source, 'ACCESS_TOKEN_KEYS', faults)
  const keys = value ? value.split(',').map(entry => readKey(entry, faults)) : []
  if (new Set(keys.map(key => key.kid)).size < keys.length)
    faults.push('ACCESS_TOKEN_KEYS names one kid twice.')
  return keys
}

function readKey(entry: string, faults: string[]): VerificationKey {
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

function readOrigin(source: NodeJS.ProcessEnv, name: string, fallback: string, faults: string[]): string {
  const value = source[name] || fallback
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !/^https?:$/.test(url.protocol) || (url.origin !== value && `${url.origin}/` !== value)) {
    faults.push(`${name} must be an origin such as https://todo.example.org, without a path.`)
    return fallback
  }
  return url.origin
}

function readUrl(source: NodeJS.ProcessEnv, name: string, fallback: string, faults: string[]): string {
  const value = source[name] || fallback
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
  faults.push(`${name} must be an address such as https://todo.example.org/api/auth/revocations.`)
  return fallback
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
