// §11: a body is JSON in UTF-8 of a documented shape, or it is refused before anything believes it.
import { promisify } from 'node:util'
import {
  brotliCompress,
  brotliCompressSync,
  deflateSync,
  gzip,
  gzipSync,
  zstdCompress,
  zstdCompressSync,
} from 'node:zlib'
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import type { RouteName } from '../profile.ts'
import { statusOf } from '../row.ts'
import {
  answers,
  has,
  idOf,
  isGood,
  isRefused,
  type Members,
  makeTask,
  readTask,
  sample,
} from './own-tasks.ts'

type Headers = [name: string, value: string][]

const INVALID = [400, 422]

const BLOCK = 64_000_000
const pack = {
  gzip: promisify<Buffer, Buffer>(gzip),
  brotli: promisify<Buffer, Buffer>(brotliCompress),
  zstd: promisify<Buffer, Buffer>(zstdCompress),
}

export const checks: Check[] = [
  {
    rows: ['T-169'],
    async run(kit) {
      const { title } = kit.profile.task
      await kit.between('T-169', async () => {
        for (const depth of [1_000, 5_000, 30_000, 100_000]) {
          for (const [open, shut] of [
            ['[', ']'],
            ['{"a":', '}'],
          ] as const) {
            const deep = `${open.repeat(depth)}${open === '[' ? '' : '1'}${shut.repeat(depth)}`
            for (const body of [`{"${title}":${deep}}`, `{"${title}":"x","unknown":${deep}}`, deep]) {
              answers(kit, 'T-169', await create(kit, body), [400, 413, 422], `${depth} levels`)
            }
          }
        }
      })
    },
  },
  {
    rows: ['T-171'],
    async run(kit) {
      const numbers = [
        '1e999',
        '-1e999',
        '-0',
        '9007199254740993',
        '1e-400',
        '9'.repeat(400),
        '1.5',
        `0.${'3'.repeat(400)}`,
      ]
      await kit.between('T-171', async () => {
        for (const number of numbers) {
          for (const name of taken(kit)) {
            const body = textOf(kit, 'create', name, number)
            answers(kit, 'T-171', await create(kit, body), INVALID, `${name} is ${number.slice(0, 30)}`)
          }
        }
      })
    },
  },
  {
    rows: ['T-172'],
    async run(kit) {
      const body = JSON.stringify(sample(kit, 'create'))
      await kit.between('T-172', async () => {
        for (const type of FOREIGN_TYPES) {
          const headers: Headers = type === null ? [] : [['Content-Type', type]]
          answers(
            kit,
            'T-172',
            await createAs(kit, headers, body),
            [415],
            `Content-Type ${type ?? 'missing'}`,
          )
        }
        const form = new URLSearchParams({ [kit.profile.task.title]: 'A form' }).toString()
        const asForm: Headers = [['Content-Type', 'application/x-www-form-urlencoded']]
        answers(kit, 'T-172', await createAs(kit, asForm, form), [415], 'a form')
        const twice: Headers = [
          ['Content-Type', 'application/json'],
          ['Content-Type', 'text/plain'],
        ]
        for (const headers of [twice, twice.toReversed()])
          answers(kit, 'T-172', await createAs(kit, headers, body), [400, 415], 'two types')
        const invalid = await createAs(kit, [['Content-Type', ' application/json']], '{"unknown":1}')
        kit.row('T-172').is(isRefused(invalid), 'a space before the type skips validation', invalid)
      })
    },
  },
  {
    rows: ['T-174'],
    async run(kit) {
      const body = Buffer.from(JSON.stringify(sample(kit, 'create')))
      const bombs = await makeBombs(kit)
      const packed: [string, Buffer][] = [
        ['gzip', gzipSync(body)],
        ['x-gzip', gzipSync(body)],
        ['br', brotliCompressSync(body)],
        ['deflate', deflateSync(body)],
        ['zstd', zstdCompressSync(body)],
        ['gzip, gzip', gzipSync(gzipSync(body))],
      ]
      await kit.between('T-174', async () => {
        for (const [coding, bytes] of packed) await isRefusedPacked(kit, coding, bytes, [400, 415])
        for (const [coding, bytes] of bombs) await isRefusedPacked(kit, coding, bytes, [400, 413, 415])
      })
    },
  },
  {
    rows: ['T-174'],
    alone: true,
    run: bombsTakeNoMemory,
  },
  {
    rows: ['T-175'],
    async run(kit) {
      const { title } = kit.profile.task
      const around = (bytes: number[]) =>
        Buffer.concat([Buffer.from(`{"${title}":"a`), Buffer.from(bytes), Buffer.from('"}')])
      const broken = [
        [0xff],
        [0xc3],
        [0xc0, 0xaf],
        [0xe0, 0x80, 0xaf],
        [0xed, 0xa0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0x80],
        [0xe9],
      ]
      const text = JSON.stringify(sample(kit, 'create'))
      const wide = [
        Buffer.from(text, 'utf16le'),
        Buffer.from(`\ufeff${text}`, 'utf16le'),
        Buffer.from(text, 'utf16le').swap16(),
      ]
      await kit.between('T-175', async () => {
        for (const body of [...broken.map(around), ...wide])
          answers(
            kit,
            'T-175',
            await create(kit, body),
            INVALID,
            `the bytes ${body.subarray(0, 40).toString('latin1')}`,
          )
      })
    },
  },
  {
    rows: ['T-176'],
    async run(kit) {
      const body = JSON.stringify(sample(kit, 'create'))
      const chosen = kit.profile.choices.byteOrderMark
      await kit.between('T-176', async () => {
        const mark = await create(kit, `\ufeff${body}`)
        const isFixed =
          chosen === 'accepted'
            ? isGood(mark)
            : chosen === 'refused'
              ? isRefused(mark)
              : isGood(mark) || isRefused(mark)
        kit.row('T-176').is(isFixed, `a byte order mark answers ${statusOf(mark)}`, mark)
        const spaced = await create(kit, ` \t\r\n${body}\n\r\t `)
        kit
          .row('T-176')
          .is(isGood(spaced), `white space around the document answers ${statusOf(spaced)}`, spaced)
        for (const two of [body + body, `${body}\n${body}`, `${body},${body}`, `${body}x`, `${body}\0`])
          answers(kit, 'T-176', await create(kit, two), INVALID, 'two documents')
      })
    },
  },
  {
    rows: ['T-178', 'T-179'],
    async run(kit) {
      for (const name of texts(kit)) {
        for (const text of ['\u0000', 'a\u0000b', 'a\u0000'])
          await isHeldOrRefused(kit, 'T-178', name, text, false)
        for (const text of awkward(kit, name)) await isHeldOrRefused(kit, 'T-179', name, text, true)
        for (const written of ['\\ud800', '\\udc00x', 'x\\udbff']) await isLoneHeld(kit, name, written)
      }
      await kit.control('T-178')
      await kit.control('T-179')
    },
  },
  {
    rows: ['T-180'],
    async run(kit) {
      for (const route of ['create', 'replace', 'change'].filter(name => has(kit, name))) {
        const id = route === 'create' ? undefined : idOf(kit, await makeTask(kit, kit.b))
        const nothing = [
          '',
          'null',
          '1',
          '"text"',
          'true',
          '[]',
          '[{}]',
          '[null]',
          ...(route === 'change' ? [] : ['{}']),
        ]
        for (const body of nothing) {
          const answer = await kit.ask(route, { as: kit.b, id, body })
          answers(kit, 'T-180', answer, INVALID, `${route} with ${body || 'no body'}`)
        }
      }
      await kit.control('T-180')
    },
  },
  {
    rows: ['T-182'],
    async run(kit) {
      const { title } = kit.profile.task
      const marker = `kit${kit.random.text(10)}`
      const almost = [
        `{"${title}":NaN,"x":"${marker}"}`,
        `{"${title}":"${marker}",}`,
        `{"${title}":"${marker}"/* a comment */}`,
        `// ${marker}\n{"${title}":"x"}`,
        `{'${title}':'${marker}'}`,
        `{${title}:"${marker}"}`,
        `{"${title}":"${marker}`,
        `{"${title}":Infinity,"${marker}":1}`,
        `{"${title}":"${marker}\n"}`,
        `{"${title}":"\\x41${marker}"}`,
        marker,
      ]
      await kit.between('T-182', async () => {
        for (const body of almost) {
          const answer = await create(kit, body)
          answers(kit, 'T-182', answer, INVALID, body)
          kit
            .row('T-182')
            .is(!answer.bytes.includes(marker), 'the answer repeats what it could not read', answer)
        }
      })
    },
  },
]

