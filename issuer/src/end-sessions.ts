import type { Logger } from 'pino'
import { type Database, openDatabase } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { createNotifications } from './notifications.ts'
import { createRevocations } from './revocations.ts'

/** As many as one statement ends well within its time limit. */
const AT_ONCE = 100_000

/**
 * For whoever runs the server: ends every session of one account, or of everyone; returns how many there were, once
 * no API accepts a token of them. Null when there is no such account.
 */
export async function endSessions(
  env: Pick<IssuerEnv, 'databaseUrl'>,
  whose: { email: string } | 'everyone',
  log: Logger,
): Promise<number | null> {
  const db = openDatabase(env.databaseUrl)
  const notifications = createNotifications(env.databaseUrl)
  try {
    await notifications.connect()
    const ended = whose === 'everyone' ? await endAll(db) : await endOf(db, whose.email.toLowerCase())
    if (ended !== null) await createRevocations({ db, notifications, log, retentionMs: 0 }).barrier()
    return ended
  } finally {
    await notifications.close()
    await db.destroy()
  }
}

async function endAll(db: Database): Promise<number> {
  const some = db.selectFrom('auth.session').select('id').limit(AT_ONCE)
  for (let ended = 0; ; ) {
    const { numDeletedRows } = await db.deleteFrom('auth.session').where('id', 'in', some).executeTakeFirst()
    ended += Number(numDeletedRows)
    if (numDeletedRows < AT_ONCE) return ended
  }
}

async function endOf(db: Database, email: string): Promise<number | null> {
  const user = await db.selectFrom('auth.user').select('id').where('email', '=', email).executeTakeFirst()
  if (!user) return null
  const ending = db.deleteFrom('auth.session').where('userId', '=', user.id)
  return Number((await ending.executeTakeFirst()).numDeletedRows)
}
