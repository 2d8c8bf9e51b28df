// The target decides how a token is verified, never the token: matrix §3.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { Check, Kit } from '../check.ts'
import { type Alg, type Header, type Key, segment } from '../token.ts'
import {
  type Case,
  headerOf,
  nearMisses,
  notTexts,
  onListOf,
  randomCase,
  say,
  staysSmall,
  withHeader,
} from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-031'], run: unsigned },
  { rows: ['T-032', 'T-033'], needs: ['key'], run: spelling },
  { rows: ['T-034', 'T-035'], needs: ['key'], feature: 'symmetric', run: otherHashes },
  { rows: ['T-036'], run: ownKeyPairs },
  { rows: ['T-037'], feature: 'asymmetric', run: publicKeyAsSecret },
  { rows: ['T-038'], feature: 'symmetric', run: keyPairForSecret },
  { rows: ['T-039'], needs: ['key'], feature: 'both-families', run: crossedFamilies },
  { rows: ['T-040'], run: emptySignatures },
  { rows: ['T-041'], needs: ['key'], feature: 'asymmetric', run: malleated },
  { rows: ['T-043'], needs: ['key'], run: compressed },
]

async function unsigned(kit: Kit): Promise<void> {
  const { random } = kit
  const spellings = [
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    ' none',
    'none\u0000',
    'null',
    randomCase(random, 'none'),
  ]
  const signatures = {
    'the original signature': kit.b.token.split('.')[2]!,
    'any signature': segment(random.bytes(32)),
  }
  const cases = [...new Set(spellings)].flatMap((alg): Case[] => {
    const token = kit.forge({ header: kit.header({ alg }), claims: kit.claims(kit.a), signature: '' })
    const bare = kit.forge({ header: { alg }, claims: kit.claims(kit.a), signature: '' })
    return [
      [`alg ${say(alg)}, no signature`, token],
      [`alg ${say(alg)}, no signature and nothing else in the header`, bare],
      [`alg ${say(alg)}, no third segment`, token.slice(0, -1)],
      ...Object.entries(signatures).map(([name, text]): Case => [`alg ${say(alg)}, ${name}`, token + text]),
    ]
  })
  await kit.refuses('T-031', onListOf(kit, kit.a, cases))
}

/** The signature is good in every case: only the word is wrong. */
async function spelling(kit: Kit): Promise<void> {
  const { alg } = kit.keys[0]!
  const withAlg = (value: unknown): Case => [`alg ${say(value)}`, withHeader(kit, { alg: value })]
  const notAlgs = [undefined, '', [alg], [alg, 'none'], { alg }, ...notTexts(kit.random)]
  await kit.refuses('T-032', onListOf(kit, kit.b, notAlgs.map(withAlg)))
  const spellings = [...nearMisses(kit.random, alg), alg.toLowerCase(), alg.replace('256', '-256')]
  await kit.refuses('T-033', onListOf(kit, kit.b, spellings.filter(one => one && one !== alg).map(withAlg)))
}

const HASHES: Alg[] = ['HS256', 'HS384', 'HS512']

async function otherHashes(kit: Kit): Promise<void> {
  const right = kit.keys[0]!.alg
  const others = HASHES.filter(alg => alg !== right)
  const honest = kit.keys
    .filter(key => key.secret)
    .flatMap(key =>
      others.map((alg): Case => [`${alg} with the right key`, signedAs(kit, alg, { ...key, alg })]),
    )
  await kit.refuses('T-034', onListOf(kit, kit.b, honest))
  const crossed = others.flatMap((alg): Case[] => [
    [`the header says ${alg}, the MAC is ${right}`, signedAs(kit, alg, { ...kit.keys[0]!, alg: right })],
    [`the header says ${right}, the MAC is ${alg}`, signedAs(kit, right, { ...kit.keys[0]!, alg })],
  ])
  await kit.refuses('T-035', onListOf(kit, kit.b, crossed))
}

function signedAs(kit: Kit, alg: string, key: Key, more: Header = {}): string {
  const kid = key.kid === undefined ? {} : { kid: key.kid }
  return kit.forge({ header: kit.header({ alg, ...kid, ...more }), claims: kit.claims(kit.b), key })
}

