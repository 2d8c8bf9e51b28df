// §11: nobody makes the server wait or remember: bodies end, are small, and are read for those who may send them.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { type EventStream, openStream } from '../event-stream.ts'
import { statusOf } from '../row.ts'
import { othersHardlyWait } from './neighbours.ts'
import { answers, idOf, isGood, makeTask } from './own-tasks.ts'

const TEN_MB = 10_000_000
const AT_ONCE = 8
const FLOOD_MS = 1_500
/** Members of a body that takes a parser some tenths of a second: on a fast machine too, others notice. */
const LONG_TO_READ = 500_000
/** Between two bodies of one sender: sending them must not be what others wait for. */
const PAUSE_MS = 100

export const checks: Check[] = [
  {
    rows: ['T-170'],
    async run(kit) {
      const bodies = oversized(kit)
      await kit.between('T-170', async () => {
        for (const [why, body] of bodies) {
          const answer = await sendLarge(kit, body)
          const isSmall = body.length <= kit.profile.limits.body
          answers(kit, 'T-170', answer, isSmall ? [400, 422] : [413], why)
        }
      })
    },
  },
  {
    rows: ['T-170'],
    kind: 'flood',
    deadline: 120,
    async run(kit) {
      const body = Buffer.from(withMembers(kit, LONG_TO_READ))
      const work = async () => {
        const end = performance.now() + FLOOD_MS
        while (performance.now() < end) {
          await sendLarge(kit, body)
          await sleep(PAUSE_MS, undefined, { signal: kit.signal })
        }
      }
      await kit.between('T-170', () =>
        othersHardlyWait(kit, kit.row('T-170'), `a flood of bodies that are too large`, () =>
          Promise.all(Array.from({ length: AT_ONCE }, work)),
        ),
      )
    },
  },
  {
    rows: ['T-181'],
    kind: 'waiting',
    deadline: 180,
    async run(kit) {
      const limit = kit.profile.choices.requestTimeout * 1_000
      await kit.between('T-181', async () => {
        await othersAreServed(kit)
        const cases = Object.entries(UNFINISHED).map(([why, rest]) => ends(kit, why, rest, limit))
        await Promise.all([...cases, ends(kit, 'a byte now and then', LONG, limit, limit / 8)])
      })
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

function withMembers({ profile: { task } }: Kit, count: number): string {
  const members = Array.from({ length: count }, (_, at) => `"member${at}":${at}`).join()
  return `{"${task.title}":"x",${members}}`
}

function oversized(kit: Kit): [why: string, body: Buffer][] {
  const { task, limits } = kit.profile
  const elements = `[${'1,'.repeat(99_999)}1]`
  const bodies: [string, string][] = [
    ['100,000 members', withMembers(kit, 100_000)],
    ['an array of 100,000 elements', `{"${task.title}":${elements}}`],
    ['a text of 10 MB', `{"${task.title}":"${'x'.repeat(TEN_MB)}"}`],
    ['one byte too many', `{"${task.title}":"x"}`.padEnd(limits.body + 1, ' ')],
  ]
  return bodies.map(([why, body]) => [why, Buffer.from(body)])
}

async function sendLarge(kit: Kit, body: Buffer): Promise<Answer> {
  return await kit.send({ ...kit.request('create', { as: kit.b, body }), fresh: true, timeout: 20_000 })
}

const hostOf = (kit: Kit) => new URL(kit.profile.api.url).host

function post(kit: Kit, rest: string): string {
  const { target } = kit.request('create', { as: kit.b })
  const lines = [`POST ${target} HTTP/1.1`, `Host: ${hostOf(kit)}`, `Authorization: Bearer ${kit.b.token}`]
  return `${lines.join('\r\n')}\r\nContent-Type: application/json\r\n${rest}`
}

const START = '{"title":"'
const LONG = `Content-Length: 60000\r\n\r\n${START}`
const UNFINISHED = {
  'a length larger than the body': LONG,
  'chunks that never end': `Transfer-Encoding: chunked\r\n\r\n${START.length.toString(16)}\r\n${START}\r\n`,
  'headers that never end': 'X-Header: ',
}
const SLACK_MS = 10_000
const HELD = 10

/**
 * An answer, or the end of the connection, within the profile's limit. Who sends on now and then is no exception: a
 * connection that is in use is what an idle timeout never ends.
 */
async function ends(kit: Kit, why: string, rest: string, limit: number, every?: number): Promise<void> {
  const began = performance.now()
  const elapsed = () => performance.now() - began
  const stream = await openStream(kit.profile, Buffer.from(post(kit, rest)), 50)
  let sentAt = began
  while (!isOver(stream) && elapsed() < limit + SLACK_MS) {
    await sleep(50, undefined, { signal: kit.signal })
    if (every === undefined || performance.now() - sentAt < Math.min(every, 5_000)) continue
    stream.write(Buffer.from('x'))
    sentAt = performance.now()
  }
  const said = stream.status > 0 ? `answered ${stream.status}` : stream.closed ? 'closed' : 'still open'
  const isTold = stream.status === 0 || (stream.status >= 400 && stream.status < 500)
  const seconds = (elapsed() / 1_000).toFixed(1)
  kit.row('T-181').is(isOver(stream) && isTold, `${why}: ${said} after ${seconds} s`)
  stream.close()
}

const isOver = ({ closed, status }: EventStream) => closed || status > 0

/** Whoever sends a whole body does not wait for those who never will. One good try of three is enough. */
async function othersAreServed(kit: Kit): Promise<void> {
  let answer: Answer | undefined
  let isServed = false
  for (let tries = 0; tries < 3 && !isServed; tries += 1) {
    const unfinished = Object.values(UNFINISHED).flatMap(rest => Array.from({ length: HELD }, () => rest))
    const held = await Promise.all(
      unfinished.map(rest => openStream(kit.profile, Buffer.from(post(kit, rest)), 50)),
    )
    answer = await kit.send({ ...kit.request('create', { as: kit.b }), fresh: true, timeout: 60_000 })
    isServed = isGood(answer) && held.some(stream => !isOver(stream))
    for (const stream of held) stream.close()
  }
  kit.row('T-181').is(isServed, 'a whole request waits until those that never end are over', answer)
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
