// What has the form of an access token at all: matrix §2.
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Check, Kit, Refusal } from '../check.ts'
import type { Answer } from '../client.ts'
import { segment } from '../token.ts'
import {
  actsAsBAtMost,
  asSubject,
  type Case,
  claimCases,
  has,
  onBothLists,
  onListOf,
  staysSmall,
  withClaims,
  withHeader,
  withPayload,
  withRawHeader,
} from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-010'], run: withoutCredentials },
  { rows: ['T-011', 'T-012'], run: otherCredentials },
  { rows: ['T-013', 'T-014', 'T-015'], run: segments },
  { rows: ['T-016'], needs: ['key'], feature: 'symmetric', run: encrypted },
  { rows: ['T-017'], needs: ['key'], run: jsonSerialisation },
  { rows: ['T-019', 'T-020'], needs: ['key'], run: noObjects },
  { rows: ['T-021'], needs: ['key'], run: byteOrderMark },
  { rows: ['T-022', 'T-023'], needs: ['key'], run: encodings },
  { rows: ['T-026'], needs: ['key'], run: nul },
  { rows: ['T-028', 'T-029'], needs: ['key'], alone: true, run: sizes },
  { rows: ['T-030'], run: mutations },
]

async function withoutCredentials(kit: Kit): Promise<void> {
  const cases = Object.keys(kit.profile.routes).map(route => ({
    why: `no Authorization, ${route}`,
    request: kit.request(route, { owner: kit.b, id: kit.b.tasks[0] }),
  }))
  await kit.refuses('T-010', cases, { kind: 'no-credentials' })
  for (const { why, request } of cases) {
    const answer = await kit.send(request)
    const code = /\berror=/.test(answer.header('www-authenticate') ?? '')
    kit.row('T-010').is(!code, `${why}: an error code although no credentials were sent`, answer)
  }
}

async function otherCredentials(kit: Kit): Promise<void> {
  const empty = ['', 'Bearer', 'Bearer ', `Bearer${' '.repeat(2 + kit.random.integer(40))}`, 'bearer']
  await refusesAnyhow(kit, 'T-011', empty)
  const others = [
    'Basic dTpw',
    `Basic ${Buffer.from(`${kit.b.email}:${kit.random.text(8)}`).toString('base64')}`,
    'Digest username="u", realm="r", nonce="n", uri="/", response="0"',
    `DPoP ${kit.b.token}`,
    `Token ${kit.b.token}`,
    `${kit.random.text(6)} ${kit.b.token}`,
  ]
  await refusesAnyhow(kit, 'T-012', others)
}

/** A server may say that a token is wrong, or that there is none: both are true of these. */
async function refusesAnyhow(kit: Kit, id: string, values: string[]): Promise<void> {
  await kit.between(id, async () => {
    for (const value of values) {
      const request = kit.request('list', { owner: kit.b, headers: [['Authorization', value]] })
      const answer = await kit.send({ ...request, as: kit.b })
      const hasCode = /\berror=/.test(answer.header('www-authenticate') ?? '')
      const why = `Authorization: ${value.slice(0, 40)}`
      kit.row(id).refused401(answer, why, hasCode ? 'invalid' : 'no-credentials')
    }
  })
}

async function segments(kit: Kit): Promise<void> {
  const texts = [
    'null',
    'undefined',
    '[object Object]',
    'true',
    'false',
    'NaN',
    '0',
    'eyJ',
    kit.random.text(20),
  ]
  await kit.refuses(
    'T-013',
    onListOf(
      kit,
      kit.b,
      texts.map(text => [text, text]),
    ),
  )
  const { token } = kit.b
  const [header = '', payload = '', signature = ''] = token.split('.')
  const more = [4, 5, 6, 7].map(count => [token, ...Array(count - 3).fill(signature)].join('.'))
  const other = [
    header,
    `${header}.`,
    `${header}.${payload}`,
    '.',
    '..',
    '...',
    `.${token}`,
    `${token}.`,
    `${token}..`,
  ]
  const appended = [1, 2, 3].map(count => `${token}${`.${kit.random.text(count * 7)}`.repeat(count)}`)
  const cut = [...other, ...more, ...appended].map(
    text => [`${text.split('.').length} segments`, text] as Case,
  )
  await kit.refuses('T-014', onListOf(kit, kit.b, cut))
  const emptied: Case[] = [
    ['empty header', `.${payload}.${signature}`],
    ['empty payload', `${header}..${signature}`],
    ['empty signature', `${header}.${payload}.`],
    ['nothing but the signature', `..${signature}`],
    ['nothing but the payload', `.${payload}.`],
  ]
  await kit.refuses('T-015', onListOf(kit, kit.b, emptied))
}

