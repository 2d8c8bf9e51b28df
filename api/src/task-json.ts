// A task as the contract says it, written by PostgreSQL.
import { type Compilable, type RawBuilder, sql } from 'kysely'
import { fixed } from './database.ts'
import { type Stored, timeOf } from './stored.ts'

const TAGS = sql`(
  select coalesce(json_agg(tag.name order by tag.key), '[]')
  from todo.task_tag join todo.tag on tag.user_id = task_tag.user_id and tag.id = task_tag.tag_id
  where task_tag.user_id = bound.subject and task_tag.task_id = task.id)`

const SUBTASKS = sql`(
  select json_build_object('total', count(*), 'completed', count(*) filter (where child.completed))
  from todo.task child
  where child.user_id = bound.subject and child.parent_id = task.id and child.deleted_at is null)`

/** Looked up for each task only in accounts where there are any. */
const TASK_FIELDS = sql`
  task.id, task.user_id, title, description, completed,
  ${timeOf(sql`created_at`)} as created_at, ${timeOf(sql`updated_at`)} as updated_at,
  due, priority, case when account.tagged then ${TAGS} else '[]' end as tags,
  list_id as list, parent_id as parent, position,
  case when recurrence_rule is not null
    then json_build_object('rule', recurrence_rule, 'from', recurrence_from) end as recurrence,
  ${timeOf(sql`completed_at`)} as completed_at, ${timeOf(sql`deleted_at`)} as deleted_at, revision,
  case when account.nested then ${SUBTASKS} else '{"total":0,"completed":0}' end as subtasks,
  next_id as next`

const ACCOUNT = sql`(
  select exists (select from todo.task_tag where task_tag.user_id = bound.subject) as tagged,
    exists (select from todo.task where task.user_id = bound.subject and parent_id is not null) as nested
  ) account`

/** The tasks that `rows` selects, in its order; it may name `bound.subject`. */
export function tasksOf(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select ${TASK_FIELDS} from ${ACCOUNT} cross join lateral (${rows}) task`
}

/** Within a transaction of the subject: the tasks of these ids, in any order. */
export function storedTasks(subject: string, ids: string[]): Compilable<Stored & { id: string }> {
  const rows = sql`select * from todo.task where user_id = bound.subject and id = any(${ids}::uuid[])`
  return fixed(sql<Stored & { id: string }>`
    select task.id, task.revision, row_to_json(task)::text as body
    from (select ${subject}::text as subject) bound cross join lateral (${tasksOf(rows)}) task`)
}
