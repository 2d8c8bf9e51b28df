// One issuer, our API and the Python one on one fresh database, each a process of its own.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { freePort } from '../../../test/free-port.ts'
import { type Product, start } from '../../../test/product.ts'
import { python } from './python.ts'

export interface Deployment {
  issuerUrl: string
  database: TestDatabase
  /** Better Auth's answers, the page and the feed. */
  issuer: Product
  ours: Product
  theirs: Product
  /** What all of them were given. */
  env: NodeJS.ProcessEnv
  close(): Promise<void>
}

/** `given` to all of them, and `pythons` to the Python API alone. */
export async function deploy(
  given: NodeJS.ProcessEnv = {},
  pythons: NodeJS.ProcessEnv = {},
): Promise<Deployment> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-fastapi-'))
  const [issuerPort, ourPort, theirPort] = [await freePort(), await freePort(), await freePort()]
  const issuerUrl = `http://localhost:${issuerPort}`
  const env = {
    ISSUER_URL: issuerUrl,
    API_URL: `http://localhost:${theirPort}`,
    API_FEATURES: '',
    ISSUER_DATABASE_URL: database.issuerUrl,
    API_DATABASE_URL: database.apiUrl,
    ACCESS_TOKEN_KEYS: `first:${secret()}`,
    AUTH_SECRET: secret(),
    REVOCATION_FEED_SECRET: secret(),
    LIMIT_ATTEMPTS_PER_MINUTE: '1000000',
    ...given,
  }
  const run = (port: number, command: string[], more: NodeJS.ProcessEnv = {}) => {
    const place = {
      port,
      url: `http://localhost:${port}`,
      dataDir: join(folder, 'none'),
      remove: async () => {},
    }
    return start(place, { command, env: { ...env, ...more } })
  }
  const issuer = await run(issuerPort, ['node', 'standalone/src/serve.ts', 'issuer'])
  const ours = await run(ourPort, ['node', 'standalone/src/serve.ts', 'api'])
  const theirs = await run(theirPort, [python, '-m', 'latchkey_tasks'], pythons)
  const products = [theirs, ours, issuer]
  return {
    issuerUrl,
    database,
    issuer,
    ours,
    theirs,
    env,
    close: async () => {
      for (const product of products) product.kill('SIGKILL')
      await Promise.all(products.map(({ exit }) => exit))
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

const secret = () => randomBytes(32).toString('base64url')