const PAIRS: Alg[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

function signedByKit(kit: Kit, alg: Alg, header: Header = {}): string {
  const key = kit.ownKey(alg)
  return kit.forge({ header: kit.header({ alg, ...header }), claims: kit.claims(kit.a), key, alg })
}

async function ownKeyPairs(kit: Kit): Promise<void> {
  const kids = new Set([kit.header().kid, ...kit.keys.map(key => key.kid)])
  const cases = [...kids].flatMap(kid =>
    PAIRS.map(
      (alg): Case => [`${alg} by the kit's own key, kid ${say(kid)}`, signedByKit(kit, alg, { kid })],
    ),
  )
  await kit.refuses('T-036', onListOf(kit, kit.a, cases))
}

/** CVE-2016-10555 and its heirs: what is public, in every spelling it might be held in, is the secret of an HMAC. */
async function publicKeyAsSecret(kit: Kit): Promise<void> {
  const row = kit.row('T-037')
  const keys = await publicKeys(kit)
  if (keys.length === 0)
    return row.notRun('the public keys are known neither from the profile nor from a JWK Set')
  const cases = keys.flatMap(({ key, kid, document }) =>
    spellingsOf(key, document).flatMap(([name, secret]) =>
      HASHES.map((alg): Case => {
        const header = kit.header({ alg, kid })
        return [
          `${alg} with the public key as ${name}`,
          kit.forge({ header, claims: kit.claims(kit.a), key: { alg, secret } }),
        ]
      }),
    ),
  )
  await kit.refuses('T-037', onListOf(kit, kit.a, cases))
}

interface PublicKey {
  key: KeyObject
  kid: string | undefined
  document?: Buffer
}

/** Of the profile's keys, and of the JWK Set whose path the profile tells (`choices.jwks`). */
async function publicKeys(kit: Kit): Promise<PublicKey[]> {
  const known = kit.keys.flatMap(({ privateKey, kid }): PublicKey[] => {
    return privateKey ? [{ key: createPublicKey(privateKey), kid }] : []
  })
  const path = kit.profile.choices.jwks
  if (typeof path !== 'string') return known
  const answer = await kit.send({ to: 'issuer', method: 'GET', target: path })
  const published: { kid?: string }[] = answer.json?.keys ?? []
  const read = published.map((jwk): PublicKey => {
    return {
      key: createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }),
      kid: jwk.kid,
      document: answer.body,
    }
  })
  return [...known, ...read]
}

function spellingsOf(key: KeyObject, document?: Buffer): [string, Buffer][] {
  const pem = key.export({ type: 'spki', format: 'pem' }) as string
  const der = key.export({ type: 'spki', format: 'der' })
  const jwk = key.export({ format: 'jwk' })
  const x = jwk.x ?? jwk.n!
  const texts: [string, string][] = [
    ['PEM', pem],
    ['PEM without its last newline', pem.trimEnd()],
    ['PEM after a space', ` ${pem}`],
    ['PEM after a newline', `\n${pem}`],
    ['PEM after a tab', `\t${pem}`],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM without its frame', pem.replaceAll(/-----[^\n]*|\n/g, '')],
    ['the text of its JWK', JSON.stringify(jwk)],
    ['its x', x],
  ]
  const raw: [string, Buffer][] = [
    ['DER', der],
    ['its raw bytes', Buffer.from(x, 'base64url')],
  ]
  const whole: [string, Buffer][] = document ? [['the whole JWK Set', document]] : []
  return [...texts.map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]), ...raw, ...whole]
}

async function keyPairForSecret(kit: Kit): Promise<void> {
  const cases = PAIRS.map((alg): Case => [`${alg} with the kid of an HMAC key`, signedByKit(kit, alg)])
  await kit.refuses('T-038', onListOf(kit, kit.a, cases))
}

async function crossedFamilies(kit: Kit): Promise<void> {
  const secret = kit.keys.find(key => key.secret)
  const pair = kit.keys.find(key => key.privateKey)
  if (!secret || !pair) return kit.row('T-039').notRun('the profile has keys of one family only')
  const claims = kit.claims(kit.b)
  const crossed = (name: string, key: Key, kid: string | undefined): Case => [
    name,
    kit.forge({ header: kit.header({ alg: key.alg, kid }), claims, key }),
  ]
  const publicText = createPublicKey(pair.privateKey!).export({ type: 'spki', format: 'pem' }) as string
  await kit.refuses(
    'T-039',
    onListOf(kit, kit.b, [
      crossed(`${secret.alg} with the kid of the ${pair.alg} key`, secret, pair.kid),
      crossed(`${pair.alg} with the kid of the ${secret.alg} key`, pair, secret.kid),
      crossed('the public key as the secret', { alg: secret.alg, secret: Buffer.from(publicText) }, pair.kid),
    ]),
  )
}

