// §13: a cursor, a limit and a filter choose among the own rows and reach no others.
import type { Check, Identity, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { pointTo } from '../json-pointer.ts'
import { statusOf } from '../row.ts'
import {
  answers,
  idOf,
  isGood,
  type Members,
  makeTask,
  readTask,
  sample,
  tasksIn,
  writer,
} from './own-tasks.ts'

const REFUSED = [400, 404, 413, 414, 422, 431]

export const checks: Check[] = [
  {
    rows: ['T-194', 'T-195'],
    feature: 'cursor',
    async run(kit) {
      const first = await kit.ask('list', { as: kit.a, query: `?${limit(kit)}=1` })
      const cursor = cursorOf(kit, first)
      if (cursor === null) return lacks(kit, ['T-194', 'T-195'])
      await kit.between('T-194', async () => {
        for (const text of new Set([cursor, `${cursor}`.replaceAll(kit.a.id, kit.b.id)])) {
          const answer = await at(kit, kit.b, text)
          onlyOwn(kit, 'T-194', answer, kit.b, "A's cursor")
        }
      })
      const own = cursorOf(kit, await kit.ask('list', { as: kit.b, query: `?${limit(kit)}=1` }))!
      await kit.between('T-195', async () => {
        for (const text of broken(kit, own)) {
          const answer = await at(kit, kit.b, text)
          answers(kit, 'T-195', answer, REFUSED, `the cursor ${text.slice(0, 40)}`)
        }
        for (const text of edited(kit, own))
          onlyOwn(kit, 'T-195', await at(kit, kit.b, text), kit.b, 'an edited cursor')
        const sorts = kit.profile.choices.sorts
        for (const sort of sorts.slice(1)) {
          const answer = await at(kit, kit.b, own, `&${kit.profile.choices.sortParameter}=${sort}`)
          onlyOwn(kit, 'T-195', answer, kit.b, `a cursor of another sort than ${sort}`)
        }
      })
    },
  },
  {
    rows: ['T-196'],
    feature: 'cursor',
    async run(kit) {
      const user = await writer(kit)
      const page = kit.profile.limits.page
      for (let count = 0; count <= page; count += 1) await makeTask(kit, user)
      const name = limit(kit)
      const values = [
        '0',
        '-1',
        '1.5',
        'NaN',
        '1e9',
        '9223372036854775808',
        '10;',
        'Infinity',
        '0x10',
        '',
        '%2B1',
        String(page + 1),
        '99999',
      ]
      const queries = [
        ...values.map(value => `?${name}=${value}`),
        `?${name}=1&${name}=99999`,
        `?${name}[]=99999`,
        '',
      ]
      for (const query of queries) {
        const answer = await kit.ask('list', { as: user, query })
        const why = `${query || 'no limit'} answers ${statusOf(answer)}`
        const isShort = isGood(answer) && tasksIn(kit, answer).length <= page
        kit
          .row('T-196')
          .is(
            isShort || [400, 422].includes(answer.status),
            `${why} with ${tasksIn(kit, answer).length} tasks`,
            answer,
          )
      }
      await kit.control('T-196')
    },
  },
  {
    rows: ['T-197'],
    feature: 'filter',
    async run(kit) {
      const { a, b } = kit
      const values = { task: a.tasks[0]!, user: a.id, canary: a.canary, list: kit.unknownTask }
      const declared = kit.profile.choices.filters
      const usual = [
        'user_id={user}',
        'user_id!={user}',
        'id={task}',
        'ids={task}',
        'id[in]={task}',
        'q={canary}',
        'search={canary}',
        'filter[user_id]={user}',
      ]
      await kit.between('T-197', async () => {
        for (const filter of [...declared, ...usual]) {
          const query = filter.replace(/\{(\w+)\}/g, (_, name: keyof typeof values) =>
            encodeURIComponent(values[name]),
          )
          const answer = await kit.ask('list', { as: b, query: `?${query}` })
          onlyOwn(kit, 'T-197', answer, b, `?${filter}`)
          const isEmpty = !isGood(answer) || tasksIn(kit, answer).length === 0
          if (declared.includes(filter) && /\{(task|canary)\}/.test(filter))
            kit.row('T-197').is(isEmpty, `?${filter} finds something`, answer)
        }
      })
    },
  },
  {
    rows: ['T-198'],
    async run(kit) {
      const before = tasksIn(kit, await kit.ask('list', { as: kit.b })).length
      const { title, completed } = kit.profile.task
      const many = Array.from({ length: 1_000 }, (_, at) => `p${at}=${at}`).join('&')
      const queries = [
        ...[
          'status[a]=b',
          '__proto__[limit]=1',
          '__proto__.limit=1',
          'constructor[prototype][limit]=1',
          '__proto__=1',
          `__proto__[${completed}]=true`,
        ],
        ...[
          'a[b][c][d][e]=1',
          'a[]=1&a[]=2',
          'limit[__proto__][x]=1',
          'toString=1',
          'hasOwnProperty=1',
          '=',
          '&&&',
          '%00=1',
          many,
        ],
      ]
      for (const query of queries) {
        const answer = await kit.ask('list', { as: kit.b, query: `?${query}` })
        answers(kit, 'T-198', answer, [200, 400, 414, 422, 431], `?${query.slice(0, 60)}`)
      }
      for (const name of ['__proto__', 'constructor']) {
        const polluting = `{"${title}":"x","${name}":{"${completed}":true,"prototype":{"${completed}":true}}}`
        const answer = await kit.ask('create', { as: kit.b, body: polluting })
        kit.row('T-198').unharmed(answer, `a member ${name}`)
      }
      const after = await kit.ask('list', { as: kit.b })
      kit
        .row('T-198')
        .is(
          isGood(after) && tasksIn(kit, after).length >= Math.min(before, 2),
          'a parameter changed every later list',
          after,
        )
      if (completed === undefined || completed in sample(kit, 'create')) return
      const made = await makeTask(kit, kit.b)
      kit.row('T-198').is(made[completed] !== true, 'a member changed every later task')
    },
  },
  {
    rows: ['T-199'],
    feature: 'cursor',
    async run(kit) {
      const user = await writer(kit)
      const made: string[] = []
      for (let count = 0; count < 12; count += 1) made.push(idOf(kit, await makeTask(kit, user)))
      const doomed = made.filter((_, index) => index % 4 === 1)
      const seen = await pageThrough(kit, user, {
        enough: made[0]!,
        between: page => disturb(kit, user, doomed, page),
      })
      const row = kit.row('T-199')
      row.is(new Set(seen).size === seen.length, 'a task is on two pages')
      const lost = made.filter(id => !doomed.includes(id) && !seen.includes(id))
      row.is(lost.length === 0, `${lost.length} of 12 tasks are on no page`)
      await kit.control('T-199')
    },
  },
  {
    rows: ['T-200'],
    needs: ['fresh-users'],
    async run(kit) {
      const user = await kit.freshUser()
      for (const id of user.tasks) await kit.ask('delete', { as: user, id })
      const empty = await kit.ask('list', { as: user })
      const others = await kit.ask('list', { as: kit.a })
      const row = kit.row('T-200')
      row.is(
        isGood(empty) && tasksIn(kit, empty).length === 0,
        `an empty list answers ${statusOf(empty)}`,
        empty,
      )
      row.is(Array.isArray(pointTo(empty.json, kit.profile.task.list)), 'an empty list is no list', empty)
      const names = (answer: Answer) =>
        answer.headers
          .map(([name]) => name.toLowerCase())
          .filter(name => name !== 'link')
          .join(', ')
      row.is(names(empty) === names(others), `its headers are ${names(empty)}, not ${names(others)}`, empty)
      const total = numbersIn(empty.json)
        .concat(countsIn(empty))
        .find(count => count > 0)
      row.is(total === undefined, `it counts ${total} of somebody else's`, empty)
    },
  },
]

const limit = (kit: Kit) => kit.profile.choices.limitParameter

async function at(kit: Kit, as: Identity, cursor: string, more = ''): Promise<Answer> {
  const query = `?${limit(kit)}=1&${kit.profile.choices.cursorParameter}=${encodeURIComponent(cursor)}${more}`
  return await kit.ask('list', { as, query })
}

/** Of `Link: <…>; rel="next"`, or where the profile says it is in the body. */
function cursorOf(kit: Kit, answer: Answer): string | null {
  const pointer = kit.profile.choices.nextPointer
  const said = pointer
    ? pointTo(answer.json, pointer)
    : /<([^>]*)>\s*;[^,]*rel="?next/.exec(answer.header('link') ?? '')?.[1]
  if (typeof said !== 'string') return null
  const name = kit.profile.choices.cursorParameter
  return URL.canParse(said, 'http://kit') && said.includes(`${name}=`)
    ? new URL(said, 'http://kit').searchParams.get(name)
    : said
}

function lacks(kit: Kit, rows: string[]): void {
  for (const row of rows) kit.row(row).fail('a list of one task of three names no next page')
}

/** Nothing of anybody else, and no fault. */
function onlyOwn(kit: Kit, row: string, answer: Answer, as: Identity, why: string): void {
  const { owner } = kit.profile.task
  if (!isGood(answer)) return void answers(kit, row, answer, REFUSED, why)
  const foreign = tasksIn(kit, answer).find(task => owner !== undefined && task[owner] !== as.id)
  kit.row(row).is(foreign === undefined, `${why}: rows of another user`, answer)
}

/** No server wrote these. */
function broken(kit: Kit, cursor: string): string[] {
  const { random } = kit
  const garbage = [
    'x',
    '%',
    '{}',
    '[]',
    'null',
    '\0',
    '-1',
    '💥',
    "' or 1=1 --",
    '../..',
    random.text(40),
    random.bytes(60).toString('base64url'),
  ]
  return [
    ...garbage,
    cursor.slice(0, Math.floor(cursor.length / 2)),
    `${cursor}${cursor}`,
    'A'.repeat(100_000),
  ]
}

/** As an attacker who can read it would change it: each byte, the ids and names inside, the time. */
function edited(kit: Kit, cursor: string): string[] {
  const bytes = Buffer.from(cursor, 'base64url')
  const flipped = Array.from(bytes.keys(), index => {
    const copy = Buffer.from(bytes)
    copy[index]! ^= 1 << kit.random.integer(8)
    return copy.toString('base64url')
  })
  const text = bytes.toString('latin1')
  const swaps: [string | RegExp, string][] = [
    [kit.b.id, kit.a.id],
    [/20\d\d-/, '2999-'],
    [/\d{2,}/, '99999999999999999999'],
    [/[0-9a-f]{8}-[0-9a-f-]{27}/, kit.a.tasks[0]!],
  ]
  const changed = swaps.map(([from, to]) => text.replace(from, to)).filter(other => other !== text)
  return [...flipped, ...changed.map(other => Buffer.from(other, 'latin1').toString('base64url'))]
}

interface Paging {
  /** The last task of interest: pages after it are not asked for. */
  enough: string
  between(page: number): Promise<void>
}

async function pageThrough(kit: Kit, as: Identity, { enough, between }: Paging): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | null = null
  for (let page = 0; page < 60; page += 1) {
    const next: string =
      cursor === null ? '' : `&${kit.profile.choices.cursorParameter}=${encodeURIComponent(cursor)}`
    const answer = await kit.ask('list', { as, query: `?${limit(kit)}=3${next}` })
    onlyOwn(kit, 'T-199', answer, as, 'paging')
    seen.push(...tasksIn(kit, answer).map((task: Members) => idOf(kit, task)))
    cursor = cursorOf(kit, answer)
    if (cursor === null || seen.includes(enough)) break
    await between(page)
  }
  return seen
}

/** One comes, one goes; the one that the page before ended with may be it. */
async function disturb(kit: Kit, as: Identity, doomed: string[], page: number): Promise<void> {
  await makeTask(kit, as)
  const id = doomed[page]
  if (id && isGood(await readTask(kit, as, id))) await kit.ask('delete', { as, id })
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(numbersIn)
}

const countsIn = (answer: Answer) =>
  answer.headers
    .filter(([name]) => /count|total|content-range/i.test(name))
    .map(([, value]) => Number(/\d+$/.exec(value)?.[0] ?? 0))
