// §12: what a client says is a value, wherever it ends up: in a query, a pattern, a header, a log line, a cell.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { statusOf } from '../row.ts'
import {
  canSignUp,
  differenceBetween,
  has,
  idOf,
  isGood,
  isRefused,
  makeTask,
  objectRoutes,
  readTask,
  sample,
  tasksIn,
  writer,
} from './own-tasks.ts'

const SQL_TEXT =
  /syntax error|SQLSTATE|unterminated|\bpg_|psycopg|asyncpg|sqlalchemy|sqlite|relation "|near "|ORA-\d|MySQL|SELECT .* FROM|insert into|invalid input syntax/i

const SQL = [
  "'",
  "''",
  '"',
  "' or '1'='1",
  "'; drop table task; --",
  "'||pg_sleep(5)--",
  '1; select pg_sleep(5)',
  "' union select null, email from users --",
  '$$',
  '$1',
  '\\',
  "\\'",
  '%27',
  '`',
  '\u0024{7*7}',
  '{{7*7}}',
  "x' and 1=(select 1)::text --",
]

export const checks: Check[] = [
  {
    rows: ['T-185'],
    async run(kit) {
      await kit.between('T-185', async () => {
        for (const text of SQL) {
          await isLiteral(kit, text)
          const encoded = encodeURIComponent(text)
          for (const route of objectRoutes(kit))
            runsNothing(kit, await kit.ask(route, { as: kit.b, id: encoded }), `${route} of the id ${text}`)
          for (const name of parameters(kit))
            runsNothing(
              kit,
              await kit.ask('list', { as: kit.b, query: `?${name}=${encoded}` }),
              `?${name}=${text}`,
            )
          for (const name of [
            'If-Match',
            'If-None-Match',
            'Idempotency-Key',
            'Accept-Language',
            'User-Agent',
            'X-Request-Id',
          ])
            runsNothing(
              kit,
              await kit.ask('create', { as: kit.b, headers: [[name, text]] }),
              `${name}: ${text}`,
            )
        }
      })
    },
  },
  {
    rows: ['T-187'],
    feature: 'search',
    async run(kit) {
      const user = await writer(kit)
      const { title } = kit.profile.task
      const word = `q${kit.random.text(10)}`
      const id = idOf(kit, await makeTask(kit, user, { [title]: `${word}xz7` }))
      await makeTask(kit, user, { [title]: `${'a'.repeat(60)}!` })
      const found = async (text: string) => {
        const query = `?${kit.profile.choices.searchParameter}=${encodeURIComponent(text)}`
        const answer = await kit.ask('list', { as: user, query })
        kit.row('T-187').unharmed(answer, `searching ${text.slice(0, 30)}`)
        kit
          .row('T-187')
          .is(answer.ms < 2_000, `searching ${text.slice(0, 30)} takes ${answer.ms.toFixed(0)} ms`, answer)
        return isGood(answer) && tasksIn(kit, answer).some(task => idOf(kit, task) === id)
      }
      const row = kit.row('T-187')
      row.is(await found(word), 'the beginning of a word does not find it')
      for (const pattern of [
        `${word}%z7`,
        `${word}_z7`,
        `${word}.z7`,
        `${word}.*7`,
        `%${word}%z7`,
        `${word}\\xz7`,
        `${word}(x|y)z7`,
      ])
        row.is(!(await found(pattern)), `${pattern} is taken as a pattern`)
      for (const pattern of [
        '%',
        '_',
        '\\',
        '(a+)+$',
        '(a|a)*$',
        '[',
        '*',
        '?',
        '(?=',
        'a'.repeat(10_000),
        '%a'.repeat(200),
        '\0',
      ])
        await found(pattern)
      await kit.control('T-187')
    },
  },
  {
    rows: ['T-188'],
    feature: 'sort',
    async run(kit) {
      const expressions = [
        'user_id',
        'user_id desc',
        'title;select 1',
        '(select 1)',
        '1',
        'created_at,(select pg_sleep(5))',
        'password',
        '',
        '__proto__',
        'constructor',
      ]
      const sort = kit.profile.choices.sortParameter
      const plain = await kit.ask('list', { as: kit.a })
      const known = [sort, kit.profile.choices.limitParameter]
      for (const text of expressions) {
        for (const name of [...known, 'order', 'fields', 'order_by', 'select', 'columns']) {
          if (text === '1' && name !== sort) continue
          const answer = await kit.ask('list', { as: kit.a, query: `?${name}=${encodeURIComponent(text)}` })
          const isIgnored = !known.includes(name) && differenceBetween(kit, answer, plain) === null
          kit
            .row('T-188')
            .is(
              isIgnored || [400, 422].includes(answer.status),
              `?${name}=${text} answers ${statusOf(answer)}`,
              answer,
            )
        }
      }
      await kit.control('T-188')
    },
  },
  {
    rows: ['T-189'],
    async run(kit) {
      const texts = [
        'x\r\nX-Injected: 1',
        'x\nX-Injected: 1',
        'x"; filename="y.html',
        '\u0100\r\n\r\n<p>',
        'наголос "x"',
        '=?utf-8?q?x?=',
      ]
      await kit.between('T-189', async () => {
        for (const text of texts) {
          const made = await kit.ask('create', {
            as: kit.b,
            body: sample(kit, 'create', { [kit.profile.task.title]: text }),
          })
          isClean(kit, made, 'creating')
          if (isGood(made)) isClean(kit, await readTask(kit, kit.b, idOf(kit, made.json)), 'reading')
          isClean(kit, await readTask(kit, kit.b, encodeURIComponent(text)), 'the id')
          isClean(
            kit,
            await kit.ask('list', { as: kit.b, query: `?cursor=${encodeURIComponent(text)}` }),
            'a parameter',
          )
          if (has(kit, 'export')) isClean(kit, await kit.ask('export', { as: kit.b }), 'exporting')
        }
      })
    },
  },
  {
    // A log that samples says nothing of this while others are refused beside it.
    rows: ['T-190'],
    needs: ['hook:log'],
    alone: true,
    async run(kit) {
      const { end } = await kit.hooks.log!({ after: 0 })
      const event = `kit_${kit.random.text(12)}`
      const line = `{"level":"info","event":"${event}"}`
      const texts = [
        `x\r\n${line}`,
        `x\n${line}\n`,
        `\u001b[2Kx${line}`,
        `\u2028${line}\u2029`,
        'x'.repeat(100_000),
        `\${jndi:ldap://127.0.0.1/${event}}`,
      ]
      // A log that is sampled under load may leave out a whole second.
      for (const limit = Date.now() + 10_000; Date.now() < limit && (await said(kit, end)) === ''; ) {
        for (const text of texts) await sayEverywhere(kit, text)
        await sleep(200, undefined, { signal: kit.signal })
      }
      await kit.control('T-190')
      holdsNoLineOf(kit, event, await said(kit, end))
    },
  },
  {
    rows: ['T-191'],
    async run(kit) {
      const listener = await kit.listener()
      const url = `http://127.0.0.1:${listener.port}/kit.png`
      const { title, description } = kit.profile.task
      await kit.between('T-191', async () => {
        for (const name of [
          title,
          description,
          'image',
          'url',
          'icon',
          'callback',
          'callbackURL',
          'webhook',
          'attachment',
        ]) {
          if (name) await kit.ask('create', { as: kit.b, body: sample(kit, 'create', { [name]: url }) })
        }
        for (const header of ['Referer', 'Origin', 'X-Callback-URL', 'Link'])
          await kit.ask('create', { as: kit.b, headers: [[header, url]] })
        if (canSignUp(kit)) await signUpWith(kit, url)
      })
      await heardOf(listener.hits, 400, kit.signal)
      kit.row('T-191').is(listener.hits.length === 0, `the server fetched ${listener.hits[0]?.target}`)
    },
  },
  {
    rows: ['T-193'],
    feature: 'export',
    async run(kit) {
      const user = await writer(kit)
      for (const start of ['=', '+', '-', '@', '\t=', '\r=']) {
        await makeTask(kit, user, { [kit.profile.task.title]: `${start}1+cmd|' /C calc'!A0` })
      }
      const answer = await kit.ask('export', { as: user })
      kit.row('T-193').is(isGood(answer), `exporting answers ${statusOf(answer)}`, answer)
      const formula = /(^|[,;\n"])[=+\-@\t\r][=+\-@\d]/.exec(answer.text)
      kit.row('T-193').is(formula === null, 'a cell begins a formula', answer)
    },
  },
]

function parameters(kit: Kit): string[] {
  const names = (['limit', 'cursor', 'sort', 'search'] as const).map(
    name => kit.profile.choices[`${name}Parameter`],
  )
  return [
    ...names,
    kit.profile.task.completed ?? 'completed',
    ...kit.profile.choices.filters.map(filter => filter.split('=')[0]!),
  ]
}

/** As a title it comes back as it was sent, or is refused. */
async function isLiteral(kit: Kit, text: string): Promise<void> {
  const { title, description } = kit.profile.task
  for (const name of [title, description]) {
    if (name === undefined) continue
    const answer = await kit.ask('create', {
      as: kit.b,
      body: JSON.stringify(sample(kit, 'create', { [name]: text })),
    })
    const isKept = isGood(answer) ? answer.json?.[name] === text : isRefused(answer)
    kit.row('T-185').is(isKept, `${name} ${text} is not stored as it is: ${statusOf(answer)}`, answer)
    runsNothing(kit, answer, `${name} ${text}`)
  }
}

function runsNothing(kit: Kit, answer: Answer, why: string): void {
  const row = kit.row('T-185')
  row.unharmed(answer, why)
  row.is(answer.ms < 4_500, `${why}: ${answer.ms.toFixed(0)} ms`, answer)
  const said = isGood(answer) ? '' : answer.text
  row.is(!SQL_TEXT.test(said), `${why}: the answer speaks SQL`, answer)
}

function isClean(kit: Kit, answer: Answer, why: string): void {
  const row = kit.row('T-189')
  row.unharmed(answer, why)
  const isInjected = answer.headers.some(
    ([name, value]) => /^x-injected$/i.test(name) || /filename="y\.html/.test(value),
  )
  row.is(!isInjected && answer.extra.length === 0, `${why}: the value made a header`, answer)
}

async function said(kit: Kit, end: number): Promise<string> {
  return (await kit.hooks.log!({ after: end })).text
}

/** Wherever a request has room for text that a log may hold. */
async function sayEverywhere(kit: Kit, text: string): Promise<void> {
  const encoded = encodeURIComponent(text).slice(0, 8_000)
  const said = text.replace(/[^\x20-\x7e]/g, ' ').slice(0, 8_000)
  await kit.ask('read', { as: kit.b, id: encoded })
  await kit.ask('list', { as: kit.b, owner: encoded })
  await kit.ask('list', { as: kit.b, headers: [['User-Agent', Buffer.from(said).toString('latin1')]] })
  await kit.ask('list', { as: kit.b, headers: [['X-Request-Id', Buffer.from(said).toString('latin1')]] })
  await kit.ask('create', {
    as: kit.b,
    body: sample(kit, 'create', { [kit.profile.task.title]: text.slice(0, 150) }),
  })
  const header = { ...kit.header(), kid: text.slice(0, 2_000) }
  await kit.send({
    ...kit.withToken(kit.forge({ header, claims: kit.claims(kit.b), signature: 'x' })),
    as: null,
  })
  if (kit.keys.length > 0) {
    const { subject } = kit.profile.token
    await kit.send({ ...kit.withToken(kit.mint(kit.b, { [subject]: text.slice(0, 1_000) })), as: null })
  }
  if (kit.accounts.can('signIn')) {
    const values = { email: `${text.slice(0, 500)}@example.com`, password: 'not the password of anybody' }
    await kit.accounts.do('signIn', null, values)
  }
}

/** Where the log is JSON, each line is: nothing a request said began one of its own. */
function holdsNoLineOf(kit: Kit, event: string, log: string): void {
  const row = kit.row('T-190')
  const lines = log.split('\n').filter(line => line.trim() !== '')
  row.is(lines.length > 0, 'the log is empty')
  const parsed = lines.map(line => parse(line))
  const isJson = parsed.some(value => value !== undefined)
  row.is(!isJson || !parsed.includes(undefined), 'a line of the log is no JSON')
  row.is(!parsed.some(value => value?.event === event), 'a request wrote an event of its own')
  row.is(
    !lines.some(line => line.startsWith(`{"level":"info","event":"${event}"`)),
    'a request began a line of the log',
  )
  row.is(
    !['\u001b', '\u2028', '\u2029'].some(text => log.includes(text)),
    'the log holds control characters as they are',
  )
  row.is(
    lines.every(line => line.length <= 16_384),
    'a line of the log has more than 16 KB',
  )
}

function parse(line: string): { event?: unknown } | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

async function signUpWith(kit: Kit, url: string): Promise<void> {
  const values = kit.accounts.newValues()
  const session = { id: '', token: '', cookies: new Map(), ...values }
  await kit.accounts.do('signUp', session, {}, request => ({
    ...request,
    body: JSON.stringify({ ...JSON.parse(String(request.body)), image: url, callbackURL: url }),
  }))
}

/** Until somebody came, or the time is over in which a fetch would have been made. */
async function heardOf(hits: unknown[], ms: number, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + ms; hits.length === 0 && performance.now() < end; ) {
    await sleep(20, undefined, { signal })
  }
}