/** Order of P-256's group, and points of small order on Ed25519 (RFC 8032 §5.1.3 decodes them). */
const P256_ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
]

async function emptySignatures(kit: Kit): Promise<void> {
  const zero = Buffer.alloc(64)
  const order = Buffer.from(P256_ORDER.repeat(2), 'hex')
  const unsignedBy = (alg: string, signature: Buffer, header: Header = {}) =>
    kit.forge({ header: kit.header({ alg, ...header }), claims: kit.claims(kit.a), signature })
  const cases: Case[] = [
    ['ES256 with r = s = 0', unsignedBy('ES256', zero)],
    ['ES256 with r = s = n', unsignedBy('ES256', order)],
    ['ES256 with an empty DER sequence', unsignedBy('ES256', Buffer.from('3006020100020100', 'hex'))],
    ['EdDSA with zeros', unsignedBy('EdDSA', zero)],
    [`${kit.header().alg} with zeros`, unsignedBy(String(kit.header().alg), Buffer.alloc(32))],
  ]
  for (const point of SMALL_ORDER) {
    const signature = Buffer.concat([Buffer.from(point, 'hex'), Buffer.alloc(32)])
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(point, 'hex').toString('base64url') }
    cases.push(['EdDSA with a point of small order', unsignedBy('EdDSA', signature)])
    cases.push(['EdDSA with a key of small order in the header', unsignedBy('EdDSA', signature, { jwk })])
  }
  await kit.refuses('T-040', onListOf(kit, kit.a, cases))
}

/** L, the order of Ed25519's group: S + L is the same number to a verifier that does not look (RFC 8032 §5.1.7). */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

async function malleated(kit: Kit): Promise<void> {
  const key = kit.keys.find(one => one.privateKey)!
  const token = kit.mint(kit.b, {}, key)
  const at = token.lastIndexOf('.') + 1
  const signature = Buffer.from(token.slice(at), 'base64url')
  const extra = kit.random.bytes(1 + kit.random.integer(40))
  const altered: [string, Buffer][] = [
    ['a byte appended', Buffer.concat([signature, Buffer.alloc(1)])],
    ['bytes appended', Buffer.concat([signature, extra])],
    ['repeated', Buffer.concat([signature, signature])],
    ['bytes before it', Buffer.concat([extra, signature])],
    ['the last byte cut off', signature.subarray(0, -1)],
    ['half of it', signature.subarray(0, signature.length / 2)],
  ]
  if (key.alg === 'EdDSA')
    altered.push(['S + L', withMoreS(signature, 1n)], ['S + 2 L', withMoreS(signature, 2n)])
  const cases = altered.map(([name, bytes]): Case => [name, token.slice(0, at) + segment(bytes)])
  await kit.refuses('T-041', onListOf(kit, kit.b, cases))
}

function withMoreS(signature: Buffer, times: bigint): Buffer {
  const s =
    BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + times * ED25519_ORDER
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
  return Buffer.concat([signature.subarray(0, 32), bytes])
}

/** A payload of spaces shrinks a thousandfold: eight megabytes fit into the headers of a request. */
async function compressed(kit: Kit): Promise<void> {
  const claims = JSON.stringify(kit.claims(kit.b))
  const bomb = Buffer.concat([Buffer.from(claims), Buffer.alloc(8 * 2 ** 20, ' ')])
  const payloads: [string, Buffer][] = [
    ['as it is', Buffer.from(claims)],
    ['deflated', deflateRawSync(claims)],
    ['deflated with the frame of zlib', deflateSync(claims)],
    ['in gzip', gzipSync(claims)],
    ['deflated from 8 MB', deflateRawSync(bomb)],
    ['deflated from 1 MB', deflateRawSync(bomb.subarray(0, 2 ** 20))],
  ]
  const cases = payloads.flatMap(([name, rawPayload]) =>
    ['DEF', 'def', 'GZIP', 'none'].map((zip): Case => {
      return [
        `zip ${zip}, payload ${name}`,
        kit.forge({ header: headerOf(kit, { zip }), rawPayload, key: kit.keys[0] }),
      ]
    }),
  )
  await staysSmall(kit, 'T-043', 50, () => kit.refuses('T-043', onListOf(kit, kit.b, cases)))
}
