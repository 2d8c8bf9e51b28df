import { createHash } from 'node:crypto'
import { type Compilable, sql } from 'kysely'
import { type ApiRequest, answer, answerJson } from './answer.ts'
import { ListQuery, NewTask, TaskChange } from './contract.ts'
import { type Database, type Run, tables } from './database.ts'
import type { PageCursors } from './page-cursor.ts'
import { invalidRequest, ProblemError } from './problem.ts'
import { MERGE_PATCH_TYPE, readBody, readQuery, readRevisions, refuseQuery } from './request.ts'
import { UUID_V7, uuidV7 } from './uuid.ts'

interface Parts {
  database: Database
  cursors: PageCursors
}

/** A task as PostgreSQL wrote it: its JSON goes out as it came. */
interface StoredTask {
  body: string
  revision: number
}

interface Page {
  /** Their JSON, null when there are none. */
  tasks: string | null
  found: number
}

type Content = { title: string; description: string | null; completed: boolean }
type Revisions = number[] | '*' | null

const UTC = sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
const TASK_FIELDS = sql`
  id, user_id, title, description, completed,
  to_char(created_at at time zone 'UTC', ${UTC}) as created_at,
  to_char(updated_at at time zone 'UTC', ${UTC}) as updated_at`
const TASK_JSON = sql<string>`(select row_to_json(json)::text from (select ${TASK_FIELDS}) json)`
/** JSON writes a line break in a text as \\n, so that this is nowhere but between two tasks. */
const BETWEEN_TASKS = ',\n'
const STORED = [TASK_JSON.as('body'), 'revision'] as const

/** The task routes. Each reads what it was sent, in the order in which errors are told, and then asks once. */
export function createTaskRoutes({ database, cursors }: Parts) {
  async function listTasks(c: ApiRequest): Promise<Response> {
    const { limit, completed, cursor } = readQuery(c, ListQuery)
    const subject = c.get('subject')
    const scope = `${subject}\n${completed ?? 'all'}`
    const after = cursor === undefined ? undefined : cursors.open(cursor, scope)
    if (after === null)
      throw invalidRequest([{ field: 'cursor', message: 'must come from a link to a next page' }])
    const [page] = await database.readAsSubject(subject, pageOfTasks(limit, completed, after))
    const { tasks, found } = page!
    if (found <= limit) return answerJson(c, 200, `[${tasks ?? ''}]`)
    const kept = cutPage(tasks!)
    const query = new URLSearchParams({
      limit: String(limit),
      ...(completed !== undefined && { completed: String(completed) }),
      cursor: cursors.seal(kept.last, scope),
    })
    return answerJson(c, 200, `[${kept.tasks}]`, { Link: `<${tasksPath(subject)}?${query}>; rel="next"` })
  }

  async function createTask(c: ApiRequest): Promise<Response> {
    const content = await readBody(c, NewTask)
    refuseQuery(c)
    const key = readIdempotencyKey(c)
    const id = uuidV7(Date.now())
    const subject = c.get('subject')
    const task = await database.asSubject(subject, async run =>
      key === undefined
        ? await only(run, insert(id, content))
        : await createOnce(run, subject, key, { id, content }),
    )
    return created(c, task)
  }

  async function readTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const known = readRevisions(c, 'If-None-Match')
    const id = readId(c)
    const [task] = await database.readAsSubject(
      c.get('subject'),
      sql<StoredTask>`
        select ${TASK_JSON} as body, revision from todo.task
        where user_id = bound.subject and id = ${id} limit 1`,
    )
    if (!task) throw new ProblemError('not_found')
    if (known !== null && matches(known, task.revision)) return answer(c, 304, null, entityTag(task))
    return current(c, task)
  }

  async function replaceTask(c: ApiRequest): Promise<Response> {
    const content = await readBody(c, NewTask)
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const absent = readRevisions(c, 'If-None-Match')
    if (absent === null) return current(c, await update(c, content, expected))
    if (absent !== '*' || expected !== null)
      throw invalidRequest([{ field: 'If-None-Match', message: 'must be * and without If-Match' }])
    return await createAt(c, readId(c), content)
  }

  async function changeTask(c: ApiRequest): Promise<Response> {
    const change = await readBody(c, TaskChange, MERGE_PATCH_TYPE)
    refuseQuery(c)
    return current(c, await update(c, change, readRevisions(c, 'If-Match')))
  }

  async function toggleTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const toggled = { completed: sql<boolean>`not completed` }
    return current(c, await update(c, toggled, readRevisions(c, 'If-Match')))
  }

  async function deleteTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    await database.asSubject(subject, async run => {
      const query = tables.deleteFrom('todo.task').where('user_id', '=', subject).where('id', '=', id)
      const [task] = await run(onlyRevisions(query, expected).returning('revision'))
      if (!task) throw await absence(run, subject, id)
    })
    return answer(c, 204, null)
  }

  async function update(c: ApiRequest, change: object, expected: Revisions): Promise<StoredTask> {
    const id = readId(c)
    const subject = c.get('subject')
    return await database.asSubject(subject, async run => {
      const [task] = await run(onlyRevisions(updateOf(subject, id, change), expected).returning(STORED))
      if (!task) throw await absence(run, subject, id)
      return task
    })
  }

  /** A repetition finds what the first one made, and is told so when it asked for the same. */
  async function createAt(c: ApiRequest, id: string, content: Content): Promise<Response> {
    const subject = c.get('subject')
    return await database.asSubject(subject, async run => {
      const [task] = await run(insert(id, content))
      if (task) return created(c, task)
      const found = await only(run, readOwn(subject, id))
      const { title, description, completed } = JSON.parse(found.body) as Content
      const same =
        title === content.title && description === content.description && completed === content.completed
      if (!same) throw new ProblemError('precondition_failed')
      return current(c, found)
    })
  }

  return { listTasks, createTask, readTask, replaceTask, changeTask, toggleTask, deleteTask }
}

