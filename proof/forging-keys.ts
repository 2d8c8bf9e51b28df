import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { withClient } from '../standalone/src/database.ts'
import type { ForgingKey } from './deployment.ts'

/** The keys of ACCESS_TOKEN_KEYS: the first signs, all verify. */
export async function readKeyFile(path: string): Promise<ForgingKey[]> {
  const entries = (await readFile(path, 'utf8')).trim().split(',')
  return entries.map(entry => {
    const [kid = '', secret = ''] = entry.split(':')
    return { kid, secret }
  })
}

/** Older than any of the issuer's own, the newest of which signs: a pair of this time is published and no more. */
const NEVER_SIGNS = '2000-01-01T00:00:00Z'

/** Publishes a throw-away pair in the issuer's JWKS: its private key is the kit's alone. */
export async function publishKeyPair(adminUrl: string): Promise<ForgingKey> {
  const kid = randomUUID()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await withClient(adminUrl, client =>
    client.query(
      `insert into auth.jwks (id, "publicKey", "privateKey", "createdAt", alg, crv)
       values ($1, $2, 'not the issuer''s', $3, 'EdDSA', 'Ed25519')`,
      [kid, JSON.stringify(publicKey.export({ format: 'jwk' })), NEVER_SIGNS],
    ),
  )
  return { kid, secret: privateKey.export({ format: 'jwk' }) }
}
