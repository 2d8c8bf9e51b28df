// §11: nobody makes the server wait or remember: bodies end, are small, and are read for those who may send them.
import type { Check, Kit } from '../check.ts'
import { statusOf } from '../row.ts'
import { answers, choice, idOf, isGood, makeTask } from './own-tasks.ts'

const TEN_MB = 10_000_000

export const checks: Check[] = [
  {
    rows: ['T-170'],
    async run(kit) {
      const { title } = kit.profile.task
      const members = Array.from({ length: 100_000 }, (_, at) => `"member${at}":${at}`).join()
      const elements = `[${'1,'.repeat(99_999)}1]`
      const bodies: [string, string][] = [
        ['100,000 members', `{"${title}":"x",${members}}`],
        ['an array of 100,000 elements', `{"${title}":${elements}}`],
        ['a text of 10 MB', `{"${title}":"${'x'.repeat(TEN_MB)}"}`],
        ['one byte too many', `{"${title}":"x"}`.padEnd(kit.profile.limits.body + 1, ' ')],
      ]
      await kit.between('T-170', async () => {
        for (const [why, body] of bodies) {
          const [answer, beside] = await Promise.all([
            kit.send({ ...kit.request('create', { as: kit.b, body }), fresh: true, timeout: 20_000 }),
            kit.ask('list', { as: kit.b }),
          ])
          const isSmall = body.length <= kit.profile.limits.body
          answers(kit, 'T-170', answer, isSmall ? [400, 422] : [413], why)
          kit
            .row('T-170')
            .is(isGood(beside) && beside.ms < 2_000, `${why}: others wait ${beside.ms.toFixed(0)} ms`, beside)
        }
      })
    },
  },
  {
    rows: ['T-181'],
    kind: 'waiting',
    deadline: 180,
    async run(kit) {
      const seconds = Number(choice(kit, 'requestTimeout', '60'))
      const wait = (seconds + 10) * 1_000
      const start = '{"title":'
      const slow: [string, string][] = [
        ['a length larger than the body', `Content-Length: 1000\r\n\r\n${start}`],
        [
          'chunks that never end',
          `Transfer-Encoding: chunked\r\n\r\n${start.length.toString(16)}\r\n${start}\r\n`,
        ],
        ['headers that never end', 'X-Header: '],
      ]
      await kit.between('T-181', () =>
        Promise.all(slow.map(([why, rest]) => ends(kit, why, post(kit, rest), wait))),
      )
      await kit.between('T-181', async () => {
        const flood = `Transfer-Encoding: chunked\r\n\r\n${`8000\r\n${'x'.repeat(0x8000)}\r\n`.repeat(40)}`
        const {
          answers: [answer],
          closed,
        } = await kit.sendRaw(post(kit, flood), { as: kit.b, answers: 1, wait: 3_000 })
        const isEnded = answer === undefined ? closed : [400, 413].includes(answer.status)
        kit.row('T-181').is(isEnded, `endless chunks answer ${answer ? statusOf(answer) : 'nothing'}`, answer)
      })
    },
  },
  {
    rows: ['T-183'],
    async run(kit) {
      const { target } = kit.request('create', { as: kit.b })
      const length = `Content-Length: ${TEN_MB}\r\n\r\n{"title":"`
      const chunks = `Transfer-Encoding: chunked\r\n\r\n8000\r\n${'x'.repeat(0x8000)}\r\n`
      await kit.between('T-183', async () => {
        for (const rest of [length, chunks]) {
          for (const authorization of ['', 'Authorization: Bearer garbage\r\n']) {
            const head = `POST ${target} HTTP/1.1\r\nHost: ${hostOf(kit)}\r\n${authorization}Content-Type: application/json\r\n`
            const {
              answers: [answer],
            } = await kit.sendRaw(head + rest, { answers: 1, wait: 2_000 })
            const why = `${authorization ? 'a bad token' : 'no token'}: `
            kit
              .row('T-183')
              .is(
                answer?.status === 401,
                `${why}401 before the body expected, ${answer ? statusOf(answer) : 'nothing'} came`,
                answer,
              )
          }
        }
      })
    },
  },
  {
    rows: ['T-184'],
    async run(kit) {
      await kit.between('T-184', async () => {
        const id = idOf(kit, await makeTask(kit, kit.b))
        await isReadRightly(kit, 'GET', kit.request('read', { as: kit.b, id }).target)
        await isReadRightly(kit, 'DELETE', kit.request('delete', { as: kit.b, id }).target)
      })
    },
  },
]

const hostOf = (kit: Kit) => new URL(kit.profile.api.url).host

function post(kit: Kit, rest: string): string {
  const { target } = kit.request('create', { as: kit.b })
  const lines = [`POST ${target} HTTP/1.1`, `Host: ${hostOf(kit)}`, `Authorization: Bearer ${kit.b.token}`]
  return `${lines.join('\r\n')}\r\nContent-Type: application/json\r\n${rest}`
}

/** An answer, or the end of the connection, within the profile's limit; others are answered meanwhile. */
async function ends(kit: Kit, why: string, bytes: string, wait: number): Promise<void> {
  const began = performance.now()
  const {
    answers: [answer],
    closed,
  } = await kit.sendRaw(bytes, { as: kit.b, answers: 1, wait })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const isTold = answer === undefined || (answer.status >= 400 && answer.status < 500)
  kit
    .row('T-181')
    .is(
      isTold && (closed || answer !== undefined),
      `${why}: ${answer ? statusOf(answer) : 'still open'} after ${seconds} s`,
      answer,
    )
}

/** The body looks like a request: nobody may answer it. */
async function isReadRightly(kit: Kit, method: string, target: string): Promise<void> {
  const authorization = `Host: ${hostOf(kit)}\r\nAuthorization: Bearer ${kit.b.token}\r\n`
  const { target: list } = kit.request('list', { as: kit.b })
  const hidden = `POST ${list} HTTP/1.1\r\n${authorization}Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{"title":"hidden"}`
  const chunked = `Transfer-Encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`
  for (const rest of [`Content-Length: ${hidden.length}\r\n\r\n${hidden}`, chunked]) {
    const first = `${method} ${target} HTTP/1.1\r\n${authorization}Content-Type: application/json\r\n${rest}`
    const second = `GET ${list} HTTP/1.1\r\n${authorization}\r\n`
    const { answers: got, closed } = await kit.sendRaw(first + second, { as: kit.b, answers: 3, wait: 500 })
    const row = kit.row('T-184')
    const [one, two, three] = got
    row.is(
      one !== undefined && [200, 204, 400, 404].includes(one.status),
      `${method} with a body answers ${one ? statusOf(one) : 'nothing'}`,
      one,
    )
    row.is(
      two ? two.status === 200 || two.status === 400 : closed,
      `${method} with a body: the next request answers ${two ? statusOf(two) : 'nothing'}`,
      two,
    )
    row.is(
      three === undefined && !got.some(answer => answer.status === 201),
      `${method} with a body: the body was answered`,
      three,
    )
  }
}
