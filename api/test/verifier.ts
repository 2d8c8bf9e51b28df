import { createAccessTokenVerifier, createSharedKeys, type Verdict } from '../src/access-token.ts'
import { AUDIENCE, ISSUER, KEYS } from './issuer-stand-in.ts'

const keys = await createSharedKeys(KEYS)

/** A verifier at a time of its own, with what the feed would have told it. */
export function verifierAt(
  now = Date.now(),
  given: Partial<Parameters<typeof createAccessTokenVerifier>[0]> = {},
) {
  const state = { now: now as number | null, revoked: new Set<string>(), leased: true }
  const revocations = {
    now: () => state.now,
    has: (sid: string) => state.revoked.has(sid),
    leased: () => state.leased,
  }
  const parts = {
    algorithm: 'HS256' as const,
    keys,
    issuer: ISSUER,
    audience: AUDIENCE,
    ttl: 3600,
    revocations,
  }
  return { state, verify: createAccessTokenVerifier({ ...parts, ...given }) }
}

export const reasonOf = (verdict: Verdict) => (verdict.kind === 'refused' ? verdict.reason : verdict.kind)
