// §7: bytes that two readers could take for different requests are refused, and nothing after them is answered.
import type { Check, Kit } from '../check.ts'
import type { Answer, RawAnswers } from '../client.ts'
import { statusOf } from '../row.ts'
import { answers, hasPathUser, isGood, sample } from './own-tasks.ts'

export const checks: Check[] = [
  {
    rows: ['T-117'],
    async run(kit) {
      const { token } = kit.b
      const plain = [`Authorization: Bearer ${token}`]
      await isRefused(kit, 'T-117', 'a folded line', head(kit, [...plain, 'X-Folded: a', ' b']))
      await isRefused(
        kit,
        'T-117',
        'a folded Authorization',
        head(kit, ['Authorization: Bearer', ` ${token}`]),
      )
      await isRefused(
        kit,
        'T-117',
        'a space before the colon',
        head(kit, [`Authorization : Bearer ${token}`]),
      )
      await isRefused(kit, 'T-117', 'a bare LF', head(kit, [...plain, 'X-One: 1\nX-Two: 2']))
      await isRefused(kit, 'T-117', 'a bare CR', head(kit, [...plain, 'X-One: 1\rX-Two: 2']))
      await isRefused(kit, 'T-117', 'a NUL in a value', head(kit, [...plain, 'X-Nul: a\0b']))
      await isRefused(kit, 'T-117', 'a NUL in a name', head(kit, [...plain, 'X-\0Nul: a']))
      await isRefused(kit, 'T-117', 'a space in a name', head(kit, [...plain, 'X Space: a']))
    },
  },
  {
    rows: ['T-118'],
    async run(kit) {
      const body = JSON.stringify(sample(kit, 'create'))
      const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      const length = `Content-Length: ${body.length}`
      const cases: [why: string, lines: string[], body: string][] = [
        ['a length and chunks', [length, 'Transfer-Encoding: chunked'], chunked],
        ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 3'], chunked],
        ['two lengths', [length, 'Content-Length: 3'], body],
        ['two lengths in one', [`Content-Length: ${body.length}, 3`], body],
        ['chunked, identity', ['Transfer-Encoding: chunked, identity'], chunked],
        ['two codings in two lines', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], chunked],
        ['chunked misspelt', ['Transfer-Encoding: xchunked'], chunked],
        ['a tab in chunked', ['Transfer-Encoding: chun\tked'], chunked],
        ['a length with a plus', [`Content-Length: +${body.length}`], body],
        ['a length in hexadecimal', [`Content-Length: 0x${body.length.toString(16)}`], body],
        ['a negative length', ['Content-Length: -1'], body],
        ['a size that is no number', ['Transfer-Encoding: chunked'], `zz\r\n${body}\r\n0\r\n\r\n`],
        [
          'a chunk extension of 100 KB',
          ['Transfer-Encoding: chunked'],
          `1;${'x'.repeat(100_000)}\r\n{\r\n0\r\n\r\n`,
        ],
      ]
      for (const [why, lines, bytes] of cases) await isRefused(kit, 'T-118', why, post(kit, lines, bytes))
    },
  },
  {
    rows: ['T-119'],
    async run(kit) {
      const line = `Authorization: Bearer ${kit.b.token}`
      await isRefused(kit, 'T-119', 'no Host', head(kit, [line], []))
      await isRefused(kit, 'T-119', 'two hosts', head(kit, [line], [hostOf(kit), 'evil.example']))
      await isRefused(kit, 'T-119', 'the other first', head(kit, [line], ['evil.example', hostOf(kit)]))
    },
  },
  {
    rows: ['T-120'],
    async run(kit) {
      const own = kit.request('list', { as: kit.b })
      await kit.between('T-120', async () => {
        if (hasPathUser(kit)) {
          const { target } = kit.request('list', { owner: kit.a })
          const answer = await kit.send({ ...own, target: `http://evil.example${target}`, fresh: true })
          answers(kit, 'T-120', answer, [400, 403, 404, 421], "the absolute form of A's path")
        }
        for (const [method, target] of [
          ['GET', `http://evil.example${own.target}`],
          ['GET', '*'],
          ['OPTIONS', '*'],
        ] as const)
          saysNothingOf(
            'evil.example',
            kit,
            await kit.send({ ...own, method, target, fresh: true }),
            `${method} ${target}`,
          )
        const create = kit.request('create', { as: kit.b })
        const made = await kit.send({ ...create, target: `http://evil.example${create.target}`, fresh: true })
        saysNothingOf('evil.example', kit, made, 'creating by the absolute form')
        const forwarded = await kit.ask('create', {
          as: kit.b,
          headers: [['X-Forwarded-Host', 'evil.example']],
        })
        saysNothingOf('evil.example', kit, forwarded, 'X-Forwarded-Host')
        const tunnel = await raw(kit, `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n`)
        kit.row('T-120').is(!tunnel.answers.some(isGood), 'CONNECT opens a tunnel', tunnel.answers[0])
      })
    },
  },
  {
    rows: ['T-122'],
    async run(kit) {
      await kit.between('T-122', async () => {
        const many = Array.from({ length: 200 }, (_, at): [string, string] => [
          `X-Header-${at}`,
          'x'.repeat(150),
        ])
        const list = kit.request('list', { as: kit.b })
        const long: [string, string] = ['Authorization', `Bearer ${'x'.repeat(20_000)}`]
        await isTooLarge(kit, '20 KB of Authorization', { ...list, headers: [long] })
        await isTooLarge(kit, '200 headers of 150 bytes', { ...list, headers: [...list.headers!, ...many] })
        const cookie: [string, string] = ['Cookie', `c=${'x'.repeat(100_000)}`]
        await isTooLarge(kit, '100 KB of cookies', { ...list, headers: [...list.headers!, cookie] })
      })
    },
  },
  {
    rows: ['T-123'],
    async run(kit) {
      const lines = [
        'Authorization: Bearer garbage',
        'Content-Type: application/json',
        'Content-Length: 1000000',
        'Expect: 100-continue',
      ]
      const { bytes, answers } = await kit.between('T-123', () =>
        raw(kit, post(kit, lines, '', null), { answers: 1, wait: 2_000 }),
      )
      const [answer] = answers
      const row = kit.row('T-123')
      row.is(
        answer?.status === 401,
        `a bad token with Expect answers ${answer ? statusOf(answer) : 'nothing'}`,
        answer,
      )
      row.is(!bytes.includes('HTTP/1.1 100'), 'the body is asked for before the token is judged', answer)
    },
  },
  {
    rows: ['T-124'],
    async run(kit) {
      const lines = [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
      ]
      const upgrade = head(kit, [`Authorization: Bearer ${kit.b.token}`, ...lines])
      const {
        answers: [answer],
      } = await kit.between('T-124', () => raw(kit, upgrade, { answers: 1 }))
      kit
        .row('T-124')
        .is([200, 400, 404, 426, 501].includes(answer?.status ?? 0), 'Upgrade: h2c is obeyed', answer)
      const preface = await raw(kit, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      kit
        .row('T-124')
        .is(!preface.answers.some(isGood), 'the preface of HTTP/2 is answered', preface.answers[0])
    },
  },
]

