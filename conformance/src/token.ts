// Tokens as an attacker makes them: every part may be given as bytes, nothing is corrected.
import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signWith,
} from 'node:crypto'

export const ALGS = ['HS256', 'HS384', 'HS512', 'EdDSA', 'RS256', 'PS256', 'ES256'] as const
export type Alg = (typeof ALGS)[number]

export type Claims = Record<string, unknown>
export type Header = Record<string, unknown>

export interface Key {
  kid?: string
  alg: Alg
  /** Of the HMAC algorithms. */
  secret?: Buffer
  /** Of the others. */
  privateKey?: KeyObject
  publicKey?: KeyObject
}

export interface Forgery {
  header?: Header
  claims?: Claims
  key?: Key
  /** How it is signed, whatever the header says; the key's own when absent. */
  alg?: Alg
  /** The bytes of the segment before base64url, instead of JSON of `header` or `claims`. */
  rawHeader?: string | Buffer
  rawPayload?: string | Buffer
  /** Instead of signing; text is put in as it is. */
  signature?: Buffer | string
}

export function forge({ header = {}, claims = {}, ...forgery }: Forgery): string {
  const signed = `${segment(forgery.rawHeader ?? json(header))}.${segment(forgery.rawPayload ?? json(claims))}`
  return `${signed}.${signatureOf(signed, forgery)}`
}

function signatureOf(signed: string, { signature, key, alg }: Forgery): string {
  if (typeof signature === 'string') return signature
  if (signature) return segment(signature)
  if (!key) return ''
  return segment(sign(Buffer.from(signed), key, alg ?? key.alg))
}

/** The signature of these bytes; of an HMAC with any key's secret, or with any bytes as `secret`. */
export function sign(bytes: Buffer, key: Key, alg: Alg = key.alg): Buffer {
  switch (alg) {
    case 'HS256':
    case 'HS384':
    case 'HS512':
      return createHmac(`sha${alg.slice(2)}`, key.secret!)
        .update(bytes)
        .digest()
    case 'EdDSA':
      return signWith(null, bytes, key.privateKey!)
    case 'RS256':
      return signWith('sha256', bytes, key.privateKey!)
    case 'PS256':
      return signWith('sha256', bytes, { key: key.privateKey!, padding: 6, saltLength: 32 })
    case 'ES256':
      return signWith('sha256', bytes, { key: key.privateKey!, dsaEncoding: 'ieee-p1363' })
  }
}

export function segment(bytes: string | Buffer): string {
  return Buffer.from(bytes as string).toString('base64url')
}

/** Header and claims of a token as it stands, unverified; null when it is none. */
export function decode(token: string): { header: Header; claims: Claims } | null {
  const [header, claims] = token.split('.').map(part => parse(Buffer.from(part, 'base64url').toString()))
  return header && claims ? { header, claims } : null
}

export function generateKey(alg: Alg, kid?: string): Key {
  if (alg.startsWith('HS')) return { kid, alg, secret: randomBytes(64) }
  return { kid, alg, ...generatePair(alg) }
}

function generatePair(alg: Alg) {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519')
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

/** A private key as PEM (PKCS #8) or as the text of a JWK. */
export function readPrivateKey(text: string): KeyObject {
  return text.trimStart().startsWith('{')
    ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
    : createPrivateKey(text)
}

const json = (value: unknown) => JSON.stringify(value)

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
