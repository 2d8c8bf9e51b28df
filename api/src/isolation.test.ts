import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openTestApi, type Sent, type User } from '../test/open-api.ts'
import { uuidV7 } from './uuid.ts'

type Product = Awaited<ReturnType<typeof openTestApi>>

const SECURED = ['account', 'idempotency', 'list', 'tag', 'task', 'task_tag']
/** Those whose expired rows the owner's purge may see. */
const PURGED = ['list', 'task']

describe('the database role of the API (T-297…T-299)', () => {
  let product: Product
  let api: pg.Client
  let a: User
  let b: User
  let taskOfA: string

  before(async () => {
    product = await openTestApi()
    a = await product.addUser()
    b = await product.addUser()
    const made = await product.request(a.tasks, { method: 'POST', token: a.token, body: { title: 'of a' } })
    taskOfA = made.json.id
    api = new pg.Client({ connectionString: product.apiUrl })
    await api.connect()
  })
  after(async () => {
    await api.end()
    await product.close()
  })

  const bound = async (subject: string, text: string, values: unknown[] = []) => {
    await api.query('begin')
    try {
      await api.query(`select set_config('app.subject', $1, true)`, [subject])
      return await api.query(text, values)
    } finally {
      await api.query('rollback')
    }
  }

  test('owns nothing, may become nothing, and is no administrator', async () => {
    const { rows } = await api.query(`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships,
        (select count(*)::int from pg_class where relowner = pg_roles.oid)
        + (select count(*)::int from pg_proc where proowner = pg_roles.oid)
        + (select count(*)::int from pg_namespace where nspowner = pg_roles.oid) as owned
      from pg_roles where rolname = current_user`)
    assert.deepEqual(rows, [
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        memberships: 0,
        owned: 0,
      },
    ])
  })
  test('every table of todo forces row security on everyone and has one policy for the API, with a check', async () => {
    const { rows } = await api.query(`
      select relname, relrowsecurity and relforcerowsecurity as forced,
        (select array_agg(polcmd::text || ' ' || (polqual is not null) || ' ' || (polwithcheck is not null)) from pg_policy
          where polrelid = pg_class.oid and polroles = array['latchkey_api'::regrole::oid]) as policies
      from pg_class where relnamespace = 'todo'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by relname`)
    assert.deepEqual(
      rows,
      SECURED.map(relname => ({ relname, forced: true, policies: ['* true true'] })),
    )
  })
  test('has no right on auth, none to truncate, reference or trigger, and none to write whose a row is', async () => {
    const { rows: auth } = await api.query(`
      select has_schema_privilege('auth', 'usage') or has_schema_privilege('auth', 'create')
        or has_schema_privilege('todo', 'create') or has_database_privilege(current_database(), 'create') as any`)
    assert.deepEqual(auth, [{ any: false }])
    for (const table of SECURED) {
      const { rows } = await api.query(
        `select has_table_privilege($1, 'truncate') or has_table_privilege($1, 'references') or has_table_privilege($1, 'trigger')
          or has_column_privilege($1, 'user_id', 'insert') or has_column_privilege($1, 'user_id', 'update') as any`,
        [`todo.${table}`],
      )
      assert.deepEqual(rows, [{ any: false }], table)
    }
    await assert.rejects(api.query('select * from auth."user"'), { code: '42501' })
    await assert.rejects(api.query('truncate todo.task'), { code: '42501' })
    await assert.rejects(api.query('set role latchkey_owner'), { code: '42501' })
  })
  test('the only other policies show the owner what has been in the trash for 30 days, for its purge', async () => {
    const { rows } = await api.query(`
      select polrelid::regclass::text as table, polroles::regrole[]::text as roles,
        pg_get_expr(polqual, polrelid) as shows
      from pg_policy where polroles <> array['latchkey_api'::regrole::oid] order by 1`)
    const shows = "(deleted_at < (now() - '30 days'::interval))"
    assert.deepEqual(
      rows,
      PURGED.map(table => ({ table: `todo.${table}`, roles: '{latchkey_owner}', shows })),
    )
  })
  test('two functions of todo run as its owner, without parameters, and none is for everyone', async () => {
    const { rows } = await api.query(`
      select proname, prosecdef, pronargs, coalesce(proacl::text, 'everyone') ~ '(^\\{|,)=X|everyone' as public
      from pg_proc where pronamespace = 'todo'::regnamespace order by proname`)
    assert.deepEqual(
      rows.filter(row => row.public),
      [],
    )
    assert.deepEqual(
      rows.filter(row => row.prosecdef).map(row => [row.proname, row.pronargs]),
      [
        ['hold_account', 0],
        ['purge_trash', 0],
      ],
    )
    assert.ok(rows.length > 5)
  })
  test('sees no row and can write none without a subject, without an error of its own', async () => {
    for (const subject of [null, '', ' ', 'nobody', "' or true --", '*', '%']) {
      if (subject !== null) await api.query(`select set_config('app.subject', $1, false)`, [subject])
      for (const table of SECURED) assert.equal((await api.query(`select * from todo.${table}`)).rowCount, 0)
      for (const write of WRITES) assert.equal((await api.query(write)).rowCount, 0, write)
      for (const insert of INSERTS) await assert.rejects(api.query(insert, [uuidV7(0)]), insert)
    }
    await api.query('reset app.subject')
  })
  test("with another subject it reaches nothing of A's, whatever it says", async () => {
    const where = 'where user_id = $1 and id = $2'
    const theirs = [a.id, taskOfA]
    for (const text of [
      `select * from todo.task ${where}`,
      `update todo.task set title = 'x' ${where}`,
      `delete from todo.task ${where}`,
    ])
      assert.equal((await bound(b.id, text, theirs)).rowCount, 0, text)
    const insert = 'insert into todo.task (user_id, id, title)'
    for (const end of ['', 'on conflict do nothing', `on conflict (user_id, id) do update set title = 'x'`])
      await assert.rejects(bound(b.id, `${insert} values ($1, $2, 'x') ${end}`, theirs), { code: '42501' })
    await assert.rejects(bound(b.id, `update todo.task set user_id = $1`, [a.id]), { code: '42501' })
    const own = await bound(
      b.id,
      `insert into todo.task (id, title) values ($1, 'x') on conflict (user_id, id) do nothing returning user_id`,
      [taskOfA],
    )
    assert.deepEqual(own.rows, [{ user_id: b.id }])
    const { rows } = await product.admin.query('select title from todo.task where id = $1', [taskOfA])
    assert.deepEqual(rows, [{ title: 'of a' }])
  })
  test('a subject does not stay on a connection', async () => {
    await api.query('begin')
    await api.query(`select set_config('app.subject', $1, true)`, [a.id])
    assert.equal((await api.query('select * from todo.task')).rowCount, 1)
    await api.query('commit')
    assert.equal((await api.query('select * from todo.task')).rowCount, 0)
    const bind = `from (select set_config('app.subject', $1, true) as subject) s cross join lateral`
    const read = await api.query(
      `select t.id ${bind} (select * from todo.task where user_id = s.subject limit 1) t`,
      [a.id],
    )
    assert.deepEqual(read.rows, [{ id: taskOfA }])
    assert.equal((await api.query('select * from todo.task')).rowCount, 0)
  })
  test('the owner of the tables, who cannot log in, sees no row either', async () => {
    await product.admin.query('begin')
    await product.admin.query('set local role latchkey_owner')
    for (const table of SECURED)
      assert.equal((await product.admin.query(`select * from todo.${table}`)).rowCount, 0)
    await product.admin.query('rollback')
    const { rows } = await product.admin.query(
      `select rolcanlogin from pg_roles where rolname = 'latchkey_owner'`,
    )
    assert.deepEqual(rows, [{ rolcanlogin: false }])
  })
  test('deleting an account takes all its rows, and none of others', async () => {
    const user = await product.addUser()
    for (const who of [user, b]) await fill(product, who, 'x')
    await product.admin.query('begin')
    await product.admin.query('set local role latchkey_issuer')
    assert.equal((await product.admin.query('delete from auth."user" where id = $1', [user.id])).rowCount, 1)
    await product.admin.query('commit')
    for (const table of SECURED) {
      const { rows } = await product.admin.query(
        `select distinct user_id from todo.${table} where user_id = any($1)`,
        [[user.id, b.id]],
      )
      assert.deepEqual(rows, [{ user_id: b.id }], table)
    }
  })
  test('writes while their account is deleted are wholly done before or refused, and leave nothing (T-267)', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await product.addUser()
      const sent = { method: 'POST', token: user.token, body: { title: 'x' } }
      const writes = Array.from({ length: 40 }, () => product.request(user.tasks, sent))
      await product.admin
        .query('delete from auth."user" where id = $1', [user.id])
        .catch(error => assert.equal(error.code, '40P01'))
      const statuses = (await Promise.all(writes)).map(answer => answer.status)
      assert.ok(
        statuses.every(status => status === 201 || status === 401),
        String(statuses),
      )
      await product.admin.query('delete from auth."user" where id = $1', [user.id])
      const { rowCount } = await product.admin.query('select from todo.task where user_id = $1', [user.id])
      assert.equal(rowCount, 0)
    }
  })
})

