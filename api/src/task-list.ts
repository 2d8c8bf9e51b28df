// The list of tasks: what a query asks for, as one statement that reads one index or one account's rows.
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { ListQuery, Task } from './contract.ts'
import { type Bound, keepRead } from './database.ts'
import type { Position } from './page-cursor.ts'
import { tagKey } from './tag-key.ts'
import { tasksOf } from './task-json.ts'

export type Query = z.output<typeof ListQuery>

export interface Page {
  /** Their JSON, null when there are none. */
  tasks: string | null
  found: number
}

interface Sort {
  /** Compared as one row, the id last; each index of this order is written with the same words. */
  keys: { column: RawBuilder<unknown>; type: string; read(task: Task): string | number }[]
  direction: 'asc' | 'desc'
}

const ID = { column: sql`id`, type: 'uuid', read: (task: Task) => task.id }
const POSITION = { column: sql`position`, type: 'text', read: (task: Task) => task.position }
const time = (column: RawBuilder<unknown>, read: (task: Task) => string) => ({
  column,
  type: 'timestamptz',
  read,
})

/** What is sorted or looked up where it may be null, in the very words of its index. */
export const DUE = sql`case when due is null then '~' else due end`
export const LIST = sql`
  case when list_id is null then '00000000-0000-0000-0000-000000000000' else list_id end`
export const NO_LIST = '00000000-0000-0000-0000-000000000000'
const COMPLETED = sql`case when completed_at is null then '-infinity' else completed_at end`

const SORTS: Record<Query['sort'], Sort> = {
  newest: { keys: [time(sql`created_at`, task => task.created_at), ID], direction: 'desc' },
  due: {
    keys: [{ column: DUE, type: 'text', read: task => task.due ?? '~' }, POSITION, ID],
    direction: 'asc',
  },
  position: { keys: [POSITION, ID], direction: 'asc' },
  priority: {
    keys: [{ column: sql`priority`, type: 'smallint', read: task => task.priority }, POSITION, ID],
    direction: 'asc',
  },
  completed: {
    keys: [time(COMPLETED, ({ completed_at }) => completed_at ?? '-infinity'), ID],
    direction: 'desc',
  },
  deleted: { keys: [time(sql`deleted_at`, task => task.deleted_at!), ID], direction: 'desc' },
}

/** JSON writes a line break in a text as \n, so that this is nowhere but between two tasks. */
const BETWEEN_TASKS = ',\n'

/** Of each row, its JSON is built where the rows are. */
export function pageOfTasks(query: Query, after: Position | undefined): RawBuilder<Page> {
  return page(query, { rows: sql`${rowsOf(query)}`, after: after?.map(value => sql`${String(value)}`) })
}

interface Extent {
  rows: RawBuilder<unknown>
  /** Where the page before ended. */
  after: RawBuilder<unknown>[] | undefined
}

/** One row more than a page decides whether there is a next one. */
const rowsOf = ({ limit }: Query) => limit + 1

function page(query: Query, { rows: limit, after }: Extent): RawBuilder<Page> {
  const { keys, direction } = SORTS[query.sort]
  const order = keys.map(({ column }) => sql`${column} ${sql.raw(direction)}`)
  const rows = sql`
    select * from todo.task
    where user_id = bound.subject and ${sql.join(conditions(query, after), sql` and `)}
    order by ${sql.join(order)} limit ${limit}`
  return sql<Page>`
    select string_agg(row_to_json(listed)::text, ${BETWEEN_TASKS}) as tasks, count(*) as found
    from (${tasksOf(rows)}) listed`
}

/** The statements of the lists most asked for, by what their words depend on; combinations of filters are thousands. */
const common = new Map<string, (given: Values) => Bound<Page>>()
type Values = { subject: string; rows: number; time?: string; id?: string }

/** Null when it is none of those that are worth being prepared. */
export function commonPage(subject: string, query: Query, after: Position | undefined): Bound<Page> | null {
  const { limit, completed, cursor, sort, ...filters } = query
  if (sort !== 'newest' || Object.values(filters).some(value => value !== undefined)) return null
  const words = `${completed} ${after !== undefined}`
  if (!common.has(words))
    common.set(
      words,
      keepRead<Values, Page>(({ rows, time, id }) => page(query, { rows, after: after && [time!, id!] })),
    )
  const [time, id] = after?.map(String) ?? []
  return common.get(words)!({ subject, rows: rowsOf(query), time, id } as Values)
}

/** The last task of a page that another one follows says where that begins. */
export function cutPage(tasks: string, { sort }: Query): { tasks: string; last: Position } {
  const end = tasks.lastIndexOf(BETWEEN_TASKS)
  const kept = tasks.slice(0, end)
  const before = kept.lastIndexOf(BETWEEN_TASKS)
  const last = JSON.parse(before < 0 ? kept : kept.slice(before + BETWEEN_TASKS.length)) as Task
  return { tasks: kept, last: SORTS[sort].keys.map(key => key.read(last)) }
}

/** Texts compare by wall date: `T` and the end of a date both come before `~`. */
function conditions(query: Query, after: Extent['after']): RawBuilder<unknown>[] {
  const { completed, list, tag, due_before, due_after, priority, parent, q, trash } = query
  const given: (RawBuilder<unknown> | false | undefined)[] = [
    trash ? sql`deleted_at is not null and ${UNEXPIRED}` : sql`deleted_at is null`,
    completed !== undefined && (completed ? sql`completed` : sql`not completed`),
    list !== undefined && sql`${LIST} = ${list === 'inbox' ? NO_LIST : list}::uuid`,
    tag !== undefined && hasTag(tag),
    due_before !== undefined && sql`${DUE} < ${due_before}`,
    due_after !== undefined && sql`${DUE} > ${`${due_after}~`} and ${DUE} < '~'`,
    priority !== undefined && sql`priority = ${priority}::smallint`,
    parent !== undefined && (parent === 'none' ? sql`parent_id is null` : sql`parent_id = ${parent}::uuid`),
    q !== undefined && sql`search like all ((select todo.search_patterns(${q}))::text[])`,
    after && beyond(SORTS[query.sort], after),
  ]
  return given.filter(condition => condition !== false && condition !== undefined)
}

const UNEXPIRED = sql`deleted_at >= now() - interval '30 days'`

function hasTag(name: string) {
  return sql`id in (
    select task_id from todo.task_tag where user_id = bound.subject and tag_id =
      (select id from todo.tag where user_id = bound.subject and key = ${tagKey(name)}))`
}

function beyond({ keys, direction }: Sort, after: RawBuilder<unknown>[]): RawBuilder<unknown> {
  const values = keys.map(({ type }, at) => sql`${after[at]}::${sql.raw(type)}`)
  const operator = sql.raw(direction === 'asc' ? '>' : '<')
  return sql`(${sql.join(keys.map(({ column }) => column))}) ${operator} (${sql.join(values)})`
}
