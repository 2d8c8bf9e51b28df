// The variables of the one-command start, on top of those of issuer and API.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ApiEnv, readApiEnv } from '@latchkey/api'
import { type IssuerEnv, readIssuerEnv } from '@latchkey/issuer'
import { StartError } from './start-error.ts'

export interface StandaloneEnv {
  readonly dataDir: string
  /** The administrator of a PostgreSQL to use; null: the embedded one. */
  readonly databaseUrl: string | null
  readonly issuerDatabaseUrl: string | null
  readonly apiDatabaseUrl: string | null
}

/** Reads what it can and lists everything that is wrong, a sentence each. */
export function readStandaloneEnv(source: NodeJS.ProcessEnv): { env: StandaloneEnv; faults: string[] } {
  const faults: string[] = []
  if (source.PORT && Number(source.PORT) === 0)
    faults.push('PORT must be a port: the address is made from it.')
  const env: StandaloneEnv = {
    dataDir: resolve(source.DATA_DIR || './.data'),
    databaseUrl: readDatabaseUrl(source, 'DATABASE_URL', faults),
    issuerDatabaseUrl: readDatabaseUrl(source, 'ISSUER_DATABASE_URL', faults),
    apiDatabaseUrl: readDatabaseUrl(source, 'API_DATABASE_URL', faults),
  }
  return { env: Object.freeze(env), faults }
}

/** Beside an embedded server, the URL of another one can only be a mistake. */
export function findLonelyUrls(env: StandaloneEnv): string[] {
  const isLonely = !env.databaseUrl && (env.issuerDatabaseUrl || env.apiDatabaseUrl)
  return isLonely ? ['ISSUER_DATABASE_URL and API_DATABASE_URL need DATABASE_URL beside them.'] : []
}

export type AppEnvs = { issuer: IssuerEnv; api: ApiEnv }

/**
 * What issuer and API make of the same variables. Their databases are not there yet: both URLs are put in later.
 * Throws one line for each fault, those found so far included.
 */
export function readAppEnvs(
  source: NodeJS.ProcessEnv,
  faults: readonly string[],
  { API_FEATURES }: { API_FEATURES?: string } = {},
): AppEnvs {
  const later = {
    ISSUER_DATABASE_URL: 'postgres://later',
    ISSUER_DATABASE_URL_FILE: undefined,
    API_DATABASE_URL: 'postgres://later',
    API_DATABASE_URL_FILE: undefined,
    // The API beside it is ours, which offers them all, unless the start says which it is.
    API_FEATURES,
  }
  const issuer = readIssuerEnv({ ...source, ...later })
  const api = readApiEnv({ ...source, ...later })
  const all = new Set([...faults, ...issuer.faults, ...api.faults])
  if (issuer.env && api.env && all.size === 0) return { issuer: issuer.env, api: api.env }
  throw new StartError([...all].join('\n'))
}

/** The fault never repeats the value: it holds a password. */
function readDatabaseUrl(source: NodeJS.ProcessEnv, name: string, faults: string[]): string | null {
  const value = source[name] || readNamedFile(source, name, faults)
  if (!value) return null
  if (isDatabaseUrl(value)) return value
  faults.push(noDatabaseUrl(name))
  return null
}

export function isDatabaseUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null
  return (
    url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1
  )
}

export const noDatabaseUrl = (name: string) =>
  `${name} must read postgres://user:password@host:5432/database.`

function readNamedFile(source: NodeJS.ProcessEnv, name: string, faults: string[]): string | null {
  const path = source[`${name}_FILE`]
  if (!path) return null
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    faults.push(`${name}_FILE names a file that cannot be read.`)
    return null
  }
}
