// Two issuers, three APIs, PostgreSQL, and a proxy of its own on every way between them.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts } from '../test/free-port.ts'
import { type ChaosPostgres, createPostgres } from './postgres.ts'
import { type ChaosProxy, createProxy } from './proxy.ts'
import { commandOf, createServer, type Server as ServerProcess } from './server.ts'

export interface Server extends ServerProcess {
  /** Its way to PostgreSQL. */
  database: ChaosProxy
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

  const at = (role: 'issuer' | 'api', index: number, port: number, env: NodeJS.ProcessEnv) => {
    const name = `${role}-${index + 1}`
    return createServer({ name, command: commandOf(role), port, env, logFile: join(home, `${name}.log`) })
  }
  const issuer = async (index: number): Promise<Server> => {
    const database = await createProxy({ path: postgres.socket })
    const env = { ...shared, ISSUER_DATABASE_URL: postgres.urlThrough(database.port, 'issuer') }
    return Object.assign(at('issuer', index, ports[index]!, env), { database })
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
    return Object.assign(at('api', index, ports[index + 2]!, env), { database, feed })
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
