// Two issuers, three APIs, PostgreSQL, and a proxy of its own on every way between them.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'
import { type ChaosPostgres, createPostgres } from './postgres.ts'
import { isAlive, type Process, startProcess } from './processes.ts'
import { type ChaosProxy, createProxy } from './proxy.ts'

export interface Server {
  name: string
  url: string
  /** Its way to PostgreSQL. */
  database: ChaosProxy
  start(options?: { env?: NodeJS.ProcessEnv; pipe?: boolean }): Promise<void>
  /** With SIGTERM, or with SIGKILL. */
  stop(how?: { force: boolean }): Promise<void>
  readonly process: Process
}

export interface Api extends Server {
  /** Its way to the revocation feed. */
  feed: ChaosProxy
}

export interface Deployment {
  home: string
  postgres: ChaosPostgres
  issuers: readonly [Server, Server]
  apis: readonly [Api, Api, Api]
  servers: readonly Server[]
  /** The name under which all issuers issue. */
  issuerUrl: string
  secrets: { ACCESS_TOKEN_KEYS: string; REVOCATION_FEED_SECRET: string; AUTH_SECRET: string }
  audience: string
  close(): Promise<void>
}

const secret = () => randomBytes(32).toString('base64url')

export async function openDeployment(home: string): Promise<Deployment> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const postgres = await createPostgres(home)
  await postgres.start()
  const secrets = {
    AUTH_SECRET: secret(),
    REVOCATION_FEED_SECRET: secret(),
    ACCESS_TOKEN_KEYS: `chaos:${secret()}`,
  }
  const ports = await freePorts(5)
  const issuerUrl = `http://127.0.0.1:${ports[0]}`
  const shared = { ...secrets, ISSUER_URL: issuerUrl, LIMIT_ATTEMPTS_PER_MINUTE: '1000000' }

  const issuer = async (index: number): Promise<Server> => {
    const database = await createProxy({ path: postgres.socket })
    const env = { ...shared, ISSUER_DATABASE_URL: postgres.urlThrough(database.port, 'issuer') }
    return createServer(home, 'issuer', index, { port: ports[index]!, database, env })
  }
  const api = async (index: number): Promise<Api> => {
    const database = await createProxy({ path: postgres.socket })
    // Two follow the first issuer and one the second: what one issuer hears, the other's APIs must know.
    const feed = await createProxy({ port: ports[index === 2 ? 1 : 0]! })
    const env = {
      ...shared,
      API_DATABASE_URL: postgres.urlThrough(database.port, 'api'),
      REVOCATION_FEED_URL: `http://127.0.0.1:${feed.port}/api/auth/revocations`,
    }
    const server = createServer(home, 'api', index, { port: ports[index + 2]!, database, env })
    return Object.assign(server, { feed })
  }

  const issuers = [await issuer(0), await issuer(1)] as const
  const apis = [await api(0), await api(1), await api(2)] as const
  const servers = [...issuers, ...apis]
  const proxies = [...servers.map(server => server.database), ...apis.map(server => server.feed)]
  const close = async () => {
    await Promise.all(servers.map(server => server.stop({ force: true }).catch(() => {})))
    for (const proxy of proxies) await proxy.close()
    if (postgres.isRunning()) postgres.resume()
    await postgres.kill()
  }
  try {
    await Promise.all(servers.map(server => server.start()))
  } catch (error) {
    await close()
    throw error
  }
  return {
    home,
    postgres,
    issuers,
    apis,
    servers,
    issuerUrl,
    secrets,
    audience: 'latchkey-api',
    close,
  }
}

type Place = { port: number; database: ChaosProxy; env: NodeJS.ProcessEnv }

function createServer(home: string, role: 'issuer' | 'api', index: number, place: Place): Server {
  const name = `${role}-${index + 1}`
  const url = `http://127.0.0.1:${place.port}`
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(place.port), API_URL: url }
  let running: Process | null = null

  return {
    name,
    url,
    database: place.database,
    async start({ env = {}, pipe = false } = {}) {
      running = await startProcess([process.execPath, 'standalone/src/serve.ts', role], {
        env: { ...own, ...place.env, ...env },
        logFile: join(home, `${name}.log`),
        pipe,
      })
      await untilReady(name, url, running)
    },
    async stop({ force } = { force: false }) {
      if (!running?.isRunning()) return
      running.signal('SIGCONT')
      running.signal(force ? 'SIGKILL' : 'SIGTERM')
      await running.exit
      while (isAlive(running.pid)) await sleep(5)
    },
    get process() {
      return running!
    },
  }
}

async function untilReady(name: string, url: string, process: Process): Promise<void> {
  const deadline = performance.now() + 60_000
  while (process.isRunning() && performance.now() < deadline) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await sleep(10)
  }
  throw new Error(`${name} did not become ready`)
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
