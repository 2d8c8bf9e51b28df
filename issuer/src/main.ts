import { sql } from 'kysely'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { type Connection, createIssuer } from './app.ts'
import { createAuth } from './auth.ts'
import { createClock } from './clock.ts'
import { createConnectionPool, createPulse, openDatabase } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createMetrics } from './metrics.ts'
import { createNotifications } from './notifications.ts'
import { createPage } from './page.ts'
import { createPasswordHasher } from './password.ts'
import { createRevocations } from './revocations.ts'

export { endSessions } from './end-sessions.ts'
export { type EnvReading, type IssuerEnv, readIssuerEnv } from './env.ts'
export { type KeyPair, openKeyPairs } from './key-pairs.ts'
export { resetPassword } from './reset-password.ts'

export interface App {
  fetch(request: Request, connection: Connection): Promise<Response>
  ready(): Promise<boolean>
  /** Goes on with other keys and secrets; rejects, and changes nothing, when a token made with them is no good. */
  useKeys(keys: Pick<IssuerEnv, 'keys' | 'authSecrets'>): Promise<void>
  close(): Promise<void>
}

interface Parts {
  log: Logger
  pageFolder?: string
  /** Where its figures are collected, for whoever shows them. */
  registry?: Registry
}

/** What a revocation is kept beyond the life of the tokens it is about. */
const RETENTION_SLACK_SECONDS = 600

/** Wires the issuer and starts it, on a migrated database. Rejects when its own tokens fail the self-test. */
export async function openIssuer(
  env: IssuerEnv,
  { log, pageFolder, registry = new Registry() }: Parts,
): Promise<App> {
  const retentionMs = (env.ttl + RETENTION_SLACK_SECONDS) * 1000
  const pulse = createPulse()
  const pool = createConnectionPool(env.databaseUrl, pulse)
  const db = openDatabase(env.databaseUrl, pool)
  // Its own: however many sign-ups hold a connection, polls and barriers do not queue behind them.
  const revocationsDb = openDatabase(env.databaseUrl, createConnectionPool(env.databaseUrl, pulse))
  const notifications = createNotifications(env.databaseUrl)
  const clock = createClock(revocationsDb)
  const { now } = clock
  const revocations = createRevocations({ db: revocationsDb, notifications, log, retentionMs, now })
  const passwords = createPasswordHasher()
  let current = createAuth({ env, db, log, passwords, now })
  const page = createPage(pageFolder ?? '', env)
  const metrics = createMetrics(registry, {
    pool: pool.figures,
    passwords: passwords.figures,
    leases: revocations.leases,
  })
  const issuer = createIssuer({
    env,
    current: () => current,
    revocations,
    page,
    log,
    metrics,
    excess: pool.excess,
  })

  async function closeDatabase(): Promise<void> {
    await notifications.close()
    await Promise.all([db.destroy(), revocationsDb.destroy()])
  }

  try {
    await notifications.connect()
    await revocations.noteEpoch()
    await clock.look()
    await selfTest(current, env)
  } catch (error) {
    await closeDatabase()
    throw error
  }
  const stopHousekeeping = createHousekeeping(db, retentionMs).start(error =>
    log.warn(
      { event: 'sys_housekeeping_fail', error: (error as Error).name },
      'housekeeping failed, tried again',
    ),
  )
  const stopClock = clock.start()
  log.info({ event: 'sys_startup', part: 'issuer', alg: env.algorithm }, 'issuer started')

  return {
    fetch: issuer.fetch,
    async ready() {
      // On the connections of the feed: a crowd of other requests does not make the issuer unready.
      const answered = await sql`select 1`.execute(revocationsDb).then(
        () => true,
        () => false,
      )
      return answered && (!pageFolder || page.ready())
    },
    async useKeys({ keys, authSecrets }) {
      const changed = { ...env, keys, authSecrets }
      const next = createAuth({ env: changed, db, log, passwords, now })
      await selfTest(next, changed)
      current = next
    },
    async close() {
      stopHousekeeping()
      stopClock()
      await closeDatabase()
    },
  }
}

async function selfTest(
  { auth, accessTokens }: ReturnType<typeof createAuth>,
  env: IssuerEnv,
): Promise<void> {
  const readJwks = async () =>
    await (await auth.handler(new Request(`${env.issuerUrl}/api/auth/jwks`))).json()
  await accessTokens.selfTest({ context: await auth.$context } as never, readJwks)
}