/** One row more than a page decides whether there is a next one; the JSON is built where the rows are. */
function pageOfTasks(
  limit: number,
  completed: boolean | undefined,
  after: { createdAt: number; id: string } | undefined,
) {
  const filter = completed === undefined ? sql`` : sql`and completed = ${completed}`
  const position = after
    ? sql`and (created_at, id) < (to_timestamp(${after.createdAt}::float8 / 1000), ${after.id}::uuid)`
    : sql``
  return sql<Page>`
    select string_agg(row_to_json(newest)::text, ${BETWEEN_TASKS}) as tasks, count(*) as found
    from (
      select ${TASK_FIELDS} from todo.task
      where user_id = bound.subject ${filter} ${position}
      order by task.created_at desc, task.id desc limit ${limit + 1}
    ) newest`
}

/** The last task of a page that another one follows says where that begins. */
function cutPage(tasks: string): { tasks: string; last: { createdAt: number; id: string } } {
  const kept = tasks.slice(0, tasks.lastIndexOf(BETWEEN_TASKS))
  const { created_at, id } = JSON.parse(kept.split(BETWEEN_TASKS).at(-1)!) as Record<string, string>
  return { tasks: kept, last: { createdAt: Date.parse(created_at!), id: id! } }
}

/** The account is no part of it: the subject is the default of `user_id`, and may not be written. */
function insert(id: string, content: Content) {
  return tables
    .insertInto('todo.task')
    .values({ id, ...content } as never)
    .onConflict(conflict => conflict.columns(['user_id', 'id']).doNothing())
    .returning(STORED)
}

function updateOf(subject: string, id: string, change: object) {
  return tables.updateTable('todo.task').set(change).where('user_id', '=', subject).where('id', '=', id)
}

function readOwn(subject: string, id: string): Compilable<StoredTask> {
  return tables
    .selectFrom('todo.task')
    .select(STORED)
    .where('user_id', '=', subject)
    .where('id', '=', id) as Compilable<StoredTask>
}

function onlyRevisions<Query extends { where(column: 'revision', operator: '=', value: unknown): Query }>(
  query: Query,
  expected: Revisions,
): Query {
  return expected === null || expected === '*'
    ? query
    : query.where('revision', '=', sql`any(${expected}::bigint[])`)
}

/** Nothing was touched: because the task is not there, or because it is not what was expected. */
async function absence(run: Run, subject: string, id: string): Promise<ProblemError> {
  const [task] = await run(readOwn(subject, id))
  return new ProblemError(task ? 'precondition_failed' : 'not_found')
}

async function only<Row>(run: Run, query: Compilable<Row>): Promise<Row> {
  const [row] = await run(query)
  if (!row) throw new Error('a row was expected')
  return row
}

/** The key is claimed first: a request with the same key waits here until this one has ended. */
async function createOnce(
  run: Run,
  subject: string,
  key: string,
  task: { id: string; content: Content },
): Promise<StoredTask> {
  const fingerprint = createHash('sha256').update(JSON.stringify(task.content)).digest()
  await run(
    tables
      .deleteFrom('todo.idempotency')
      .where('user_id', '=', subject)
      .where('created_at', '<', sql<string>`now() - interval '24 hours'`),
  )
  const claim = tables
    .insertInto('todo.idempotency')
    .values({ key, fingerprint } as never)
    .onConflict(conflict => conflict.columns(['user_id', 'key']).doNothing())
    .returning('key')
  const [claimed] = await run(claim)
  if (!claimed) return await firstAnswer(run, subject, key, fingerprint)
  const { body, revision } = await only(run, insert(task.id, task.content))
  const answered = tables.updateTable('todo.idempotency').set({ task: body, revision })
  await run(answered.where('user_id', '=', subject).where('key', '=', key))
  return { body, revision }
}

async function firstAnswer(run: Run, subject: string, key: string, fingerprint: Buffer): Promise<StoredTask> {
  const kept = tables.selectFrom('todo.idempotency').select(['fingerprint', 'task', 'revision'])
  const first = await only(run, kept.where('user_id', '=', subject).where('key', '=', key))
  if (!first.fingerprint.equals(fingerprint)) throw new ProblemError('idempotency_key_reused')
  return { body: first.task!, revision: first.revision! }
}

function readIdempotencyKey(c: ApiRequest): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw invalidRequest([{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }])
}

/** What is no UUIDv7 cannot be a task's id, so there is nothing there. */
function readId(c: ApiRequest): string {
  const id = c.req.param('id') ?? ''
  if (!UUID_V7.test(id)) throw new ProblemError('not_found')
  return id
}

function matches(revisions: number[] | '*', revision: number): boolean {
  return revisions === '*' || revisions.includes(revision)
}

function tasksPath(subject: string): string {
  return `/api/${encodeURIComponent(subject)}/tasks`
}

function entityTag({ revision }: StoredTask) {
  return { ETag: `"${revision}"` }
}

function current(c: ApiRequest, task: StoredTask): Response {
  return answerJson(c, 200, task.body, entityTag(task))
}

function created(c: ApiRequest, task: StoredTask): Response {
  const { id } = JSON.parse(task.body) as { id: string }
  return answerJson(c, 201, task.body, {
    ...entityTag(task),
    Location: `${tasksPath(c.get('subject'))}/${id}`,
  })
}
