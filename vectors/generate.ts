// Writes access-tokens.json: tokens and what a verifier of our profile must say about each, for every language.
// Keys and time are fixed, so that the same tokens come out every time. The keys protect nothing.
import { createHash, createHmac, createPrivateKey, createPublicKey, sign as signWith } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Json = Record<string, unknown>
type Part = Json | string | Uint8Array
type Algorithm = 'HS256' | 'EdDSA'

export interface Vector {
  name: string
  /** How the verifier is configured. */
  algorithm: Algorithm
  /** What it knows of the feed: whether it holds the lease. */
  leased: boolean
  token: string
  /** `accepted`, `unavailable`, or why it is refused. */
  verdict: string
  /** Whose token it is, when it is accepted. */
  subject?: string
}

const ISSUER = 'https://issuer.example'
const AUDIENCE = 'latchkey-api'
const TTL = 3600
const NOW = 1_800_000_000
const REVOKED = 'session-that-ended'

const secretOf = (name: string) => createHash('sha256').update(`vectors for tests: ${name}`).digest()
const RING = { first: secretOf('first'), second: secretOf('second') }
const PAIRS = { 'ed-first': pairOf('ed-first'), 'ed-second': pairOf('ed-second') }
const STRANGER = secretOf('stranger')

/** An Ed25519 key out of 32 bytes, in the one PKCS #8 form there is (RFC 8410 §7). */
function pairOf(name: string) {
  const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secretOf(name)])
  return createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' })
}

const publicOf = (name: keyof typeof PAIRS) => createPublicKey(PAIRS[name]).export({ format: 'jwk' })

const bytesOf = (part: Part) =>
  typeof part === 'string' || part instanceof Uint8Array
    ? Buffer.from(part)
    : Buffer.from(JSON.stringify(part))
const encode = (part: Part) => bytesOf(part).toString('base64url')

function hmac(header: Part, payload: Part, key: Uint8Array = RING.first, hash = 'sha256'): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`
}

function ed25519(header: Part, payload: Part, pair = PAIRS['ed-first']): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${signWith(null, Buffer.from(input), pair).toString('base64url')}`
}

const HEADER = { alg: 'HS256', typ: 'at+jwt', kid: 'first' }
const ED_HEADER = { alg: 'EdDSA', typ: 'at+jwt', kid: 'ed-first' }
const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ada',
  user_id: 'ada',
  email: 'ada@example.org',
  sid: 'session-1',
  jti: 'token-1',
  iat: NOW - 60,
  exp: NOW + 600,
}
const without = (name: keyof typeof CLAIMS) =>
  Object.fromEntries(Object.entries(CLAIMS).filter(([key]) => key !== name))

const claimed = (changed: Json) => hmac(HEADER, { ...CLAIMS, ...changed })
const headed = (changed: Json) => hmac({ ...HEADER, ...changed }, CLAIMS)
const payloadText = (text: string) => hmac(HEADER, text)
/** One member more, as it is written: JSON.stringify could not. */
const member = (text: string) => payloadText(JSON.stringify(CLAIMS).replace(/}$/, `,${text}}`))

const GOOD = hmac(HEADER, CLAIMS)
const [header = '', payload = '', mac = ''] = GOOD.split('.')
/** The same bytes, with other bits where the last letter has some to spare. */
const respelt = (segment: string) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return segment.slice(0, -1) + letters[letters.indexOf(segment.at(-1)!) + 1]
}
/** Not every length is one of base64url, so the header is filled as well. */
const ofLength = (bytes: number) => {
  for (const more of ['', 'x', 'xx']) {
    const other = { ...HEADER, more }
    const empty = hmac(other, { ...CLAIMS, filling: '' }).length
    for (let size = Math.floor(((bytes - empty) * 3) / 4) - 2; size < bytes; size += 1) {
      const token = hmac(other, { ...CLAIMS, filling: 'x'.repeat(size) })
      if (token.length === bytes) return token
      if (token.length > bytes) break
    }
  }
  throw new Error(`no token has ${bytes} bytes`)
}

