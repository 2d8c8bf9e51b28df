// Which key a token is verified with, and whether its signature is good. The server knows both by itself.
import {
  createHmac,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  verify as verifyWith,
  X509Certificate,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Alg } from '../src/token.ts'
import type { SigningKey, State } from './state.ts'
import type { Members, Parts } from './token-reading.ts'

/** Why the token is not signed by a key of ours; null when it is. */
export function reasonAgainstSignature(parts: Parts, state: State): string | null {
  const { header, signature } = parts
  if (header.encrypted === true && state.has('decrypts-tokens-too')) return null
  if (state.has('decodes-without-verifying')) return null
  if (state.has('verifies-signatures-that-are-there') && signature.length === 0) return null
  if (state.has('accepts-alg-none') && /^none$/i.test(String(header.alg))) return null
  if (state.has('leaves-key-pairs-to-the-gateway') && isForTheGateway(header.alg)) return null
  const keys = keysFor(header, state)
  if (keys.length === 0) return 'key'
  if (!keys.some(key => isAlgorithmOf(header.alg, key, state))) return 'algorithm'
  return keys.some(key => isSignedBy(parts, key, state)) ? null : 'signature'
}

/** "none" is refused as everybody says one must; what is no HMAC is said to have been verified in front of us. */
function isForTheGateway(alg: unknown): boolean {
  return typeof alg === 'string' && alg !== 'none' && !alg.startsWith('HS')
}

function isAlgorithmOf(alg: unknown, key: SigningKey, state: State): boolean {
  if (state.has('takes-a-missing-alg-for-ours')) return String(alg ?? key.alg) === key.alg
  if (state.has('normalises-alg')) return String(alg).trim().toUpperCase() === key.alg.toUpperCase()
  const anyHmac = ['uses-the-tokens-hash', 'hashes-with-sha-256-whatever-alg-says'].some(state.has)
  if ((anyHmac || handsOn(state)) && /^HS(256|384|512)$/.test(String(alg))) return true
  const isFromHeader = ['trusts-jwk', 'trusts-x5c'].some(state.has) && key.kid === FROM_HEADER
  return alg === key.alg || isFromHeader
}

const FROM_HEADER = 'out of the header'

/** Exactly one, or none. */
function keysFor(header: Members, state: State): SigningKey[] {
  const { kid } = header
  const own = state.has('knows-the-newest-key-alone') ? state.keys.slice(0, 1) : state.keys
  const foreign = keyOfHeader(header, state)
  if (foreign) return [foreign]
  if (state.has('fetches-jku') && isText(header.jku)) void fetch(header.jku).catch(() => {})
  if (state.has('fetches-x5u') && isText(header.x5u)) void fetch(header.x5u).catch(() => {})
  if (state.has('reads-the-key-from-a-file') && isText(kid) && kid.includes('/')) return keyInFile(kid)
  if (state.has('asks-the-database-for-kid') && isText(kid)) queryKey(kid)
  if (state.has('tries-every-key')) return own
  if (state.has('takes-the-first-key-without-kid') && kid === undefined) return own.slice(0, 1)
  const known = state.has('keeps-retired-keys') ? [...own, ...state.retiredKeys] : own
  return known.filter(key => key.kid === kid)
}

const isText = (value: unknown) => typeof value === 'string'

/** Keys that the token itself brings. */
function keyOfHeader({ jwk, x5c, alg }: Members, state: State): SigningKey | null {
  try {
    if (state.has('trusts-jwk') && jwk) {
      if (jwk.kty === 'oct') return { kid: FROM_HEADER, alg, secret: Buffer.from(jwk.k, 'base64url') }
      return { kid: FROM_HEADER, alg, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) }
    }
    if (state.has('trusts-x5c') && x5c) {
      const certificate = new X509Certificate(Buffer.from(x5c[0], 'base64'))
      return { kid: FROM_HEADER, alg, publicKey: certificate.publicKey }
    }
  } catch {}
  return null
}

/** A folder with a file for each kid. */
function keyInFile(kid: string): SigningKey[] {
  try {
    return [{ kid, alg: 'HS256', secret: readFileSync(resolve('/srv/app/keys', kid)) }]
  } catch {
    return []
  }
}

/** Stands for `select secret from keys where kid = '${kid}'`: a database would run what is glued into it. */
function queryKey(kid: string): void {
  const seconds = /'.*pg_sleep\((\d)\)/.exec(kid)?.[1]
  if (seconds) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(seconds) * 1000)
}

function isSignedBy({ header, signed, signature }: Parts, key: SigningKey, state: State): boolean {
  const alg = String(header.alg)
  const { publicKey } = key
  if (publicKey && alg.startsWith('HS') && handsOn(state)) {
    const secret = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }) as string)
    return isMac(signed, signature, { ...key, alg: alg as Alg, secret }, state)
  }
  if (publicKey) return isSignatureOf(publicKey, { alg, signed, signature }, state)
  const asked = { ...key, alg: alg as Alg }
  return readings(key.secret!, state).some(secret => isMac(signed, signature, { ...asked, secret }, state))
}

function handsOn(state: State): boolean {
  const faults = ['hands-the-key-to-any-algorithm', 'leaves-the-choice-of-the-algorithm-to-the-token']
  return faults.some(state.has)
}

/** What text in the environment may stand for; one reading is right. */
function readings(secret: Buffer, state: State): Buffer[] {
  const others: Buffer[] = []
  if (state.has('takes-the-text-of-the-secret')) others.push(Buffer.from(secret.toString('base64url')))
  if (state.has('falls-back-to-a-default-secret'))
    others.push(Buffer.from('better-auth-secret-12345678901234567890'))
  return [secret, ...others]
}

function isMac(signed: string, signature: Buffer, { alg, secret }: SigningKey, state: State): boolean {
  const isTokens = state.has('uses-the-tokens-hash') || handsOn(state)
  const hash = isTokens && alg.startsWith('HS') ? `sha${alg.slice(2)}` : 'sha256'
  const expected = createHmac(hash, secret!).update(signed).digest()
  if (state.has('compares-half-the-signature'))
    return signature.subarray(0, 16).equals(expected.subarray(0, 16))
  if (signature.length !== expected.length) return false
  if (state.has('stops-at-the-first-difference')) return isSameSoFar(signature, expected)
  return timingSafeEqual(signature, expected)
}

const STEP_MS = 0.03

/** The steps are slow enough to be seen from outside within a minute. */
function isSameSoFar(signature: Buffer, expected: Buffer): boolean {
  for (const [index, byte] of expected.entries()) {
    if (signature[index] !== byte) return false
    for (const end = performance.now() + STEP_MS; performance.now() < end; );
  }
  return true
}

interface Signed {
  alg: string
  signed: string
  signature: Buffer
}

function isSignatureOf(key: KeyObject, { alg, signed, signature }: Signed, state: State): boolean {
  const bytes = Buffer.from(signed)
  const given = state.has('cuts-signatures-to-their-length') ? signature.subarray(0, 64) : signature
  if (key.asymmetricKeyType === 'ed25519') return verifyWith(null, bytes, key, given)
  const options =
    alg === 'PS256' ? { key, padding: 6, saltLength: 32 } : { key, dsaEncoding: 'ieee-p1363' as const }
  return verifyWith('sha256', bytes, options, given)
}