const FOREIGN_TYPES = [
  null,
  '',
  'text/plain',
  'text/plain; charset=utf-8',
  'text/json',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/json garbage',
  'application/json\ta',
  'application/jsonx',
  'application/vnd.kit+json',
  'application/json; charset=utf-16',
  'application/json; charset=utf-7',
  'application/json, text/plain',
  'text/plain; application/json',
]

async function create(kit: Kit, body: string | Buffer): Promise<Answer> {
  return await kit.ask('create', { as: kit.b, body })
}

/** Small enough for the limit on bodies, and too much for any memory. Packed beside what else is measured. */
async function makeBombs({ profile }: Kit): Promise<[coding: string, bytes: Buffer][]> {
  const spaces = Buffer.alloc(BLOCK, 0x20)
  // A file of several members, or frames, is as good as one (RFC 1952 §2.2, RFC 8878 §3).
  const often = (bytes: Buffer, times: number) => Buffer.concat(Array.from({ length: times }, () => bytes))
  const member = await pack.gzip(spaces)
  const bombs: [string, Buffer][] = [
    ['gzip', often(await pack.gzip(spaces.subarray(0, BLOCK / 64)), 32)],
    ['br', await pack.brotli(spaces)],
    ['zstd', often(await pack.zstd(spaces), 4)],
    ['gzip, gzip', await pack.gzip(often(member, 16))],
  ]
  return bombs.filter(([, bytes]) => bytes.length <= profile.limits.body)
}

