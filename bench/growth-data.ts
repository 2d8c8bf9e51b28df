// A database with as many tasks as a bench wants, made by SQL: the tasks of all people in turn, so that those of one
// lie between those of all others, as if everybody had used the product for a while.
import { type Client, withClient } from '../standalone/src/database.ts'

/** Somebody who is to have so many tasks, made in even steps over the whole time. */
export interface Resident {
  id: string
  tasks: number
}

interface Seeding {
  adminUrl: string
  /** Altogether; besides the residents everybody has `TASKS_EACH`. */
  total: number
  residents: Resident[]
  /** Hears of each tenth that is done. */
  tell(share: number): void
}

export const TASKS_EACH = 200
const ROUNDS = 200
const LIMIT_MS = 20 * 60_000

export async function seedTasks({ adminUrl, total, residents, tell }: Seeding): Promise<void> {
  const deadline = performance.now() + LIMIT_MS
  await withClient(adminUrl, async client => {
    for (const setting of HURRY) await client.query(setting)
    await makePeople(client, total, residents)
    const restored = await dropIndexes(client)
    for (let round = 1; round <= ROUNDS; round += 1) {
      if (performance.now() > deadline) throw new Error(`Seeding ${total} tasks takes too long`)
      await client.query(ROUND, [round, ROUNDS])
      if (round % (ROUNDS / 10) === 0) tell(round / ROUNDS)
    }
    for (const statement of restored) await client.query(statement)
    await client.query(`insert into todo.account (user_id, revision) select user_id, tasks from resident`)
    await client.query('vacuum (analyze) todo.task')
    await client.query('analyze auth."user", todo.account')
  })
}

/** Triggers and references would look at each row alone. What they write is written here by the same functions. */
const HURRY = [
  'set session_replication_role = replica',
  'set synchronous_commit = off',
  `set maintenance_work_mem = '1GB'`,
  `set work_mem = '256MB'`,
]

async function makePeople(client: Client, total: number, residents: Resident[]): Promise<void> {
  const taken = residents.reduce((sum, { tasks }) => sum + tasks, 0)
  await client.query('create temp table resident (user_id text, tasks integer)')
  await client.query(
    `insert into resident select id, tasks from jsonb_to_recordset($1) given (id text, tasks integer)`,
    [JSON.stringify(residents)],
  )
  await client.query(
    `with made as (
       insert into auth."user" (id, name, email, "emailVerified")
       select substr(replace(gen_random_uuid()::text, '-', ''), 1, 32), 'n', 'n' || n || '@example.org', false
       from generate_series(1, $1) n returning id)
     insert into resident select id, $2 from made`,
    [Math.max(0, Math.round((total - taken) / TASKS_EACH)), TASKS_EACH],
  )
  await client.query('analyze resident')
}

/** What each kind of account gets in a round is made once and then given to all of that kind. */
const ROUND = `
  with made as materialized (
    select tasks, title, description, n % 4 = 0 as completed, at, todo.position_of(at) as position,
      case when n % 3 = 0 then to_char(at + interval '9 days', 'YYYY-MM-DD') end as due, n as revision,
      todo.words(title || ' ' || coalesce(description, '')) as search
    from (select distinct tasks from resident) kind
    cross join lateral generate_series(
      (tasks::bigint * ($1 - 1) / $2 + 1)::integer, (tasks::bigint * $1 / $2)::integer) n
    cross join lateral (select
      case when n % 50 = 0 then 'Pay the invoice ' else 'Water plant number ' end || n as title,
      case when n % 3 = 0 then 'Of the quarterly plan, at the Café Müller: ' || md5(n::text) end as description,
      now() - interval '300 days' + interval '290 days' * n / tasks as at) given)
  insert into todo.task (user_id, id, title, description, completed, created_at, updated_at, completed_at, revision,
    position, due, search)
  select user_id, uuidv7(at - now()), title, description, completed, at, at, case when completed then at end,
    revision, position, due, search
  from made join resident using (tasks)`

/** Returns what makes them again: an index over all rows is built much faster than it grows. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows: constraints } = await client.query<{
    place: string
    name: string
    words: string
    type: string
  }>(
    `select conrelid::regclass::text as place, quote_ident(conname) as name, pg_get_constraintdef(oid) as words,
       contype as type
     from pg_constraint
     where 'todo.task'::regclass in (conrelid, confrelid) and contype in ('f', 'p')
     order by contype = 'p'`,
  )
  const { rows: indexes } = await client.query<{ name: string; words: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as words
     from pg_index where indrelid = 'todo.task'::regclass and not indisprimary`,
  )
  for (const { place, name } of constraints)
    await client.query(`alter table ${place} drop constraint ${name}`)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  const added = constraints.map(
    ({ place, name, words }) => `alter table ${place} add constraint ${name} ${words}`,
  )
  // References need the primary key, which comes last above.
  return [...added.slice(-1), ...indexes.map(({ words }) => words), ...added.slice(0, -1)]
}
