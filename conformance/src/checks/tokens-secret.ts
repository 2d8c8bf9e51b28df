// The secret itself, and header members that must not be passed over or believed: matrix §4, T-059 … T-063.
import { createHash } from 'node:crypto'
import type { Check, Kit } from '../check.ts'
import { type Header, segment, sign } from '../token.ts'
import {
  actsAsBAtMost,
  type Case,
  has,
  headerOf,
  onBothLists,
  onListOf,
  say,
  withHeader,
} from './token-cases.ts'
import { WEAK_SECRETS } from './weak-secrets.ts'

export const checks: Check[] = [
  { rows: ['T-059'], run: weakSecrets },
  { rows: ['T-060'], needs: ['key'], feature: 'symmetric', run: otherReadings },
  { rows: ['T-061'], needs: ['key'], run: critical },
  { rows: ['T-063'], needs: ['key'], run: claimsInTheHeader },
]

/** Tried first on the tokens themselves: an HMAC can be attacked without asking anybody. */
async function weakSecrets(kit: Kit): Promise<void> {
  const { api, issuer, name } = kit.profile
  const places = [api.url, issuer?.url ?? api.url].flatMap(url => [
    url,
    url.replace(/\/$/, ''),
    new URL(url).host,
    new URL(url).hostname,
  ])
  const guessable = kit.profile.choices.guessableSecrets
  const words = [
    ...new Set([...WEAK_SECRETS, ...places, name, ...(Array.isArray(guessable) ? guessable : [])]),
  ]
  const row = kit.row('T-059')
  const [header, payload, signature] = kit.b.token.split('.')
  const bytes = Buffer.from(`${header}.${payload}`)
  for (const [index, word] of words.entries()) {
    const found = readings(word).some(secret => segment(sign(bytes, { alg: 'HS256', secret })) === signature)
    row.is(
      !found,
      `the secret is none of ${words.length} words that can be guessed${found ? ` (number ${index + 1})` : ''}`,
    )
    if (found) return
  }
  const alg = kit.profile.token.alg.startsWith('HS') ? kit.profile.token.alg : 'HS256'
  const cases = words.flatMap((word, index) =>
    readings(word).map((secret): Case => {
      const token = kit.forge({
        header: kit.header({ alg }),
        claims: kit.claims(kit.a),
        key: { alg, secret },
      })
      return [`signed with word ${index + 1} of the list`, token]
    }),
  )
  await kit.refuses('T-059', onListOf(kit, kit.a, cases))
}

function readings(word: string): Buffer[] {
  const decoded = Buffer.from(word, 'base64url')
  return decoded.length > 0 && decoded.toString('base64url') === word
    ? [Buffer.from(word), decoded]
    : [Buffer.from(word)]
}

/** The same secret as its text in each encoding, decoded once more, and with or without a newline at its end. */
async function otherReadings(kit: Kit): Promise<void> {
  const key = kit.keys[0]!
  const secret = key.secret!
  const texts = (['base64url', 'base64', 'hex', 'latin1', 'utf8'] as const).map(encoding =>
    secret.toString(encoding),
  )
  const spelled = texts.flatMap(text => [text, `${text}\n`, text.toUpperCase(), text.replace(/=+$/, '')])
  const asBytes = spelled.flatMap(text => [
    Buffer.from(text),
    Buffer.from(text, 'hex'),
    Buffer.from(text, 'base64'),
    Buffer.from(text, 'base64url'),
  ])
  const cut = [
    Buffer.concat([secret, Buffer.from('\n')]),
    secret.subarray(0, -1),
    Buffer.from(secret.toString('utf8').trim()),
  ]
  const digest = createHash('sha256').update(secret).digest()
  const others = [...asBytes, ...cut, digest].filter(bytes => !isSameKey(bytes, secret))
  const cases = others.map(
    (bytes): Case => [
      `${bytes.length} bytes of another reading`,
      kit.forge({ header: headerOf(kit), claims: kit.claims(kit.b), key: { ...key, secret: bytes } }),
    ],
  )
  await kit.refuses('T-060', onListOf(kit, kit.b, cases))
}

/** HMAC pads a short key with zeros and hashes a long one, so different bytes may be one key (RFC 2104 §2). */
function isSameKey(one: Buffer, other: Buffer): boolean {
  const probe = Buffer.from('probe')
  return sign(probe, { alg: 'HS256', secret: one }).equals(sign(probe, { alg: 'HS256', secret: other }))
}

async function critical(kit: Kit): Promise<void> {
  const name = kit.random.text(6)
  const headers: Header[] = [
    { crit: ['x'], x: 1 },
    { crit: [name], [name]: kit.random.text(4) },
    { crit: ['exp'], exp: 1 },
    { crit: ['b64'], b64: true },
    { crit: ['b64'], b64: false },
    { crit: [name] },
    { crit: [] },
    { crit: 'x', x: 1 },
    { crit: [1] },
    { crit: {} },
    { crit: ['alg'] },
    { crit: ['http://example.org/UNDEFINED'], 'http://example.org/UNDEFINED': true },
  ]
  const cases = headers.map((header): Case => [say(header), withHeader(kit, header)])
  await kit.refuses('T-061', onListOf(kit, kit.b, cases))
}

/** RFC 7519 §5.3 lets claims be repeated in the header; the payload alone says who it is and how long. */
async function claimsInTheHeader(kit: Kit): Promise<void> {
  const { subject, repeatsSubject, session } = kit.profile.token
  const people = Object.fromEntries([subject, ...repeatsSubject].map(name => [name, kit.a.id]))
  const harmless: Header[] = [
    people,
    { iss: 'x' },
    { exp: 1 },
    { aud: 'other' },
    { ...people, iss: 'x', exp: 1, nbf: 9e9 },
  ]
  await actsAsBAtMost(
    kit,
    'T-063',
    harmless.map((header): Case => [say(header), withHeader(kit, header)]),
  )
  for (const header of harmless) {
    const answer = await kit.send(kit.withToken(withHeader(kit, header), kit.b))
    kit.row('T-063').is(answer.status === 200, `${say(header)} in the header changes nothing`, answer)
  }
  const good = kit.claims(kit.b)
  const names = ['exp', 'iss', 'aud', subject, ...(has(kit, 'session-claim') ? [session] : [])]
  const moved = names.map((name): Case => {
    const token = kit.forge({
      header: headerOf(kit, { [name]: good[name] }),
      claims: { ...good, [name]: undefined },
      key: kit.keys[0],
    })
    return [`${name} in the header alone`, token]
  })
  await kit.refuses('T-063', onBothLists(kit, moved))
}
