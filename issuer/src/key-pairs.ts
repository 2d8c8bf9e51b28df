import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import type { Logger } from 'pino'
import { createAuth } from './auth.ts'
import { openDatabase } from './database.ts'
import type { IssuerEnv } from './env.ts'

/** From its announcement until a key signs: the APIs read the key set every minute. */
const ANNOUNCED_MS = 90_000

export interface KeyPair {
  kid: string
  /** When it begins, or began, to sign. */
  signsFrom: Date
}

/** The EdDSA key pairs in the database, for whoever runs the server: the newest whose time has come signs. */
export function openKeyPairs(env: IssuerEnv, log: Logger) {
  const db = openDatabase(env.databaseUrl)
  const { auth, accessTokens } = createAuth({ env, db, log })

  /** Newest first. */
  async function list(): Promise<KeyPair[]> {
    const rows = await db.selectFrom('auth.jwks').selectAll().orderBy('createdAt', 'desc').execute()
    return rows.map(({ id, createdAt }) => ({ kid: id, signsFrom: createdAt }))
  }

  /** Published at once, by every issuer; signs as soon as every API has had the time to read it. */
  async function announce({ at = new Date(Date.now() + ANNOUNCED_MS) } = {}): Promise<KeyPair> {
    await accessTokens.announceKeyPair({ context: await auth.$context } as never, at)
    return (await list())[0]!
  }

  async function retire(kids: string[]): Promise<void> {
    if (kids.length > 0) await db.deleteFrom('auth.jwks').where('id', 'in', kids).execute()
  }

  /** Encrypts every private key with the first of Better Auth's secrets, so that the others can go. */
  async function reseal(): Promise<void> {
    const { secretConfig: key } = await auth.$context
    for (const { id, privateKey } of await db.selectFrom('auth.jwks').selectAll().execute()) {
      const data = await symmetricDecrypt({ key, data: JSON.parse(privateKey) })
      const sealed = JSON.stringify(await symmetricEncrypt({ key, data }))
      await db.updateTable('auth.jwks').set({ privateKey: sealed }).where('id', '=', id).execute()
    }
  }

  return { list, announce, retire, reseal, close: () => db.destroy() }
}