const WRITES = [
  `update todo.task set title = 'x'`,
  `update todo.task set deleted_at = now()`,
  `update todo.list set name = 'x'`,
  `update todo.tag set name = 'x'`,
  ...SECURED.filter(table => table !== 'account').map(table => `delete from todo.${table}`),
]
const INSERTS = [
  `insert into todo.task (id, title) values ($1, 'x')`,
  `insert into todo.list (id, name, color) values ($1, 'x', 'red')`,
  `insert into todo.tag (id, name, key) values ($1, 'x', 'x')`,
  `insert into todo.task_tag (task_id, tag_id) values ($1, $1)`,
]

/** Each takes one wall out of a copy of the source; there is no switch for it in the product. */
const QUERIES = [
  'counts',
  'idempotency',
  'lists',
  'occurrences',
  'plain-change',
  'tags',
  'task-json',
  'task-list',
  'task-tags',
  'task-write',
  'tasks',
  'trash',
]
const OWN = /((?:\w+\.)?)user_id = (?:\$\{subject\}|bound\.subject)/g
const everywhere = (wall: RegExp, gap: string) =>
  QUERIES.map((name): [string, RegExp, string] => [`${name}.ts`, wall, gap])

const WALLS: Record<string, [file: string, wall: RegExp, gap: string][]> = {
  'the path check': [['guards.ts', /if \(owner === actor\) return/, 'return']],
  'the query filter': everywhere(OWN, 'true'),
  'the path check, with the path believed instead': [
    ['guards.ts', /if \(owner === actor\) return/, 'globalThis.pathUser = owner; return'],
    ...everywhere(OWN, `$1user_id = $${'{globalThis.pathUser}'}`),
  ],
}

