import { type CryptoKey, compactVerify, importJWK } from 'jose'

export interface Claims {
  /** The account's id; `sub` and `user_id` say the same. */
  subject: string
  /** The session's id, by which the token is revoked. */
  sid: string
  iat: number
  nbf: number
  exp: number
}

/** Why a token was refused: for the log alone. */
export type Refusal =
  | 'malformed_credentials'
  | 'too_large'
  | 'malformed'
  | 'header'
  | 'algorithm'
  | 'type'
  | 'critical_header'
  | 'unknown_key'
  | 'signature'
  | 'claims'
  | 'subject_mismatch'
  | 'issuer'
  | 'audience'
  | 'lifetime'
  | 'not_yet_valid'
  | 'expired'
  | 'revoked'

/** `unavailable`: the token may be good, but nobody can say so now. */
export type Verdict =
  | { kind: 'accepted'; claims: Claims; judgeAgain: () => Verdict }
  | { kind: 'refused'; reason: Refusal; kid?: string; claims?: Claims }
  | { kind: 'unavailable'; claims?: Claims }

/** What the revocation feed knows; each answer is about this very moment. */
export interface Revocations {
  /** The issuer's time in milliseconds, or null before the feed has spoken. */
  now(): number | null
  has(sid: string): boolean
  leased(): boolean
}

/** The keys that verify at this moment, by `kid`. Looking never waits. */
export interface VerificationKeys {
  get(kid: string): CryptoKey | undefined
  /** False until the first set is known. */
  loaded(): boolean
}

interface Parts {
  algorithm: 'HS256' | 'EdDSA'
  keys: VerificationKeys
  issuer: string
  audience: string
  /** The longest `exp - iat`, in seconds. */
  ttl: number
  revocations: Revocations
  cacheSize?: number
}

interface SignedToken {
  kid: string
  key: CryptoKey
  claims: Claims
}

const MAX_BYTES = 4096
const CLOCK_SKEW_MS = 5_000
const SHAPE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
// RFC 9068 §4 with RFC 7515 §4.1.9: the prefix may be left out, and media types ignore case.
const TYPE = /^(application\/)?at\+jwt$/i
const IDENTIFIER = /^[\x21-\x7e]{1,255}$/
const KID = /^[A-Za-z0-9._~-]{1,128}$/

class Refused extends Error {
  readonly reason: Refusal
  readonly kid: string | undefined
  readonly claims: Claims | undefined

  constructor(reason: Refusal, known: { kid?: string; claims?: Claims } = {}) {
    super(reason)
    this.reason = reason
    this.kid = known.kid
    this.claims = known.claims
  }
}

export interface AccessTokenVerifier {
  (token: string): Promise<Verdict>
  /** How many verified tokens are remembered. */
  remembered(): number
}

/** Judges access tokens without any input or output: keys and revocations are brought in the background. */
export function createAccessTokenVerifier(parts: Parts): AccessTokenVerifier {
  const { keys, revocations, cacheSize = 20_000 } = parts
  const verified = new Map<string, SignedToken>()

  return Object.assign(verifyAccessToken, { remembered: () => verified.size })

  async function verifyAccessToken(token: string): Promise<Verdict> {
    if (!keys.loaded()) return { kind: 'unavailable' }
    try {
      const signed = verified.get(token) ?? remember(token, await readSigned(token, parts))
      return judge(signed)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return refused(error.reason, error)
    }
  }

  /** By the token's exact text. The oldest goes first, so a flood of tokens costs time and no memory. */
  function remember(token: string, signed: SignedToken): SignedToken {
    if (verified.size >= cacheSize) verified.delete(verified.keys().next().value!)
    verified.set(token, signed)
    return signed
  }

  /** One synchronous step: between its looks at lease, set and clock nothing else can run. */
  function judge({ kid, key, claims }: SignedToken): Verdict {
    if (keys.get(kid) !== key) return refused('unknown_key', { kid })
    const leased = revocations.leased()
    const revoked = revocations.has(claims.sid)
    const now = revocations.now()
    if (now === null) return { kind: 'unavailable', claims }
    if (claims.iat * 1000 > now + CLOCK_SKEW_MS || claims.nbf * 1000 > now + CLOCK_SKEW_MS)
      return refused('not_yet_valid', { kid, claims })
    if (revoked) return refused('revoked', { kid, claims })
    if (now >= claims.exp * 1000) return refused('expired', { kid, claims })
    if (!leased) return { kind: 'unavailable', claims }
    return { kind: 'accepted', claims, judgeAgain: () => judge({ kid, key, claims }) }
  }
}

function refused(reason: Refusal, known: { kid?: string; claims?: Claims } = {}): Verdict {
  return { kind: 'refused', reason, kid: known.kid, claims: known.claims }
}

/** Everything about a token that does not change with time, in the order of the token profile. */
async function readSigned(token: string, parts: Parts): Promise<SignedToken> {
  const [header, payload] = readSegments(token)
  const kid = readKid(header, parts.algorithm)
  const key = parts.keys.get(kid)
  if (!key) throw new Refused('unknown_key', { kid })
  await checkSignature(token, key, parts.algorithm, kid)
  return { kid, key, claims: readClaims(payload, kid, parts) }
}

/**
 * Each segment must be the one canonical base64url text of its bytes: jose alone takes padding, white space and
 * altered trailing bits, and so several texts for one token.
 */