/** A JWE that says what an access token says (RFC 7516 §7.1, `dir`), made with the secret of the signatures. */
async function encrypted(kit: Kit): Promise<void> {
  const { secret, kid } = kit.keys[0]!
  const cases: Case[] = []
  for (const [name, key] of contentKeys(secret!)) {
    const enc = `A${key.length * 8}GCM`
    for (const more of [{ typ: kit.header().typ, kid }, { typ: kit.header().typ, kid, cty: 'JWT' }, {}]) {
      const plain = 'cty' in more ? kit.mint(kit.a) : JSON.stringify(kit.claims(kit.a))
      cases.push([`JWE dir ${enc}, ${name}`, encryptDirectly({ alg: 'dir', enc, ...more }, plain, key)])
    }
  }
  await kit.refuses('T-016', onListOf(kit, kit.a, cases))
}

function contentKeys(secret: Buffer): [name: string, key: Buffer][] {
  const derived = Buffer.from(hkdfSync('sha256', secret, '', '', 32))
  const keys: [string, Buffer][] = [
    ['its first 32 bytes', secret.subarray(0, 32)],
    ['derived from it', derived],
  ]
  return keys.filter(([, key]) => [16, 24, 32].includes(key.length))
}

function encryptDirectly(header: object, plain: string, key: Buffer): string {
  const iv = randomBytes(12)
  const protectedHeader = segment(JSON.stringify(header))
  const cipher = createCipheriv(`aes-${(key.length * 8) as 256}-gcm`, key, iv)
  cipher.setAAD(Buffer.from(protectedHeader))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return [protectedHeader, '', segment(iv), segment(text), segment(cipher.getAuthTag())].join('.')
}

async function jsonSerialisation(kit: Kit): Promise<void> {
  const [header = '', payload = '', signature = ''] = kit.mint(kit.a).split('.')
  const flattened = { protected: header, payload, signature }
  const general = { payload, signatures: [{ protected: header, signature }] }
  const unprotected = { payload, header: kit.header(), signature }
  const cases = [flattened, general, unprotected, [flattened]].flatMap((form): Case[] => {
    const text = JSON.stringify(form)
    return [
      [text.slice(0, 24), text],
      [`${text.slice(0, 24)} in base64url`, segment(text)],
    ]
  })
  await kit.refuses('T-017', onListOf(kit, kit.a, cases))
}

async function noObjects(kit: Kit): Promise<void> {
  const { random } = kit
  const texts = [
    '[]',
    '"x"',
    'null',
    'true',
    '{',
    '}',
    '{}trailing',
    '{}{}',
    '{"a":}',
    "{'a':1}",
    '\u0000',
    'x',
    ' ',
  ]
  const values = [...texts, String(random.integer(1e9)), `[${JSON.stringify(kit.header())}]`, random.text(12)]
  const claims = JSON.stringify(kit.claims(kit.b))
  const broken = [claims.slice(0, -1), `${claims}x`, `[${claims}]`, JSON.stringify(claims), `${claims},`]
  const headers = values.map((text): Case => [`header ${text}`, withRawHeader(kit, text)])
  const brokenHeader = `${JSON.stringify(kit.header())}trailing`
  headers.push(['a header with a tail', withRawHeader(kit, brokenHeader)])
  await kit.refuses('T-019', onListOf(kit, kit.b, headers))
  const payloads = [...values, ...broken].map(
    (text): Case => [`payload ${text.slice(0, 30)}`, withPayload(kit, text)],
  )
  await kit.refuses('T-020', onListOf(kit, kit.b, [...payloads, ['empty payload', withPayload(kit, '')]]))
}

