// A token has one spelling, and each bit of it counts: matrix §6.
import type { Check, Kit } from '../check.ts'
import { type Case, onListOf } from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-096'], run: signatureBits },
  { rows: ['T-097'], run: signedBytes },
  { rows: ['T-100', 'T-101'], run: alphabets },
  { rows: ['T-102'], run: charactersBetween },
  { rows: ['T-104'], run: mixed },
  { rows: ['T-108'], kind: 'statistical', alone: true, deadline: 240, run: timing },
]

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

async function signatureBits(kit: Kit): Promise<void> {
  const { signed, signature } = parts(kit.b.token)
  const bytes = Buffer.from(signature, 'base64url')
  const flipped = Array.from({ length: bytes.length * 8 }, (_, bit): Case => {
    const changed = Buffer.from(bytes)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    return [`bit ${bit} of the signature`, `${signed}.${changed.toString('base64url')}`]
  })
  const cut = [1, 2, 4, 8, 16, bytes.length - 1].flatMap((length): Case[] => [
    [
      `the first ${length} bytes of the signature`,
      `${signed}.${bytes.subarray(0, length).toString('base64url')}`,
    ],
    [
      `${length} bytes behind the signature`,
      `${signed}.${Buffer.concat([bytes, kit.random.bytes(length)]).toString('base64url')}`,
    ],
  ])
  await kit.refuses('T-096', onListOf(kit, kit.b, [...flipped, ...trailingBits(signed, signature), ...cut]))
}

/** The last character may hold bits that belong to no byte: lenient decoders drop them (RFC 4648 §3.5). */
function trailingBits(signed: string, signature: string): Case[] {
  const last = ALPHABET.indexOf(signature.at(-1)!)
  const others = [...ALPHABET].filter((_, index) => index !== last)
  const same = others.filter(char => sameBytes(signature, signature.slice(0, -1) + char))
  return same.map(char => [
    `trailing bits of the signature (${char})`,
    `${signed}.${signature.slice(0, -1)}${char}`,
  ])
}

const sameBytes = (one: string, other: string) =>
  Buffer.from(one, 'base64url').equals(Buffer.from(other, 'base64url'))

function parts(token: string) {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return { header, payload, signature, signed: `${header}.${payload}` }
}

/** Every byte once by a change of one bit, which often leaves JSON, and once by any other byte. */
async function signedBytes(kit: Kit): Promise<void> {
  const { header, payload, signature } = parts(kit.b.token)
  const changes = (segment: string): string[] => {
    const bytes = Buffer.from(segment, 'base64url')
    return [...bytes.keys()].flatMap(at =>
      [1 << kit.random.integer(8), 1 + kit.random.integer(255)].map(mask => {
        const changed = Buffer.from(bytes)
        changed[at]! ^= mask
        return changed.toString('base64url')
      }),
    )
  }
  const cases: Case[] = [
    ...changes(header).map(
      (text, index): Case => [`byte ${index >> 1} of the header`, `${text}.${payload}.${signature}`],
    ),
    ...changes(payload).map(
      (text, index): Case => [`byte ${index >> 1} of the payload`, `${header}.${text}.${signature}`],
    ),
    ...trailingBits(header, payload).map(
      ([why, text]): Case => [why.replace('signature', 'payload'), `${text}.${signature}`],
    ),
    ['the claims of A', `${header}.${parts(kit.a.token).payload}.${signature}`],
  ]
  await kit.refuses('T-097', onListOf(kit, kit.b, cases))
  await kit.refuses('T-097', onListOf(kit, kit.a, cases.slice(-1)))
}

async function alphabets(kit: Kit): Promise<void> {
  const { header, payload, signature } = parts(kit.b.token)
  const segments = [header, payload, signature]
  const joined = (at: number, text: string) => segments.with(at, text).join('.')
  const padded = ['=', '==', '===', '%3D', '%3d'].flatMap(end =>
    segments.map((text, at): Case => [`${end} behind segment ${at + 1}`, joined(at, text + end)]),
  )
  const full = segments
    .map(text => Buffer.from(text, 'base64url').toString('base64'))
    .map(text => text.replaceAll('+', '-').replaceAll('/', '_'))
  await kit.refuses(
    'T-100',
    onListOf(
      kit,
      kit.b,
      [
        ...padded.filter(([, token]) => token !== kit.b.token),
        ['padded as it should be', full.join('.')],
      ].filter(([, token]) => token !== kit.b.token) as Case[],
    ),
  )
  await standardAlphabet(kit)
}

async function standardAlphabet(kit: Kit): Promise<void> {
  const row = kit.row('T-101')
  const token = await tokenWithBoth(kit)
  if (!token) return row.inconclusive('no token was found in which the two alphabets differ')
  const standard = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/')
  const segments = token.split('.')
  const each = segments.map(
    (text, at): Case => [
      `segment ${at + 1} in the standard alphabet`,
      segments.with(at, standard(text)).join('.'),
    ],
  )
  const one: Case[] = [
    ['+ for -', token.replaceAll('-', '+')],
    ['/ for _', token.replaceAll('_', '/')],
    ['both', standard(token)],
  ]
  await kit.refuses(
    'T-101',
    onListOf(
      kit,
      kit.b,
      [...each, ...one].filter(([, text]) => text !== token),
    ),
  )
}

