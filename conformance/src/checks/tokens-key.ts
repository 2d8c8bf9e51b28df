// The target knows its keys; nothing in a token brings, names a place of, or describes another: matrix §4.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Check, Kit } from '../check.ts'
import { type Alg, type Header, type Key, segment, sign } from '../token.ts'
import { selfSigned } from './self-signed.ts'
import {
  actsAsBAtMost,
  type Case,
  has,
  headerOf,
  nearMisses,
  notTexts,
  onBothLists,
  onListOf,
  say,
  withHeader,
} from './token-cases.ts'
import { WEAK_SECRETS } from './weak-secrets.ts'

export const checks: Check[] = [
  { rows: ['T-045'], run: embeddedKeys },
  { rows: ['T-046'], needs: ['key'], run: embeddedBesides },
  { rows: ['T-047', 'T-048'], run: keysElsewhere },
  { rows: ['T-049'], run: certificates },
  { rows: ['T-050', 'T-051'], needs: ['key'], feature: 'kid', run: whichKey },
  { rows: ['T-052'], run: kidAsPath },
  { rows: ['T-054'], alone: true, run: kidAsCommand },
  { rows: ['T-056'], run: kidInTheLog },
  {
    rows: ['T-057'],
    needs: ['key', 'hook:rotate-keys'],
    feature: 'rotation',
    kind: 'destructive',
    deadline: 240,
    last: true,
    run: retiredKey,
  },
  { rows: ['T-059'], run: weakSecrets },
  { rows: ['T-060'], needs: ['key'], feature: 'symmetric', run: otherReadings },
  { rows: ['T-061'], needs: ['key'], run: critical },
  { rows: ['T-063'], needs: ['key'], run: claimsInTheHeader },
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

async function whichKey(kit: Kit): Promise<void> {
  const [key, second] = kit.keys as [Key, Key?]
  const mayMiss = kit.profile.choices.missingKid === 'single-key'
  const values = [...(mayMiss ? [] : [undefined]), '', ...notTexts(kit.random), [key.kid], { kid: key.kid }]
  const noKids = values.map((kid): Case => [`kid ${say(kid)}`, withHeader(kit, { kid })])
  await kit.refuses('T-050', onListOf(kit, kit.b, noKids))
  const names = ['__proto__', 'constructor', 'toString', 'default', '*', '0', kit.random.text(8)]
  const unknown = [...nearMisses(kit.random, String(key.kid)), ...names].filter(
    kid => !kit.keys.some(one => one.kid === kid),
  )
  const cases = unknown.map(
    (kid): Case => [`unknown kid ${say(kid)}, signature by ${key.kid}`, withHeader(kit, { kid })],
  )
  if (second) {
    cases.push([`kid ${second.kid}, signature by ${key.kid}`, withHeader(kit, { kid: second.kid })])
    cases.push([`kid ${key.kid}, signature by ${second.kid}`, withHeader(kit, { kid: key.kid }, second)])
  } else {
    kit.row('T-051').note('one key alone in the profile: the kid of a second one was not tried')
  }
  await kit.refuses('T-051', onListOf(kit, kit.b, cases))
}

const FILES = ['/dev/null', '/proc/sys/kernel/randomize_va_space', '/etc/hostname', '/proc/sys/kernel/ostype']

/** Files whose content everybody knows, and the content as the secret. */
async function kidAsPath(kit: Kit): Promise<void> {
  const up = '../'.repeat(8)
  const cases = FILES.flatMap(file =>
    [file, `${up}${file.slice(1)}`, `..${file}`, `${up}${file.slice(1)}\u0000`, `file://${file}`].flatMap(
      kid =>
        contentsOf(file).map((secret): Case => {
          const token = kit.forge({
            header: kit.header({ alg: 'HS256', kid }),
            claims: kit.claims(kit.a),
            key: { alg: 'HS256', secret },
          })
          return [`kid ${say(kid)}, secret ${say(secret.toString())}`, token]
        }),
    ),
  )
  await kit.refuses('T-052', onListOf(kit, kit.a, cases))
}

function contentsOf(file: string): Buffer[] {
  const known = file === '/dev/null' ? [''] : ['', '2\n', '2', 'Linux\n', localContent(file)]
  return [...new Set(known)].map(text => Buffer.from(text))
}

/** The target may be on this machine; elsewhere the guess is merely wrong. */
function localContent(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const SLEEP_SECONDS = 2
const NORMAL_MS = 1_000

/** Slow once may be noise; three times it is the command. */
async function kidAsCommand(kit: Kit): Promise<void> {
  const row = kit.row('T-054')
  const kids = [
    `|sleep ${SLEEP_SECONDS}`,
    `$(sleep ${SLEEP_SECONDS})`,
    `\`sleep ${SLEEP_SECONDS}\``,
    `x; sleep ${SLEEP_SECONDS}`,
    `x' || pg_sleep(${SLEEP_SECONDS})--`,
    `'||pg_sleep(${SLEEP_SECONDS})--`,
    `'; select pg_sleep(${SLEEP_SECONDS})--`,
    `x' union select 'AA'--`,
    `' or '1'='1`,
    `x' and sleep(${SLEEP_SECONDS})#`,
    `x'; waitfor delay '0:0:${SLEEP_SECONDS}'--`,
  ]
  const token = (kid: string) =>
    kit.forge({ header: kit.header({ kid }), claims: kit.claims(kit.a), key: kit.ownKey('HS256') })
  await kit.between('T-054', async () => {
    for (const kid of kids) {
      let fastest = Infinity
      for (let attempt = 0; attempt < 3 && fastest >= NORMAL_MS; attempt += 1) {
        const answer = await kit.send(kit.withToken(token(kid), kit.a))
        if (!row.refused401(answer, `kid ${kid}`)) break
        fastest = Math.min(fastest, answer.ms)
      }
      if (!row.is(fastest < NORMAL_MS, `kid ${kid}: ${fastest.toFixed(0)} ms until it was answered`)) return
    }
  })
}

async function kidInTheLog(kit: Kit): Promise<void> {
  const mark = kit.random.text(16)
  const start = (await kit.hooks.log?.({ after: 0 }))?.end ?? 0
  const texts = [
    'k'.repeat(10 * 1024),
    `k\r\n{"level":"info","event":"${mark}"}`,
    `k\nSet-Cookie: ${mark}=1`,
    'k\u001b[2J\u001b]0;x\u0007',
    'k\u2028k\u2029k',
    '$' + '{jndi:ldap://127.0.0.1/x}',
    '%s%n%x %d',
    '<script>',
    'ключ',
    '\u0000',
    '\ud800',
  ]
  const cases = texts.map((kid): Case => {
    const token = kit.forge({
      header: kit.header({ kid }),
      claims: kit.claims(kit.a),
      key: kit.ownKey('HS256'),
    })
    return [`kid ${say(kid)}`, token]
  })
  await kit.refuses('T-056', onListOf(kit, kit.a, cases))
  const log = await kit.hooks.log?.({ after: start })
  if (log === undefined) return
  const forged = log.text
    .split('\n')
    .filter(line => line.trimStart().startsWith('{') && eventOf(line) === mark)
  kit.row('T-056').is(forged.length === 0, 'a line break in kid writes no line of its own into the log')
}

function eventOf(line: string): unknown {
  try {
    return JSON.parse(line).event
  } catch {
    return undefined
  }
}

/** The last thing of a run: afterwards the profile's first key is of no use. */
async function retiredKey(kit: Kit): Promise<void> {
  const row = kit.row('T-057')
  const old = kit.mint(kit.b)
  const ask = (token: string) => kit.send(kit.withToken(token, kit.b))
  const isActive = (await ask(old)).status === 200
  if (isActive) {
    for (const step of ['announce', 'sign'] as const) {
      await kit.hooks['rotate-keys']!({ step })
      row.is((await ask(old)).status === 200, `the old key is good until it is retired (after "${step}")`)
    }
    await kit.hooks['rotate-keys']!({ step: 'retire' })
  }
  for (const identity of [kit.a, kit.b]) {
    if (identity.session) identity.token = await kit.accounts.token(identity.session)
  }
  row.refused401(await ask(old), 'a token of the retired key, used before')
  row.refused401(await ask(kit.mint(kit.b)), 'a token of the retired key, never used')
  const unknown = kit.forge({
    header: kit.header({ kid: kit.random.text(8) }),
    claims: kit.claims(kit.b),
    key: kit.ownKey(kit.keys[0]!.alg),
  })
  row.refused401(await ask(unknown), 'a token of a key that is not announced yet')
}

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