const accepted: [name: string, token: string][] = [
  ['as the issuer makes it', GOOD],
  ['by the older key of the ring', hmac({ ...HEADER, kid: 'second' }, CLAIMS, RING.second)],
  ['an audience among several', claimed({ aud: ['other', AUDIENCE] })],
  ['the type in capitals', headed({ typ: 'AT+JWT' })],
  ['the type with its prefix', headed({ typ: 'Application/at+jwt' })],
  [
    'unknown members',
    hmac({ ...HEADER, jku: 'http://127.0.0.1/', jwk: { kty: 'oct' } }, { ...CLAIMS, role: 'x' }),
  ],
  [
    'white space and another order of members',
    payloadText(JSON.stringify(CLAIMS, Object.keys(CLAIMS).sort(), 2)),
  ],
  ['a fraction of a second', claimed({ exp: NOW + 0.5 })],
  [
    'the last of two members of one name counts',
    payloadText(JSON.stringify(CLAIMS).replace('{', '{"sub":"bob",')),
  ],
  ['claims in the header change nothing', headed({ sub: 'bob', exp: 1 })],
  ['issued five seconds ahead', claimed({ iat: NOW + 5 })],
  ['not before five seconds from now', claimed({ nbf: NOW + 5 })],
  ['the whole lifetime', claimed({ iat: NOW - 10, exp: NOW - 10 + TTL })],
  ['an e-mail address that is empty', claimed({ email: '' })],
  ['4,096 bytes', ofLength(4096)],
  ['a lone surrogate in a member nobody reads', member(String.raw`"x":"\ud800"`)],
  ['a number beyond all numbers in a member nobody reads', member('"x":1e999')],
]

