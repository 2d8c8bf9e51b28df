import type { Logger } from 'pino'
import { createAccessTokenVerifier, createSharedKeys } from './access-token.ts'
import { createApi } from './app.ts'
import { createDatabase } from './database.ts'
import { type ApiEnv, readApiEnv } from './env.ts'
import { createKeySet } from './key-set.ts'
import { createPageCursors } from './page-cursor.ts'
import { type Clocks, createRevocationReader } from './revocations.ts'
import { createServer } from './server.ts'

export type { ApiEnv } from './env.ts'
export { readApiEnv } from './env.ts'

export interface App {
  fetch(request: Request, connection: { remoteAddress: string }): Promise<Response>
  ready(): Promise<boolean>
  close(): Promise<void>
}

interface Parts {
  log: Logger
  /** Reaches the issuer: its revocation feed, and its key set. */
  fetch?: typeof globalThis.fetch
}

const CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() }

/** Wires the API together and starts to listen to the issuer; it is ready once the first snapshot is here. */
export async function openApi(env: ApiEnv, { log, fetch = globalThis.fetch }: Parts): Promise<App> {
  const revocations = createRevocationReader({
    url: env.feedUrl,
    secret: env.feedSecret,
    ttl: env.ttl,
    clocks: CLOCKS,
    fetch,
    log,
  })
  const keySet = createKeySet({ url: `${env.issuerUrl}/api/auth/jwks`, fetch, log })
  const database = createDatabase({ url: env.databaseUrl, log })
  const keys = env.algorithm === 'HS256' ? await createSharedKeys(env.keys) : keySet
  const ready = async () => revocations.ready() && keys.loaded() && (await database.reachable())
  const verifyAccessToken = createAccessTokenVerifier({
    algorithm: env.algorithm,
    keys,
    issuer: env.issuerUrl,
    audience: env.audience,
    ttl: env.ttl,
    revocations,
  })
  const cursors = createPageCursors(env.feedSecret)
  const api = createApi({
    env,
    verifyAccessToken,
    database,
    cursors,
    ready,
    log,
    monotonic: CLOCKS.monotonic,
  })

  revocations.start()
  if (env.algorithm === 'EdDSA') keySet.start()
  return {
    fetch: api.fetch,
    ready,
    close: async () => {
      await Promise.all([revocations.close(), keySet.close(), database.close()])
    },
  }
}

async function run(): Promise<void> {
  const { pino } = await import('pino')
  const { env, faults } = readApiEnv(process.env)
  if (!env) {
    for (const fault of faults) console.error(fault)
    process.exit(1)
  }
  const log = pino({
    level: env.logLevel,
    base: { service: 'api' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: level => ({ level }) },
  })
  const api = await openApi(env, { log })
  const server = createServer(api.fetch, { log, https: env.apiUrl.startsWith('https:') })
  const { port } = await server.listen(env)
  log.info({ event: 'sys_startup', host: env.host, port }, 'The API listens')

  const stop = async () => {
    log.info({ event: 'sys_shutdown' }, 'The API stops')
    await server.close()
    await api.close()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

if (import.meta.main) await run()