function hostOf(kit: Kit): string {
  return new URL(kit.profile.api.url).host
}

function head(kit: Kit, lines: string[], hosts = [hostOf(kit)]): string {
  const { target } = kit.request('list', { as: kit.b })
  return `${[`GET ${target} HTTP/1.1`, ...hosts.map(host => `Host: ${host}`), ...lines].join('\r\n')}\r\n\r\n`
}

/** Creates as B, unless other headers say otherwise. */
function post(
  kit: Kit,
  lines: string[],
  body: string,
  authorization: string | null = `Bearer ${kit.b.token}`,
): string {
  const { target } = kit.request('create', { as: kit.b })
  const own =
    authorization === null ? [] : [`Authorization: ${authorization}`, 'Content-Type: application/json']
  return `${[`POST ${target} HTTP/1.1`, `Host: ${hostOf(kit)}`, ...own, ...lines].join('\r\n')}\r\n\r\n${body}`
}

async function raw(
  kit: Kit,
  bytes: string,
  options: { answers?: number; wait?: number } = {},
): Promise<RawAnswers> {
  return await kit.sendRaw(Buffer.from(bytes, 'latin1'), { as: kit.b, ...options })
}

/** 400 and the connection closed; a request sent after it on the same connection is never answered. */
async function isRefused(kit: Kit, row: string, why: string, bytes: string): Promise<void> {
  const follower = head(kit, [`Authorization: Bearer ${kit.b.token}`])
  const { answers: got, closed } = await kit.between(row, () => raw(kit, bytes + follower, { wait: 1_000 }))
  const [first] = got
  const isTold = first === undefined || (first.status >= 400 && first.status < 500) || first.status === 501
  kit.row(row).is(isTold, `${why}: 400 expected, ${first && statusOf(first)} came`, first)
  kit.row(row).is(got.length <= 1, `${why}: what follows it is answered too`, got[1])
  kit.row(row).is(closed, `${why}: the connection stays open`, first)
}

function saysNothingOf(text: string, kit: Kit, answer: Answer, why: string): void {
  const row = kit.row('T-120')
  row.unharmed(answer, why)
  row.is(
    !answer.headers.some(([, value]) => value.includes(text)),
    `${why}: the answer points to ${text}`,
    answer,
  )
}

async function isTooLarge(kit: Kit, why: string, request: Parameters<Kit['send']>[0]): Promise<void> {
  const answer = await kit.send({ ...request, fresh: true })
  // Whoever keeps on writing may be hung up on before the answer has been read (RFC 9112 §9.6).
  if (answer.status === 0 && answer.closed) return void kit.row('T-122').is(true, why)
  answers(kit, 'T-122', answer, [400, 401, 413, 431], why)
}