async function isRefusedPacked(kit: Kit, coding: string, bytes: Buffer, statuses: number[]): Promise<void> {
  const headers: Headers = [
    ['Content-Type', 'application/json'],
    ['Content-Encoding', coding],
  ]
  const answer = await createAs(kit, headers, bytes)
  answers(kit, 'T-174', answer, statuses, `Content-Encoding ${coding} of ${bytes.length} bytes`)
}

const MOST_MEMORY = 20_000_000

/** What a server allocates anyway comes and goes: what a bomb takes, it takes each time. */
async function bombsTakeNoMemory(kit: Kit): Promise<void> {
  const row = kit.row('T-174')
  const { memory } = kit.hooks
  if (!memory) return row.note('what it takes of memory was not looked at: hooks.memory is missing')
  const bombs = await makeBombs(kit)
  let least = Infinity
  const isOpen = () => least === Infinity || (least >= MOST_MEMORY && least < 10 * MOST_MEMORY)
  for (let tries = 0; tries < 5 && isOpen(); tries += 1) {
    const { bytes } = await memory({})
    for (const [coding, bomb] of bombs) await isRefusedPacked(kit, coding, bomb, [400, 413, 415])
    const { peak } = await memory({})
    least = Math.min(least, peak - bytes)
  }
  const said = `${bombs.length} bodies that unpack to gigabytes take ${(least / 1e6).toFixed(1)} MB at most`
  row.note(said)
  row.is(least < MOST_MEMORY, said)
  await kit.control('T-174')
}

async function createAs(kit: Kit, headers: Headers, body: string | Buffer): Promise<Answer> {
  const authorization: Headers = [['Authorization', `Bearer ${kit.b.token}`]]
  return await kit.send({
    ...kit.request('create', { as: kit.b }),
    headers: [...authorization, ...headers],
    body,
  })
}

/** The members a client may give that take no number. */
function taken(kit: Kit): string[] {
  const { title, description, completed } = kit.profile.task
  return [title, description, completed].filter(name => name !== undefined)
}

function texts(kit: Kit): string[] {
  const { title, description } = kit.profile.task
  return [title, description].filter(name => name !== undefined)
}

/** The sample with one member as it is written here, which JSON.stringify would not write. */
function textOf(kit: Kit, route: RouteName, name: string, written: string): string {
  const { [name]: _, ...others } = sample(kit, route)
  return `{"${name}":${written}${Object.entries(others)
    .map(([key, value]) => `,"${key}":${JSON.stringify(value)}`)
    .join('')}}`
}

function awkward(kit: Kit, name: string): string[] {
  const { limits, task } = kit.profile
  const limit = name === task.title ? limits.title : limits.description
  const base = [
    'e\u0301',
    '\u202etxet',
    '👩‍👩‍👧‍👦',
    'Å',
    'Å',
    '\u2028',
    '\ufeffx',
    '\ufffd',
    '\u0085x',
    ' x ',
    'ﬁ',
    '\u007f',
    '\u001bx',
  ]
  return [
    ...base,
    `a${'\u0301'.repeat(10_000)}`,
    `a${'\u0301'.repeat(limit - 1)}`,
    '😀'.repeat(limit),
    'é'.repeat(limit),
    'x'.repeat(limit),
  ]
}

/** Comes back as it was sent, or is refused; `mayHold` false: it must be refused. */
async function isHeldOrRefused(
  kit: Kit,
  row: string,
  name: string,
  text: string,
  mayHold: boolean,
): Promise<void> {
  const why = `${name} ${JSON.stringify(text).slice(0, 40)}`
  const answer = await kit.ask('create', {
    as: kit.b,
    body: JSON.stringify(sample(kit, 'create', { [name]: text })),
  })
  if (!isGood(answer)) return void answers(kit, row, answer, [400, 413, 422], why)
  const after = await readTask(kit, kit.b, idOf(kit, answer.json))
  const isSame = answer.json[name] === text && after.json?.[name] === text
  kit.row(row).is(mayHold && isSame, `${why}: ${mayHold ? 'comes back as another text' : 'is taken'}`, answer)
}

/** A lone surrogate can be written in JSON and not in UTF-8. */
async function isLoneHeld(kit: Kit, name: string, written: string): Promise<void> {
  const answer = await create(kit, textOf(kit, 'create', name, `"${written}"`))
  if (!isGood(answer)) return void answers(kit, 'T-179', answer, INVALID, `${name} "${written}"`)
  const isSame = (answer.json as Members)[name] === JSON.parse(`"${written}"`)
  kit.row('T-179').is(isSame, `${name} "${written}" comes back as another text`, answer)
}
