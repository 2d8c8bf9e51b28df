// What nobody gave in the environment is made on the first run and kept in the data folder, for its owner alone.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'

const random = () => randomBytes(32).toString('base64url')

export const makeSecret = random
export const makeKey = () => `${randomBytes(6).toString('hex')}:${random()}`

/** Variable, file and first value of the secrets that issuer and API read through `…_FILE`. */
const variables = [
  { variable: 'AUTH_SECRET', file: 'auth-secret', make: makeSecret },
  { variable: 'ACCESS_TOKEN_KEYS', file: 'access-token-keys', make: makeKey },
  { variable: 'REVOCATION_FEED_SECRET', file: 'revocation-feed-secret', make: random },
]

/** Where the data folder keeps what issuer and API read through this variable. */
export function secretPath(dataDir: string, variable: string): string {
  return join(dataDir, 'secrets', variables.find(entry => entry.variable === variable)!.file)
}

export type Secrets = {
  /** `NAME_FILE` variables for what the environment does not give. */
  files: Record<string, string>
  databasePasswords: { administrator: string; issuer: string; api: string }
}

export async function prepareSecrets(dataDir: string, source: NodeJS.ProcessEnv): Promise<Secrets> {
  const folder = join(dataDir, 'secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const files: Record<string, string> = {}
  for (const { variable, file, make } of variables) {
    const isGiven = source[variable] || source[`${variable}_FILE`]
    if (!isGiven) files[`${variable}_FILE`] = await keepSecret(join(folder, file), make)
  }
  const password = async (name: string) => readFile(await keepSecret(join(folder, name), random), 'utf8')
  return {
    files,
    databasePasswords: {
      administrator: await password('database-password'),
      issuer: await password('issuer-database-password'),
      api: await password('api-database-password'),
    },
  }
}

async function keepSecret(path: string, make: () => string): Promise<string> {
  try {
    await chmod(path, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await writeDurably(path, make())
  }
  return path
}
