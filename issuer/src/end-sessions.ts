import type { Logger } from 'pino'
import { openDatabase } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { createNotifications } from './notifications.ts'
import { createRevocations } from './revocations.ts'

/**
 * For whoever runs the server: ends every session of one account, or of everyone, in one statement; returns how
 * many there were, once no API accepts a token of them. Null when there is no such account.
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
    let ending = db.deleteFrom('auth.session')
    if (whose !== 'everyone') {
      const email = whose.email.toLowerCase()
      const user = await db.selectFrom('auth.user').select('id').where('email', '=', email).executeTakeFirst()
      if (!user) return null
      ending = ending.where('userId', '=', user.id)
    }
    const { numDeletedRows } = await ending.executeTakeFirst()
    await createRevocations({ db, notifications, log, retentionMs: 0 }).barrier()
    return Number(numDeletedRows)
  } finally {
    await notifications.close()
    await db.destroy()
  }
}