function readSegments(token: string): [header: Buffer, payload: Buffer] {
  if (Buffer.byteLength(token) > MAX_BYTES) throw new Refused('too_large')
  if (!SHAPE.test(token)) throw new Refused('malformed')
  const segments = token.split('.')
  const bytes = segments.map(segment => Buffer.from(segment, 'base64url'))
  if (bytes.some((buffer, at) => buffer.toString('base64url') !== segments[at]))
    throw new Refused('malformed')
  return [bytes[0]!, bytes[1]!]
}

function readKid(bytes: Buffer, algorithm: string): string {
  const header = readObject(bytes)
  if (!header) throw new Refused('header')
  const { alg, typ, kid, crit, zip, b64 } = header
  const known = typeof kid === 'string' ? { kid } : {}
  if (alg !== algorithm) throw new Refused('algorithm', known)
  if (typeof typ !== 'string' || !TYPE.test(typ)) throw new Refused('type', known)
  // RFC 7515 §4.1.11, and RFC 8725bis §3.15 for `zip`: we know no extension, and compress nothing.
  if (crit !== undefined || zip !== undefined || b64 !== undefined)
    throw new Refused('critical_header', known)
  if (typeof kid !== 'string' || !KID.test(kid)) throw new Refused('unknown_key', known)
  return kid
}

async function checkSignature(token: string, key: CryptoKey, algorithm: string, kid: string): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] })
  } catch {
    throw new Refused('signature', { kid })
  }
}

function readClaims(bytes: Buffer, kid: string, { issuer, audience, ttl }: Parts): Claims {
  const payload = readObject(bytes)
  if (!payload) throw new Refused('claims', { kid })
  const { sub, user_id, iss, aud, email, sid, jti, iat, exp, nbf = 0 } = payload
  if (!isIdentifier(sub) || !isIdentifier(user_id) || !isIdentifier(sid) || !isIdentifier(jti))
    throw new Refused('claims', { kid })
  if (typeof email !== 'string' || !isTime(iat) || iat === 0 || !isTime(exp) || !isTime(nbf))
    throw new Refused('claims', { kid })
  const claims = { subject: sub, sid, iat, nbf, exp }
  if (sub !== user_id) throw new Refused('subject_mismatch', { kid, claims })
  if (iss !== issuer) throw new Refused('issuer', { kid, claims })
  if (!includesAudience(aud, audience)) throw new Refused('audience', { kid, claims })
  if (exp - iat > ttl || iat > exp || nbf > exp) throw new Refused('lifetime', { kid, claims })
  return claims
}

function includesAudience(aud: unknown, audience: string): boolean {
  if (!Array.isArray(aud)) return aud === audience
  return aud.every(entry => typeof entry === 'string') && aud.includes(audience)
}

function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && IDENTIFIER.test(value)
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

// `ignoreBOM` keeps a byte order mark in the text, where JSON refuses it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Of members with one name the last counts (RFC 7519 §4), as for every reader built on ECMAScript. */
function readObject(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

export interface SharedKey {
  kid: string
  secret: Uint8Array
}

/** The key ring of HS256: every key verifies, and `kid` selects exactly one. */
export interface SharedKeys extends VerificationKeys {
  /** Goes on with this ring. A key that was known stays the same object, so what it verified stays verified. */
  replace(ring: readonly SharedKey[]): Promise<void>
}

export async function createSharedKeys(ring: readonly SharedKey[]): Promise<SharedKeys> {
  let known = new Map<string, SharedKey & { key: CryptoKey }>()
  const isSame = (one: SharedKey, other: SharedKey) => Buffer.compare(one.secret, other.secret) === 0

  async function replace(ring: readonly SharedKey[]): Promise<void> {
    const next: typeof known = new Map()
    for (const entry of ring) {
      const before = known.get(entry.kid)
      const key = before && isSame(before, entry) ? before.key : await importSecret(entry.secret)
      next.set(entry.kid, { ...entry, key })
    }
    known = next
  }

  await replace(ring)
  return { get: kid => known.get(kid)?.key, loaded: () => true, replace }
}

async function importSecret(secret: Uint8Array): Promise<CryptoKey> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  return await crypto.subtle.importKey('raw', secret as Uint8Array<ArrayBuffer>, hmac, false, ['verify'])
}

export interface PublicKey {
  x: string
  key: CryptoKey
}

/**
 * Ed25519 public keys out of a JWK Set (RFC 7517, RFC 8037); anything else in it is passed over. A key that was
 * known stays the same object, so what it verified stays verified.
 */
export async function readKeySet(
  document: unknown,
  known: ReadonlyMap<string, PublicKey>,
): Promise<Map<string, PublicKey>> {
  const entries = (document as { keys?: unknown } | null)?.keys
  if (!Array.isArray(entries)) throw new Error('not a JWK Set')
  const keys = new Map<string, PublicKey>()
  for (const jwk of entries) {
    if (jwk?.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string') continue
    const { kty, crv, kid, x } = jwk
    const same = known.get(kid)
    keys.set(kid, same?.x === x ? same! : { x, key: await importPublicKey({ kty, crv, x }) })
  }
  return keys
}

async function importPublicKey(jwk: { kty: string; crv: string; x: string }): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA')
  if (key instanceof Uint8Array) throw new Error('not a public key')
  return key
}