describe('with one wall taken out, nothing crosses', () => {
  for (const [wall, gaps] of Object.entries(WALLS))
    test(wall, async () => {
      const copy = await copyWithout(gaps)
      const { openApi } = await import(join(copy, 'src', 'main.ts'))
      const product = await openTestApi(openApi)
      try {
        await assertNothingCrosses(product)
      } finally {
        await product.close()
        await rm(copy, { recursive: true })
      }
    })
  test('and with none taken out', async () => {
    const product = await openTestApi()
    await assertNothingCrosses(product)
    await product.close()
  })
})

async function copyWithout(gaps: [string, RegExp, string][]): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'latchkey-altered-'))
  await cp(fileURLToPath(new URL('.', import.meta.url)), join(copy, 'src'), { recursive: true })
  await cp(fileURLToPath(new URL('../package.json', import.meta.url)), join(copy, 'package.json'))
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(copy, 'node_modules'))
  for (const [file, wall, gap] of gaps) {
    const path = join(copy, 'src', file)
    const source = await readFile(path, 'utf8')
    const altered = source.replace(wall, gap)
    assert.notEqual(altered, source, `${wall} is not in ${file}`)
    await writeFile(path, altered)
  }
  return copy
}

async function assertNothingCrosses(product: Product): Promise<void> {
  const canary = randomUUID()
  const a = await product.addUser()
  const b = await product.addUser()
  const ids = await fill(product, a, canary)
  const rowsOfA = async () => {
    const { rows } = await product.admin.query(
      `select (select json_agg(task order by id) from todo.task where user_id = $1) as tasks,
        (select json_agg(list order by id) from todo.list where user_id = $1) as lists,
        (select json_agg(tag order by id) from todo.tag where user_id = $1) as tags,
        (select json_agg(task_tag) from todo.task_tag where user_id = $1) as tagged`,
      [a.id],
    )
    return JSON.stringify(rows)
  }
  const before = await rowsOfA()
  for (const [path, sent] of attempts(a, b, ids)) {
    const answer = await product.request(path, { token: b.token, ...sent })
    const seen = JSON.stringify([answer.text, [...answer.headers]])
    assert.ok(!seen.includes(canary), `${sent.method} ${path}: ${seen}`)
    assert.equal(await rowsOfA(), before, `${sent.method} ${path}`)
  }
  assert.equal((await product.request(a.tasks, { token: a.token })).json.length, 2)
}

interface Ids {
  task: string
  trashed: string
  list: string
  tag: string
}

