// A task as the contract says it, written by PostgreSQL.
import { type Compilable, type RawBuilder, sql } from 'kysely'
import { fixed } from './database.ts'
import { type Stored, timeOf } from './stored.ts'

const TASK_FIELDS = sql`
  id, user_id, title, description, completed,
  ${timeOf(sql`created_at`)} as created_at, ${timeOf(sql`updated_at`)} as updated_at,
  due, priority, tags, list_id as list, parent_id as parent, position,
  case when recurrence_rule is not null
    then json_build_object('rule', recurrence_rule, 'from', recurrence_from) end as recurrence,
  ${timeOf(sql`completed_at`)} as completed_at, ${timeOf(sql`deleted_at`)} as deleted_at, revision,
  case when has_subtasks then todo.count_subtasks(id) else '{"total":0,"completed":0}' end as subtasks,
  next_id as next`

/** After RETURNING of a statement that writes a task. */
export const STORED_TASK = sql`revision, (select row_to_json(json)::text from (select ${TASK_FIELDS}) json) as body`

/** The tasks that `rows` selects, in its order; it may name `bound.subject`. */
export function tasksOf(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select ${TASK_FIELDS} from (${rows}) task`
}

/** Within a transaction of the subject: the tasks of these ids, in any order. */
export function storedTasks(subject: string, ids: string[]): Compilable<Stored & { id: string }> {
  const rows = sql`select * from todo.task where user_id = bound.subject and id = any(${ids}::uuid[])`
  return fixed(sql<Stored & { id: string }>`
    select task.id, task.revision, row_to_json(task)::text as body
    from (select ${subject}::text as subject) bound cross join lateral (${tasksOf(rows)}) task`)
}