async function byteOrderMark(kit: Kit): Promise<void> {
  const header = JSON.stringify(kit.header())
  const cases: Case[] = ['\uFEFF', '\uFEFF\uFEFF', '\uFFFE'].flatMap((mark): Case[] => [
    [`${say(mark)} before the payload`, withPayload(kit, mark + JSON.stringify(kit.claims(kit.b)))],
    [`${say(mark)} before the header`, withRawHeader(kit, mark + header)],
  ])
  await actsAsBAtMost(kit, 'T-021', cases)
}

const say = (mark: string) => Buffer.from(mark).toString('hex')

async function encodings(kit: Kit): Promise<void> {
  const [header, payload] = [JSON.stringify(kit.header()), JSON.stringify(kit.claims(kit.b))]
  const encoded = Object.entries(ENCODINGS).flatMap(([name, encode]): Case[] => [
    [`payload in ${name}`, withPayload(kit, encode(payload))],
    [`header in ${name}`, withRawHeader(kit, encode(header))],
  ])
  await kit.refuses('T-022', onListOf(kit, kit.b, encoded))
  const bad = ['ff', 'c080', 'eda080', 'f4908080', 'e282', 'fe', '80', 'f8888080']
  const placed = bad.flatMap((hex): Case[] => [
    ...['sub', 'user_id', 'sid', 'jti', 'email', 'x'].map(
      (claim): Case => [`${hex} in ${claim}`, withPayload(kit, put(kit.claims(kit.b), claim, hex))],
    ),
    [`${hex} in the header`, withRawHeader(kit, put(kit.header(), 'x', hex))],
    [`${hex} in kid`, withRawHeader(kit, put(kit.header(), 'kid', hex))],
  ])
  await kit.refuses('T-023', onListOf(kit, kit.b, placed))
}

/** The JSON of these members with bytes at the end of one of them. */
function put(members: Record<string, unknown>, name: string, hex: string): Buffer {
  const text = JSON.stringify({ ...members, [name]: `${members[name] ?? ''}\u0001` })
  const at = text.indexOf('\\u0001')
  return Buffer.concat([
    Buffer.from(text.slice(0, at)),
    Buffer.from(hex, 'hex'),
    Buffer.from(text.slice(at + 6)),
  ])
}

const ENCODINGS: Record<string, (text: string) => Buffer> = {
  'UTF-16LE': text => Buffer.from(text, 'utf16le'),
  'UTF-16LE with a mark': text => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16BE': text => Buffer.from(text, 'utf16le').swap16(),
  'UTF-16BE with a mark': text => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  'UTF-32LE': text => utf32(text, 'LE'),
  'UTF-32BE': text => utf32(text, 'BE'),
  'UTF-7': text =>
    Buffer.from(text.replaceAll('{', '+AHs-').replaceAll('}', '+AH0-').replaceAll('"', '+ACI-')),
}

function utf32(text: string, order: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.alloc(text.length * 4)
  for (const [index, char] of [...text].entries()) {
    if (order === 'LE') bytes.writeUInt32LE(char.codePointAt(0)!, index * 4)
    else bytes.writeUInt32BE(char.codePointAt(0)!, index * 4)
  }
  return bytes
}

async function nul(kit: Kit): Promise<void> {
  const around = (text: string) => [`${text}\0`, `\0${text}`, `${text}\0${kit.random.text(4)}`]
  const subjects = around(kit.a.id).map((sub): Case => ['NUL in sub', withClaims(kit, asSubject(kit, sub))])
  const sessions = claimCases(kit, 'sid', around(String(kit.claims(kit.b).sid ?? 's')))
  const both = has(kit, 'session-claim') ? [...subjects, ...sessions] : subjects
  await kit.refuses('T-026', onBothLists(kit, both))
}