/** A task with a subtask, a list and a tag, and one in the trash; each says the canary. */
async function fill(product: Product, user: User, canary: string): Promise<Ids> {
  const as = async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await product.request(path, { method, token: user.token, body, headers })
    assert.ok(answer.status < 300, answer.text)
    return answer.json
  }
  const list = uuidV7(Date.now())
  const lists = `/api/${user.id}/lists`
  await as('PUT', `${lists}/${list}`, { name: canary }, { 'If-None-Match': '*' })
  const content = { title: canary, description: canary, list, tags: [canary] }
  const task = await as('POST', user.tasks, content, { 'Idempotency-Key': 'shared' })
  await as('POST', user.tasks, { title: canary, parent: task.id })
  const trashed = await as('POST', user.tasks, content)
  await as('DELETE', `${user.tasks}/${trashed.id}`)
  const [tag] = await as('GET', `/api/${user.id}/tags`)
  return { task: task.id, trashed: trashed.id, list, tag: tag.id }
}

function* attempts(a: User, b: User, ids: Ids): Generator<[path: string, sent: Sent]> {
  for (const user of [a, b]) {
    yield* attemptsOnTasks(user.tasks, ids.task)
    yield* attemptsOnTasks(user.tasks, ids.trashed)
    yield* attemptsOnLists(`/api/${user.id}/lists`, user.tasks, ids)
    yield* attemptsOnTags(`/api/${user.id}/tags`, user.tasks, ids)
    for (const id of [ids.task, ids.trashed, ids.list])
      yield [`/api/${user.id}/trash/${id}`, { method: 'DELETE' }]
    yield [`/api/${user.id}/trash`, { method: 'DELETE' }]
    yield [`/api/${user.id}/counts?today=2026-11-21`, {}]
  }
}

function* attemptsOnTasks(tasks: string, id: string): Generator<[path: string, sent: Sent]> {
  const task = `${tasks}/${id}`
  const queries = [
    '',
    '?limit=100',
    '?completed=false',
    '?trash=true',
    '?sort=due',
    `?parent=${id}`,
    '?sort=position',
  ]
  for (const query of queries) yield [`${tasks}${query}`, { method: 'GET' }]
  yield [task, { method: 'GET' }]
  yield [task, { method: 'PUT', body: { title: 'b' } }]
  yield [task, { method: 'PATCH', body: { title: 'b' } }]
  yield [task, { method: 'PATCH', body: { title: 'b' }, headers: { 'If-Match': '"1"' } }]
  yield [`${task}/complete`, { method: 'PATCH' }]
  yield [`${task}/restore`, { method: 'POST' }]
  yield [task, { method: 'DELETE' }]
  yield [tasks, { method: 'POST', body: { title: 'b' }, headers: { 'Idempotency-Key': 'shared' } }]
  yield [tasks, { method: 'POST', body: { title: 'b' } }]
  yield [tasks, { method: 'POST', body: { title: 'b', parent: id } }]
  yield [tasks, { method: 'PATCH', body: { changes: [{ id, title: 'b', tags: ['b'] }] } }]
  yield [tasks, { method: 'PATCH', body: { changes: [{ id, deleted: true }] } }]
  yield [tasks, { method: 'PATCH', body: { changes: [{ id, deleted: false }] } }]
  yield [task, { method: 'PUT', body: { title: 'b' }, headers: { 'If-None-Match': '*' } }]
}

function* attemptsOnLists(
  lists: string,
  tasks: string,
  { list }: Ids,
): Generator<[path: string, sent: Sent]> {
  yield [lists, {}]
  yield [`${tasks}?list=${list}`, {}]
  yield [tasks, { method: 'POST', body: { title: 'b', list } }]
  yield [`${lists}/${list}`, {}]
  yield [`${lists}/${list}`, { method: 'PUT', body: { name: 'b' } }]
  yield [`${lists}/${list}`, { method: 'PATCH', body: { name: 'b' } }]
  yield [`${lists}/${list}`, { method: 'DELETE' }]
  yield [`${lists}/${list}/restore`, { method: 'POST' }]
  yield [`${lists}/${list}`, { method: 'PUT', body: { name: 'b' }, headers: { 'If-None-Match': '*' } }]
}

function* attemptsOnTags(tags: string, tasks: string, { tag }: Ids): Generator<[path: string, sent: Sent]> {
  yield [tasks, { method: 'POST', body: { title: 'b', tags: ['bees'] } }]
  yield [tags, {}]
  yield [`${tasks}?tag=bees`, {}]
  yield [`${tags}/${tag}`, { method: 'PATCH', body: { name: 'b' } }]
  yield [`${tags}/${tag}/merge`, { method: 'POST', body: { into: tag } }]
  yield [`${tags}/${tag}`, { method: 'DELETE' }]
}
