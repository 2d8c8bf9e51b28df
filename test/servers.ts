// Issuers and APIs as their own processes on one fresh database, as `npm run issuer` and `npm run api` start them.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { freePort, freePorts } from './free-port.ts'
import { launch, type Product, root, start } from './product.ts'

type Part = 'issuer' | 'api'
type Output = { stdout: string; stderr: string }

export interface Servers {
  database: TestDatabase
  /** The public address of all issuers; the first of them listens there. */
  issuerUrl: string
  issuers: Product[]
  apis: Product[]
  /** The files of ACCESS_TOKEN_KEYS and AUTH_SECRET. */
  files: { keys: string; auth: string }
  pids(): string
  /** One API more, following the issuer with this number; not waited for. */
  launchApi(issuer: number): Promise<Product>
  /** Runs a command of the operator, with the environment of the issuers. */
  command(file: string, ...args: string[]): Promise<Output>
  migrate(adminUrl: string): Promise<Output>
  close(): Promise<void>
}

interface Settings {
  issuers?: number
  apis?: number
  env?: NodeJS.ProcessEnv
}

export async function startServers({ issuers = 1, apis = 1, env = {} }: Settings = {}): Promise<Servers> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-servers-'))
  const files = { keys: join(folder, 'keys'), auth: join(folder, 'auth') }
  await writeFile(files.keys, `first:${secret()}\n`)
  await writeFile(files.auth, secret())
  const issuerPorts = await freePorts(issuers)
  const apiPorts = await freePorts(apis)
  const issuerUrl = urlAt(issuerPorts[0]!)
  const shared = {
    ISSUER_URL: issuerUrl,
    API_URL: apis > 0 ? urlAt(apiPorts[0]!) : issuerUrl,
    ISSUER_DATABASE_URL: database.issuerUrl,
    API_DATABASE_URL: database.apiUrl,
    ACCESS_TOKEN_KEYS_FILE: files.keys,
    AUTH_SECRET_FILE: files.auth,
    REVOCATION_FEED_SECRET: secret(),
    LIMIT_ATTEMPTS_PER_MINUTE: '1000000',
    ...env,
  }
  const place = (port: number) => ({
    port,
    url: urlAt(port),
    dataDir: join(folder, 'none'),
    remove: async () => {},
  })
  const how = (part: Part, more: NodeJS.ProcessEnv = {}) => ({
    command: ['node', 'standalone/src/serve.ts', part],
    env: { ...shared, ...more },
  })
  /** The last API follows the first issuer, the one before it the second, and so on. */
  const feedOf = (issuer: number) => ({
    REVOCATION_FEED_URL: `${urlAt(issuerPorts[issuer]!)}/api/auth/revocations`,
  })

  const started: Product[] = []
  const startAll = async (ports: number[], part: Part, more: (index: number) => NodeJS.ProcessEnv) => {
    const products = await Promise.all(ports.map((port, index) => start(place(port), how(part, more(index)))))
    started.push(...products)
    return products
  }
  const runningIssuers = await startAll(issuerPorts, 'issuer', () => ({}))
  const runningApis = await startAll(apiPorts, 'api', index => feedOf((apis - 1 - index) % issuers))

  return {
    database,
    issuerUrl,
    issuers: runningIssuers,
    apis: runningApis,
    files,
    pids: () => started.map(({ pid }) => pid).join(','),
    launchApi: async issuer => {
      const product = launch(place(await freePort()), how('api', feedOf(issuer)))
      started.push(product)
      return product
    },
    migrate: adminUrl => {
      const env = { PATH: process.env.PATH, DATABASE_URL: adminUrl }
      return promisify(execFile)('node', ['standalone/src/migrate.ts'], { cwd: root, env })
    },
    command: (file, ...args) => {
      const all = { PATH: process.env.PATH, DATA_DIR: join(folder, 'none'), ...shared }
      return promisify(execFile)('node', [`standalone/src/${file}`, ...args], { cwd: root, env: all })
    },
    close: async () => {
      for (const product of started) product.kill('SIGKILL')
      await Promise.all(started.map(({ exit }) => exit))
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

const secret = () => randomBytes(32).toString('base64url')
const urlAt = (port: number) => `http://localhost:${port}`
