import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import { openDatabase } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { createNotifications } from './notifications.ts'
import { createPasswordHasher } from './password.ts'
import { createRevocations } from './revocations.ts'

// Without 0, 1, l and o: it is read from a screen and typed.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/**
 * For whoever runs the server, and people without mail: gives the account a new random password and ends all its
 * sessions; returns when no API accepts a token of them. Null when there is no such account.
 */
export async function resetPassword(
  env: Pick<IssuerEnv, 'databaseUrl'>,
  email: string,
  log: Logger,
): Promise<string | null> {
  const db = openDatabase(env.databaseUrl)
  const notifications = createNotifications(env.databaseUrl)
  try {
    await notifications.connect()
    const password = randomPassword()
    const hash = await createPasswordHasher().hash(password)
    // The trigger on auth.account ends every session of the account in the same transaction.
    const { numUpdatedRows } = await db
      .updateTable('auth.account')
      .set({ password: hash })
      .where('providerId', '=', 'credential')
      .where('userId', 'in', db.selectFrom('auth.user').select('id').where('email', '=', email.toLowerCase()))
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return null
    await createRevocations({ db, notifications, log, retentionMs: 0 }).barrier()
    log.warn({ event: 'authn_password_reset' }, 'a password was reset from the command line')
    return password
  } finally {
    await notifications.close()
    await db.destroy()
  }
}

function randomPassword(): string {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
