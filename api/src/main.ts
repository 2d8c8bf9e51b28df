import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { createAccessTokenVerifier, createSharedKeys } from './access-token.ts'
import { createApi } from './app.ts'
import { createDatabase } from './database.ts'
import type { ApiEnv } from './env.ts'
import { createKeySet } from './key-set.ts'
import { createMetrics } from './metrics.ts'
import { createPageCursors } from './page-cursor.ts'
import { type Clocks, createRevocationReader } from './revocations.ts'
import { startPurging } from './trash.ts'

export type { ApiEnv } from './env.ts'
export { readApiEnv } from './env.ts'

export interface App {
  fetch(request: Request, connection: { remoteAddress: string }): Promise<Response>
  ready(): Promise<boolean>
  /** Goes on with other keys; under EdDSA it looks at the issuer's key set now. */
  useKeys(keys: ApiEnv['keys']): Promise<void>
  close(): Promise<void>
}

interface Parts {
  log: Logger
  /** Reaches the issuer: its revocation feed, and its key set. */
  fetch?: typeof globalThis.fetch
  /** Where its figures are collected, for whoever shows them. */
  registry?: Registry
}

const CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() }

/** Wires the API together and starts to listen to the issuer; it is ready once the first snapshot is here. */
export async function openApi(
  env: ApiEnv,
  { log, fetch = globalThis.fetch, registry = new Registry() }: Parts,
): Promise<App> {
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
  const sharedKeys = await createSharedKeys(env.keys)
  const keys = env.algorithm === 'HS256' ? sharedKeys : keySet
  const ready = async () => revocations.ready() && keys.loaded() && (await database.reachable())
  const verifyAccessToken = createAccessTokenVerifier({
    algorithm: env.algorithm,
    keys,
    issuer: env.issuerUrl,
    audience: env.audience,
    ttl: env.ttl,
    revocations,
  })
  const metrics = createMetrics(registry, {
    pool: database.pool,
    leaseAge: revocations.leaseAge,
    revokedSessions: revocations.size,
    verifiedTokens: verifyAccessToken.remembered,
  })
  const cursors = createPageCursors(env.feedSecret)
  const api = createApi({
    env,
    verifyAccessToken,
    database,
    cursors,
    ready,
    log,
    metrics,
    monotonic: CLOCKS.monotonic,
  })

  revocations.start()
  if (env.algorithm === 'EdDSA') keySet.start()
  const purging = startPurging(database, log)
  log.info({ event: 'sys_startup', part: 'api', alg: env.algorithm }, 'API started')
  return {
    fetch: api.fetch,
    ready,
    useKeys: ring => (env.algorithm === 'HS256' ? sharedKeys.replace(ring) : keySet.refresh()),
    close: async () => {
      await purging.stop()
      await Promise.all([revocations.close(), keySet.close(), database.close()])
    },
  }
}
