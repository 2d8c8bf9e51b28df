import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  createAccessTokenVerifier,
  createSharedKeys,
  readKeySet,
  type Verdict,
  type VerificationKeys,
} from '../api/src/access-token.ts'
import { asText, type makeVectors } from '../vectors/generate.ts'

const vectors: ReturnType<typeof makeVectors> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../vectors/access-tokens.json'), 'utf8'),
)

test('the vectors are those their script makes', () => {
  const text = readFileSync(join(import.meta.dirname, '../vectors/access-tokens.json'), 'utf8')
  assert.equal(text, asText())
})

test('every vector gets its verdict, and every reason has one', async () => {
  const ring = vectors.keys.map(({ kid, secret }) => ({ kid, secret: Buffer.from(secret, 'base64url') }))
  const published = await readKeySet(vectors.jwks, new Map())
  const keys: Record<string, VerificationKeys> = {
    HS256: await createSharedKeys(ring),
    EdDSA: { get: kid => published.get(kid)?.key, loaded: () => true },
  }
  for (const { name, algorithm, leased, token, verdict, subject } of vectors.vectors) {
    const verify = createAccessTokenVerifier({
      algorithm,
      keys: keys[algorithm]!,
      issuer: vectors.issuer,
      audience: vectors.audience,
      ttl: vectors.ttl,
      revocations: {
        now: () => vectors.now_ms,
        has: sid => vectors.revoked_sids.includes(sid),
        leased: () => leased,
      },
    })
    const judged = await verify(token)
    assert.equal(verdictOf(judged), verdict, name)
    if (judged.kind === 'accepted') assert.equal(judged.claims.subject, subject, name)
  }
  const reasons = new Set(vectors.vectors.map(({ verdict }) => verdict))
  assert.deepEqual([...reasons].sort(), Object.keys(EVERY_VERDICT).sort())
})

/** What the API alone can say, of credentials that hold no token at all, is not here. */
const EVERY_VERDICT: Record<Exclude<ReturnType<typeof verdictOf>, 'malformed_credentials'>, true> = {
  accepted: true,
  unavailable: true,
  too_large: true,
  malformed: true,
  header: true,
  algorithm: true,
  type: true,
  critical_header: true,
  unknown_key: true,
  signature: true,
  claims: true,
  subject_mismatch: true,
  issuer: true,
  audience: true,
  lifetime: true,
  not_yet_valid: true,
  expired: true,
  revoked: true,
}

function verdictOf(verdict: Verdict) {
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind
}