async function sizes(kit: Kit): Promise<void> {
  const { subject } = kit.profile.token
  const filled = [8, 15, 64, 1024].map((kilobytes): Case => {
    const x = kit.random.text(16).repeat((kilobytes * 1024 * 3) / 4 / 16)
    return [`${kilobytes} KB`, withClaims(kit, { x })]
  })
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const wide = `{${Array.from({ length: 10_000 }, (_, index) => `"m${index}":1`).join()}}`
  const nested = [1_000, 4_500, 10_000].flatMap((levels): Case[] => [
    [
      `sub ${levels} deep`,
      withPayload(
        kit,
        JSON.stringify(kit.claims(kit.b, { [subject]: 0 })).replace(
          `"${subject}":0`,
          `"${subject}":${deep(levels)}`,
        ),
      ),
    ],
    [
      `header ${levels} deep`,
      withRawHeader(kit, `{"kid":${deep(levels)},${JSON.stringify(kit.header({ kid: undefined })).slice(1)}`),
    ],
  ])
  const unknown: Case[] = [
    [
      'an unknown claim 4,500 deep',
      withPayload(kit, JSON.stringify(kit.claims(kit.b)).replace('{', `{"x":${deep(4_500)},`)),
    ],
    ['10,000 members', withClaims(kit, { x: JSON.parse(wide) })],
    ['10,000 members in the header', withHeader(kit, { x: JSON.parse(wide) })],
  ]
  await refusesAtOnce(kit, 'T-028', filled)
  await refusesAtOnce(kit, 'T-029', [...nested, ...unknown])
}

const AT_ONCE_MS = 50
/** Noise does not strike each of so many. */
const ATTEMPTS = 25
/** What servers take as headers at all, at the least. */
const HEADER_BYTES_OF_NODE = 16 * 1024

/** A header too large for the server itself may be its 431, and it may hang up on who keeps on writing. */
async function refusesAtOnce(kit: Kit, id: string, cases: Case[]): Promise<void> {
  const row = kit.row(id)
  const work = async () => {
    for (const [why, token] of cases) {
      let extra = Infinity
      for (let attempt = 0; attempt < ATTEMPTS && extra >= AT_ONCE_MS; attempt += 1) {
        const plain = await kit.send({ ...kit.withToken('garbage', kit.b), fresh: true })
        const answer = await kit.send({ ...kit.withToken(token, kit.b), fresh: true })
        if (!isTooLarge(token, answer) && !row.refused401(answer, why)) return
        extra = Math.min(extra, answer.ms - plain.ms)
      }
      const longer = `${extra.toFixed(1)} ms longer than for any other bad token`
      row.is(extra < AT_ONCE_MS, `${why}: refusing it takes ${longer}`)
    }
  }
  await kit.between(id, () => staysSmall(kit, id, 20, work))
}

function isTooLarge(token: string, answer: Answer): boolean {
  if (token.length <= HEADER_BYTES_OF_NODE / 2) return false
  return [400, 413, 431].includes(answer.status) || (answer.status === 0 && answer.closed)
}

const COUNT = 2_000

/** Bytes that a header may carry; the others are the business of the HTTP parser (T-117). */
async function mutations(kit: Kit): Promise<void> {
  const { random } = kit
  const token = Buffer.from(kit.b.token)
  const cases = Array.from({ length: COUNT }, (): Refusal => {
    const bytes = Buffer.from(token)
    const at = random.integer(bytes.length)
    const byte = random.pick(HEADER_BYTES.filter(one => one !== token[at]))
    bytes[at] = byte
    const value = Buffer.concat([Buffer.from('Bearer '), bytes])
    const request = kit.request('list', { owner: kit.b })
    return {
      why: `byte ${at} is ${byte.toString(16)}`,
      request: { ...request, as: kit.b, headers: [...(request.headers ?? []), ['Authorization', value]] },
    }
  })
  await kit.refuses('T-030', cases)
}

const HEADER_BYTES = [...Array(256).keys()].filter(byte => byte >= 0x20 && byte !== 0x7f)