const refused: Record<string, [name: string, token: string][]> = {
  too_large: [['4,097 bytes', ofLength(4097)]],
  malformed: [
    ['nothing', ''],
    ['two segments', `${header}.${payload}`],
    ['four segments', `${GOOD}.${mac}`],
    ['five segments, as of an encrypted token', `${GOOD}.${mac}.${mac}`],
    ['an empty signature', `${header}.${payload}.`],
    ['an empty payload', `${header}..${mac}`],
    ['an empty header', `.${payload}.${mac}`],
    ['padding', `${header}.${payload}.${mac}=`],
    ['white space within', `${header}.${payload} .${mac}`],
    ['a line break at the end', `${GOOD}\n`],
    ['the alphabet of base64', `${header}.${payload}.${mac.slice(0, -2)}+/`],
    ['other bits at the end of the signature', `${header}.${payload}.${respelt(mac)}`],
    [
      'one letter too many',
      `${header}.${payload}A${'A'.repeat((4 - ((payload.length + 1) % 4) + 1) % 4)}.${mac}`,
    ],
    ['letters that are no base64url', `${header}.${payload}.${mac.slice(0, -1)}é`],
  ],
  header: [
    ['a header that is no JSON', hmac('{', CLAIMS)],
    ['a header that is a list', hmac('["HS256"]', CLAIMS)],
    ['a header that is null', hmac('null', CLAIMS)],
    ['a header with a byte order mark', hmac(`\ufeff${JSON.stringify(HEADER)}`, CLAIMS)],
    ['a header that is no UTF-8', hmac(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), CLAIMS)],
    ['a header with a comment', hmac(`${JSON.stringify(HEADER)}//`, CLAIMS)],
    ['a header with NaN', hmac(JSON.stringify(HEADER).replace('}', ',"x":NaN}'), CLAIMS)],
  ],
  algorithm: [
    ['no algorithm', hmac({ typ: 'at+jwt', kid: 'first' }, CLAIMS)],
    ...['none', 'None', 'hs256', 'HS384', 'HS512', 'RS256', 'ES256', 'EdDSA', ''].map(
      (alg): [string, string] => [`algorithm “${alg}”`, headed({ alg })],
    ),
    ['no signature at all, and “none”', `${encode({ ...HEADER, alg: 'none' })}.${payload}.${mac}`],
    ['really signed by HS512', hmac({ ...HEADER, alg: 'HS512' }, CLAIMS, RING.first, 'sha512')],
    ['an algorithm that is a list', headed({ alg: ['HS256'] })],
  ],
  type: [
    ['no type', hmac({ alg: 'HS256', kid: 'first' }, CLAIMS)],
    ...['JWT', 'jwt', 'at', 'at+jwt ', 'at+jwt\n', 'text/at+jwt', 'refresh+jwt', ''].map(
      (typ): [string, string] => [`type ${JSON.stringify(typ)}`, headed({ typ })],
    ),
    ['a dotless i in the prefix of the type', headed({ typ: 'applıcation/at+jwt' })],
    ['a type that is a number', headed({ typ: 1 })],
  ],
  critical_header: [
    ['an extension nobody knows', headed({ crit: ['exp'] })],
    ['no extension, but critical', headed({ crit: [] })],
    ['critical is null', headed({ crit: null })],
    ['compressed', headed({ zip: 'DEF' })],
    ['a payload that is not encoded', headed({ b64: false })],
  ],
  unknown_key: [
    ['no kid', hmac({ alg: 'HS256', typ: 'at+jwt' }, CLAIMS)],
    ...['', 'third', 'FIRST', 'first ', '../first', '__proto__', 'constructor', 'toString', 'first\n'].map(
      (kid): [string, string] => [`kid ${JSON.stringify(kid)}`, headed({ kid })],
    ),
    ['a kid that is a list', headed({ kid: ['first'] })],
    ['a kid of the issuer’s key pairs', headed({ kid: 'ed-first' })],
  ],
  signature: [
    ['a key of nobody', hmac(HEADER, CLAIMS, STRANGER)],
    ['the other key of the ring', hmac(HEADER, CLAIMS, RING.second)],
    ['an empty key', hmac(HEADER, CLAIMS, new Uint8Array())],
    ['a changed payload', `${header}.${encode({ ...CLAIMS, sub: 'bob', user_id: 'bob' })}.${mac}`],
    ['a changed header', `${encode({ ...HEADER, x: 1 })}.${payload}.${mac}`],
    [
      'half a signature',
      `${header}.${payload}.${Buffer.from(mac, 'base64url').subarray(0, 16).toString('base64url')}`,
    ],
    [
      'one byte more of a signature',
      `${header}.${payload}.${Buffer.concat([Buffer.from(mac, 'base64url'), Buffer.of(0)]).toString('base64url')}`,
    ],
    ['zeros', `${header}.${payload}.${Buffer.alloc(32).toString('base64url')}`],
    [
      'the public key of the issuer as secret',
      hmac(HEADER, CLAIMS, Buffer.from(String(publicOf('ed-first').x), 'base64url')),
    ],
  ],
  claims: [
    ['a payload that is no JSON', payloadText('ada')],
    ['a payload that is a list', payloadText('[]')],
    ['a payload with a byte order mark', payloadText(`\ufeff${JSON.stringify(CLAIMS)}`)],
    ['a payload with NaN', member('"x":NaN')],
    ['a payload with Infinity', member('"x":-Infinity')],
    ['a payload nested too deep to be one', payloadText('['.repeat(2_500))],
    ...(['sub', 'user_id', 'email', 'sid', 'jti', 'iat', 'exp'] as const).map((name): [string, string] => [
      `no ${name}`,
      hmac(HEADER, without(name)),
    ]),
    ...(['sub', 'user_id', 'sid', 'jti'] as const).flatMap((name): [string, string][] => [
      [`an empty ${name}`, claimed({ [name]: '' })],
      [`${name} is a number`, claimed({ [name]: 1 })],
      [`${name} is a list`, claimed({ [name]: ['ada'] })],
      [`${name} with a blank`, claimed({ [name]: 'a da' })],
      [`${name} of 256 letters`, claimed({ [name]: 'x'.repeat(256) })],
    ]),
    ['a subject beyond ASCII', claimed({ sub: 'adá', user_id: 'adá' })],
    ['a subject with a line break', claimed({ sub: 'ada\n', user_id: 'ada\n' })],
    ...(['iat', 'exp', 'nbf'] as const).flatMap((name): [string, string][] => [
      [`${name} is a text`, claimed({ [name]: String(NOW) })],
      [`${name} is true`, claimed({ [name]: true })],
      [`${name} is null`, claimed({ [name]: null })],
      [`${name} is negative`, claimed({ [name]: -1 })],
      [`${name} is a list`, claimed({ [name]: [NOW] })],
      [`${name} is beyond all numbers`, member(`"${name}":1e999`)],
      [`${name} has four hundred digits`, member(`"${name}":${'9'.repeat(400)}`)],
    ]),
    ['issued at the beginning of time', claimed({ iat: 0 })],
    ['an e-mail address that is a list', claimed({ email: ['ada@example.org'] })],
  ],
  subject_mismatch: [
    ['another user_id', claimed({ user_id: 'bob' })],
    ['a user_id in capitals', claimed({ user_id: 'ADA' })],
  ],
  issuer: [
    ['no issuer', hmac(HEADER, without('iss'))],
    ['another issuer', claimed({ iss: 'https://evil.example' })],
    ['the issuer with a slash', claimed({ iss: `${ISSUER}/` })],
    ['the issuer in a list', claimed({ iss: [ISSUER] })],
  ],
  audience: [
    ['no audience', hmac(HEADER, without('aud'))],
    ['another audience', claimed({ aud: 'other-api' })],
    ['an audience that begins like ours', claimed({ aud: `${AUDIENCE}-2` })],
    ['no audience in the list', claimed({ aud: [] })],
    ['a list with what is no text', claimed({ aud: [AUDIENCE, 1] })],
    ['an audience that is true', claimed({ aud: true })],
  ],
  lifetime: [
    ['one second longer than allowed', claimed({ iat: NOW - 10, exp: NOW - 9 + TTL })],
    ['ten years', claimed({ exp: NOW + 315_360_000 })],
    ['ended before it began', claimed({ iat: NOW + 2, exp: NOW + 1 })],
    ['not before its own end', claimed({ nbf: NOW + 601 })],
    ['an end in milliseconds', claimed({ exp: NOW * 1000 })],
  ],
  not_yet_valid: [
    ['issued six seconds ahead', claimed({ iat: NOW + 6 })],
    ['not before six seconds from now', claimed({ nbf: NOW + 6 })],
  ],
  revoked: [
    ['of a session that ended', claimed({ sid: REVOKED })],
    ['of a session that ended, and expired', claimed({ sid: REVOKED, exp: NOW - 1 })],
  ],
  expired: [
    ['expired this very moment', claimed({ exp: NOW })],
    ['expired a second ago', claimed({ exp: NOW - 1 })],
  ],
}

