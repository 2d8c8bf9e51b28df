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

/** Long after any run, and ended already: a pair like this is published, and never signs for the issuer. */
const NEVER_SIGNS = '2100-01-01T00:00:00Z'

/** Publishes a throw-away pair in the issuer's JWKS: its private key is the kit's alone. */
export async function publishKeyPair(adminUrl: string): Promise<ForgingKey> {
  const kid = randomUUID()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await withClient(adminUrl, client =>
    client.query(
      `insert into auth.jwks (id, "publicKey", "privateKey", "createdAt", "expiresAt", alg, crv)
       values ($1, $2, 'not the issuer''s', $3, now(), 'EdDSA', 'Ed25519')`,
      [kid, JSON.stringify(publicKey.export({ format: 'jwk' })), NEVER_SIGNS],
    ),
  )
  return { kid, secret: privateKey.export({ format: 'jwk' }) }
}