/** A good token of B whose signature has a character in which the alphabets differ. */
async function tokenWithBoth(kit: Kit): Promise<string | undefined> {
  const differs = (token: string) => /[-_]/.test(token.split('.')[2] ?? '')
  if (differs(kit.b.token)) return kit.b.token
  for (let attempt = 0; attempt < 200 && kit.keys.length > 0; attempt += 1) {
    const token = kit.mint(kit.b)
    if (differs(token)) return token
  }
  for (let attempt = 0; attempt < 10 && kit.b.session; attempt += 1) {
    const token = await kit.accounts.token(kit.b.session)
    if (differs(token)) return token
  }
  return undefined
}

const VISIBLE = ['?', '#', '&', ',', ';', '"', '%20', '%00', '~', '*', '\u00a0']
/** A server may refuse these before anybody looks at a token: 400, and hang up. */
const CONTROLS = ['\n', '\r', '\r\n', '\0', '\v', '\f', '\x7f']

async function charactersBetween(kit: Kit): Promise<void> {
  const { header, payload, signature } = parts(kit.b.token)
  const segments = [header, payload, signature]
  const put = (mark: string) =>
    segments.flatMap((text, at): Case[] => {
      const inside = 1 + kit.random.integer(text.length - 1)
      const forms = [text.slice(0, inside) + mark + text.slice(inside), text + mark, mark + text]
      return forms.map(form => [
        `${JSON.stringify(mark)} in segment ${at + 1}`,
        segments.with(at, form).join('.'),
      ])
    })
  // White space around the whole value belongs to the header field, not to the token (RFC 9110 §5.5).
  const blanks = [' ', '\t', '  '].flatMap(put).filter(([, token]) => token.trim() === token)
  await kit.refuses('T-102', onListOf(kit, kit.b, [...VISIBLE.flatMap(put), ...blanks]))
  const row = kit.row('T-102')
  await kit.between('T-102', async () => {
    // A line break at the very end ends the header field, and the token before it is whole.
    const cases = CONTROLS.flatMap(put).filter(([, token]) => !/\r?\n$/.test(token))
    for (const [why, token] of cases) {
      const answer = await kit.send({ ...kit.withToken(token, kit.b), fresh: true })
      if (answer.status === 401) row.refused401(answer, why)
      else
        row.is(answer.status === 400 || (answer.status === 0 && answer.closed), `${why}: 400 or 401`, answer)
    }
  })
}

async function mixed(kit: Kit): Promise<void> {
  const [a, b] = [kit.a.token.split('.'), kit.b.token.split('.')] as [string[], string[]]
  const mixes = [1, 2, 3, 4, 5, 6].map((mix): Case => {
    const from = [0, 1, 2].map(at => ((mix >> at) & 1 ? a : b))
    const name = from.map(source => (source === a ? 'A' : 'B')).join('.')
    return [`header, payload and signature of ${name}`, from.map((source, at) => source[at]).join('.')]
  })
  const fresh = mixes.filter(([, token]) => token !== kit.a.token && token !== kit.b.token)
  await kit.refuses('T-104', [...onListOf(kit, kit.a, fresh), ...onListOf(kit, kit.b, fresh)])
}

/** 4,000 pairs leave an interval of less than ±0.02. */
const ENOUGH = { pairs: 400, repeats: 9 }

/** Signatures that share their first bytes with the right one against such that share none. */
async function timing(kit: Kit): Promise<void> {
  const row = kit.row('T-108')
  const { signed, signature } = parts(kit.b.token)
  const right = Buffer.from(signature, 'base64url')
  const measure = (shared: number) => async () => {
    const wrong = kit.random.bytes(right.length)
    right.copy(wrong, 0, 0, shared)
    if (shared < right.length) wrong[shared] = right[shared]! ^ (1 + kit.random.integer(255))
    const answer = await kit.send(kit.withToken(`${signed}.${wrong.toString('base64url')}`, kit.b))
    row.refused401(answer, `${shared} bytes of the signature are right`)
    return answer.ms
  }
  await kit.between('T-108', async () => {
    for (const shared of [right.length >> 1, right.length - 1]) {
      const { auc, low, high, pairs, verdict } = await kit.statistics.compare(
        {
          first: measure(0),
          second: measure(shared),
        },
        ENOUGH,
      )
      const numbers = `AUC ${auc.toFixed(3)}, 95 % interval ${low.toFixed(3)}–${high.toFixed(3)}, ${pairs} pairs`
      row.note(`0 against ${shared} right bytes: ${numbers}`)
      if (verdict === 'unclear') row.inconclusive(`0 against ${shared} right bytes: ${numbers}`)
      else row.is(verdict === 'same', `0 and ${shared} right bytes take the same time: ${numbers}`)
    }
  })
}