const edDSA: [name: string, token: string, verdict: string][] = [
  ['as the issuer makes it', ed25519(ED_HEADER, CLAIMS), 'accepted'],
  [
    'by the next key pair',
    ed25519({ ...ED_HEADER, kid: 'ed-second' }, CLAIMS, PAIRS['ed-second']),
    'accepted',
  ],
  ['HS256 by the ring', GOOD, 'algorithm'],
  [
    'HS256 with the public key as secret',
    hmac({ ...HEADER, kid: 'ed-first' }, CLAIMS, Buffer.from(String(publicOf('ed-first').x), 'base64url')),
    'algorithm',
  ],
  ['the name of RFC 9864', ed25519({ ...ED_HEADER, alg: 'Ed25519' }, CLAIMS), 'algorithm'],
  ['a type of identity tokens', ed25519({ ...ED_HEADER, typ: 'JWT' }, CLAIMS), 'type'],
  ['a key of nobody', ed25519({ ...ED_HEADER, kid: 'ed-third' }, CLAIMS), 'unknown_key'],
  ['the other key pair', ed25519(ED_HEADER, CLAIMS, PAIRS['ed-second']), 'signature'],
  ['an HMAC as signature', hmac(ED_HEADER, CLAIMS), 'signature'],
  ['expired', ed25519(ED_HEADER, { ...CLAIMS, exp: NOW - 1 }), 'expired'],
  ['of a session that ended', ed25519(ED_HEADER, { ...CLAIMS, sid: REVOKED }), 'revoked'],
]

/** While the lease is lost: what is bad stays bad, and what is good is not accepted. */
const unleased: [name: string, token: string, verdict: string][] = [
  ['a good token without a lease', GOOD, 'unavailable'],
  ['a key of nobody without a lease', hmac(HEADER, CLAIMS, STRANGER), 'signature'],
  ['expired without a lease', claimed({ exp: NOW - 1 }), 'expired'],
  ['of a session that ended, without a lease', claimed({ sid: REVOKED }), 'revoked'],
]

function vector(
  [name, token, verdict]: [string, string, string],
  how: { algorithm?: Algorithm; leased?: boolean } = {},
): Vector {
  const known = verdict === 'accepted' ? { subject: 'ada' } : {}
  return { name, algorithm: 'HS256', leased: true, ...how, token, verdict, ...known }
}

export function makeVectors() {
  return {
    about:
      'What a verifier of the token profile must say about each token. Made by generate.ts; the keys protect nothing.',
    issuer: ISSUER,
    audience: AUDIENCE,
    ttl: TTL,
    now_ms: NOW * 1000,
    revoked_sids: [REVOKED],
    keys: Object.entries(RING).map(([kid, secret]) => ({ kid, secret: secret.toString('base64url') })),
    jwks: {
      keys: (['ed-first', 'ed-second'] as const).map(kid => ({
        kid,
        alg: 'EdDSA',
        use: 'sig',
        ...publicOf(kid),
      })),
    },
    vectors: [
      ...accepted.map(([name, token]) => vector([name, token, 'accepted'])),
      ...Object.entries(refused).flatMap(([reason, cases]) =>
        cases.map(([name, token]) => vector([name, token, reason])),
      ),
      ...edDSA.map(one => vector(one, { algorithm: 'EdDSA' })),
      ...unleased.map(one => vector(one, { leased: false })),
    ],
  }
}

export const asText = () => `${JSON.stringify(makeVectors(), null, 2)}\n`

if (import.meta.main) writeFileSync(join(import.meta.dirname, 'access-tokens.json'), asText())
