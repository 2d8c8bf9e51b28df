// Nothing in a token brings a key, or says where one is: matrix §4, T-045 … T-049.
import { createHash } from 'node:crypto'
import type { Check, Kit } from '../check.ts'
import type { Alg, Header, Key } from '../token.ts'
import { selfSigned } from './self-signed.ts'
import { actsAsBAtMost, type Case, headerOf, onListOf, withHeader } from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-045'], run: embeddedKeys },
  { rows: ['T-046'], needs: ['key'], run: embeddedBesides },
  { rows: ['T-047', 'T-048'], run: keysElsewhere },
  { rows: ['T-049'], run: certificates },
]

const PAIRS: Alg[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** A's claims, signed by the kit's own key, with what would make the target take that key. */
function byOwnKey(kit: Kit, alg: Alg, more: (key: Key) => Header): string {
  const key = kit.ownKey(alg)
  return kit.forge({ header: kit.header({ alg, ...more(key) }), claims: kit.claims(kit.a), key })
}

function jwkOf(key: Key): JsonWebKey {
  if (key.secret) return { kty: 'oct', k: key.secret.toString('base64url'), alg: key.alg }
  return { ...key.publicKey!.export({ format: 'jwk' }), alg: key.alg, use: 'sig' }
}

async function embeddedKeys(kit: Kit): Promise<void> {
  const cases = ([...PAIRS, 'HS256', 'HS512'] as Alg[]).flatMap((alg): Case[] => {
    const kid = kit.random.text(8)
    return [
      [`a jwk for ${alg}`, byOwnKey(kit, alg, key => ({ jwk: jwkOf(key) }))],
      [`a jwk for ${alg} and its kid`, byOwnKey(kit, alg, key => ({ kid, jwk: { ...jwkOf(key), kid } }))],
      [`a jwk for ${alg} and no kid`, byOwnKey(kit, alg, key => ({ kid: undefined, jwk: jwkOf(key) }))],
      [`jwks for ${alg}`, byOwnKey(kit, alg, key => ({ jwks: { keys: [jwkOf(key)] } }))],
    ]
  })
  await kit.refuses('T-045', onListOf(kit, kit.a, cases))
}

async function embeddedBesides(kit: Kit): Promise<void> {
  const foreign = ([...PAIRS, 'HS256'] as Alg[]).map((alg): Case => {
    return [`the right key, and a jwk for ${alg}`, withHeader(kit, { jwk: jwkOf(kit.ownKey(alg)) })]
  })
  await actsAsBAtMost(kit, 'T-046', foreign)
  const { alg } = kit.keys[0]!
  const own = kit.ownKey(alg)
  const header = headerOf(kit, { jwk: jwkOf(own) })
  const signedByIt = kit.forge({ header, claims: kit.claims(kit.a), key: own })
  await kit.refuses('T-046', onListOf(kit, kit.a, [[`${alg}, signed by the jwk in the header`, signedByIt]]))
}

async function keysElsewhere(kit: Kit): Promise<void> {
  for (const [id, member] of [
    ['T-047', 'jku'],
    ['T-048', 'x5u'],
  ] as const) {
    const listener = await kit.listener()
    const addresses = addressesOf(listener.port, new URL(kit.profile.issuer?.url ?? kit.profile.api.url))
    const cases = addresses.map((address, index): Case => {
      const alg = PAIRS[index % PAIRS.length]!
      return [`${member} ${address}`, byOwnKey(kit, alg, () => ({ [member]: address }))]
    })
    await kit.refuses(id, onListOf(kit, kit.a, cases))
    await pause(FETCH_MS)
    const came = listener.hits.map(hit => hit.target).join(', ')
    kit
      .row(id)
      .is(listener.hits.length === 0, `nothing is fetched from ${member}${came && ` (asked for ${came})`}`)
  }
}

/** What a target that fetches needs to have begun. */
const FETCH_MS = 400
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

function addressesOf(port: number, issuer: URL): string[] {
  const path = `${port}/jwks.json`
  return [
    `http://127.0.0.1:${path}`,
    `http://[::1]:${path}`,
    `http://localhost:${path}`,
    `http://2130706433:${path}`,
    `http://0x7f.1:${path}`,
    `http://0.0.0.0:${path}`,
    `http://[::ffff:127.0.0.1]:${path}`,
    `//127.0.0.1:${path}`,
    `${issuer.origin}@127.0.0.1:${path}`,
    `http://${issuer.hostname}@127.0.0.1:${path}`,
    `http://127.0.0.1:${port}#${issuer.host}/jwks.json`,
    `http://127.0.0.1:${port}/${issuer.host}/../jwks.json`,
    `${issuer.origin}/../..//127.0.0.1:${path}`,
    `http://127.0.0.1:${port}\\@${issuer.host}/jwks.json`,
    'file:///etc/passwd',
    'file:///dev/null',
    'data:application/json,{"keys":[]}',
  ]
}

async function certificates(kit: Kit): Promise<void> {
  const cases = (['RS256', 'ES256', 'EdDSA'] as Alg[]).flatMap((alg): Case[] => {
    const der = selfSigned(kit.ownKey(alg), kit.random.text(8))
    const x5c = [der.toString('base64')]
    const thumb = (hash: string) => createHash(hash).update(der).digest('base64url')
    return [
      [`x5c for ${alg}`, byOwnKey(kit, alg, () => ({ x5c }))],
      [`x5c for ${alg} and no kid`, byOwnKey(kit, alg, () => ({ kid: undefined, x5c }))],
      [`x5t for ${alg}`, byOwnKey(kit, alg, () => ({ x5t: thumb('sha1') }))],
      [`x5c and x5t#S256 for ${alg}`, byOwnKey(kit, alg, () => ({ x5c, 'x5t#S256': thumb('sha256') }))],
      [`x5c twice for ${alg}`, byOwnKey(kit, alg, () => ({ x5c: [...x5c, ...x5c] }))],
    ]
  })
  await kit.refuses('T-049', onListOf(kit, kit.a, cases))
}
