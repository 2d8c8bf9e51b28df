import { sql } from 'kysely'
import type { Logger } from 'pino'
import { type Connection, createIssuer } from './app.ts'
import { createAuth } from './auth.ts'
import { openDatabase } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createNotifications } from './notifications.ts'
import { createPage } from './page.ts'
import { createRevocations } from './revocations.ts'

export { type EnvReading, type IssuerEnv, readIssuerEnv } from './env.ts'
export { resetPassword } from './reset-password.ts'

export interface App {
  fetch(request: Request, connection: Connection): Promise<Response>
  ready(): Promise<boolean>
  close(): Promise<void>
}

/** What a revocation is kept beyond the life of the tokens it is about. */
const RETENTION_SLACK_SECONDS = 600

/** Wires the issuer and starts it, on a migrated database. Rejects when its own tokens fail the self-test. */
export async function openIssuer(
  env: IssuerEnv,
  { log, pageFolder }: { log: Logger; pageFolder?: string },
): Promise<App> {
  const retentionMs = (env.ttl + RETENTION_SLACK_SECONDS) * 1000
  const db = openDatabase(env.databaseUrl)
  // Its own: however many sign-ups hold a connection, polls and barriers do not queue behind them.
  const revocationsDb = openDatabase(env.databaseUrl)
  const notifications = createNotifications(env.databaseUrl)
  const revocations = createRevocations({ db: revocationsDb, notifications, log, retentionMs })
  const { auth, accessTokens } = createAuth({ env, db, log })
  const page = createPage(pageFolder ?? '', env)
  const issuer = createIssuer({ env, auth, revocations, page, log })

  async function closeDatabase(): Promise<void> {
    await notifications.close()
    await Promise.all([db.destroy(), revocationsDb.destroy()])
  }

  try {
    await notifications.connect()
    await revocations.noteEpoch()
    await accessTokens.selfTest({ context: await auth.$context } as never, () => readJwks(auth.handler, env))
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
  log.info({ event: 'sys_startup', part: 'issuer', alg: env.algorithm }, 'issuer started')

  return {
    fetch: issuer.fetch,
    async ready() {
      const answered = await sql`select 1`.execute(db).then(
        () => true,
        () => false,
      )
      return answered && (!pageFolder || page.ready())
    },
    async close() {
      stopHousekeeping()
      await closeDatabase()
    },
  }
}

async function readJwks(handler: (request: Request) => Promise<Response>, env: IssuerEnv): Promise<unknown> {
  return await (await handler(new Request(`${env.issuerUrl}/api/auth/jwks`))).json()
}
