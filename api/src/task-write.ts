// Writing tasks: everything a change brings with it, in one transaction and few statements however many there are.
import { type Compilable, sql } from 'kysely'
import type { Content } from './contract.ts'
import { type Database, fixed, keepInsert, type Run } from './database.ts'
import { addOccurrences, removeOccurrences } from './occurrences.ts'
import { plainChange } from './plain-change.ts'
import { invalidRequest, ProblemError } from './problem.ts'
import type { Stored } from './stored.ts'
import { STORED_TASK, storedTasks } from './task-json.ts'
import { type Change, MAX_SUBTASKS, type Merged, merge, NEEDS_DUE, type Row } from './task-merge.ts'
import { makeTags, namesOf, setTags, tagKeys } from './task-tags.ts'

/**
 * Writes of one account go one after another, from their first statement on: they may touch rows in any order and
 * never deadlock. That statement is on its way together with those of `work`.
 */
export async function write<Result>(
  database: Database,
  subject: string,
  work: (run: Run) => Promise<Result>,
  { inserts = true } = {},
): Promise<Result> {
  return await database.asSubject(subject, async run => {
    const locked = run(fixed(sql`select todo.lock_account(${inserts})`))
    locked.catch(() => {})
    const result = await work(run)
    await locked
    return result
  })
}

/** The tasks as they are now, in the order of the changes. */
export async function changeTasks(database: Database, subject: string, changes: Change[]): Promise<Stored[]> {
  const plain = plainChange(subject, changes)
  const work = async (run: Run) => {
    const [changed] = plain ? await run(plain) : []
    return changed ? [changed] : await changeAny(run, subject, changes)
  }
  return await write(database, subject, work, { inserts: plain === null })
}

async function changeAny(run: Run, subject: string, changes: Change[]): Promise<Stored[]> {
  const [rows, lists] = await Promise.all([
    run(rowsOf(subject, changes)),
    changes.some(needsLists) ? run(listsOf(subject)) : [],
  ])
  const known = {
    rows: new Map(rows.map(row => [row.id, row])),
    lists: new Set(lists.map(({ id }) => id)),
  }
  const merged = merge(changes, known)
  const named = new Set(changes.map(({ id }) => id))
  const reopened = merged.filter(one => isReopened(one) && !named.has(one.before.next!))
  const repeated = merged.filter(isRepeated)
  const tagged = taggedBy(changes)
  const written = [
    ...makeTags(run, subject, tagged),
    run(updateOf(subject, merged, new Set(reopened.map(({ before }) => before.id)))),
    ...followers(subject, merged).map(query => run(query)),
    ...setTags(run, subject, tagged),
    ...removeOccurrences(run, subject, reopened),
  ]
  if (repeated.length > 0) await Promise.all([...written, addOccurrences(run, subject, repeated)])
  // On its way with those before it: while one write of an account waits for an answer, all its others wait too.
  const [tasks] = await Promise.all([readBack(run, subject, changes), ...written])
  return tasks
}

async function readBack(run: Run, subject: string, changes: Change[]): Promise<Stored[]> {
  const ids = changes.map(({ id }) => id)
  const stored = new Map((await run(storedTasks(subject, ids))).map(task => [task.id, task]))
  return ids.map(id => stored.get(id)!)
}

function needsLists({ list, deleted }: Change): boolean {
  return typeof list === 'string' || deleted === false
}

function taggedBy(changes: Change[]) {
  return changes.flatMap(({ id, tags }) => (tags ? [{ task: id, names: tags }] : []))
}

/** The occurrence of a completed task goes with its completion, unless somebody has worked on it since. */
function isReopened({ before, after }: Merged): boolean {
  return before.completed && !after.completed && before.next_alive && before.next_untouched
}

function isRepeated({ before, after }: Merged): boolean {
  return (
    !before.completed &&
    after.completed &&
    after.recurrence !== null &&
    !after.deleted_at &&
    !before.next_alive
  )
}

/** The tasks that are changed, and those that are or become their parents. What has expired is not there. */
function rowsOf(subject: string, changes: Change[]): Compilable<Row> {
  const ids = changes.map(({ id }) => id)
  const named = [...ids, ...changes.flatMap(({ parent }) => parent ?? [])]
  return fixed(sql<Row>`
    select id, title, description, completed, due, priority, list_id as list, parent_id as parent, position,
      case when recurrence_rule is not null
        then json_build_object('rule', recurrence_rule, 'from', recurrence_from) end as recurrence,
      deleted_at::text, revision, next_id as next,
      (select count(*) from todo.task child
        where child.user_id = ${subject} and child.parent_id = task.id and child.deleted_at is null) as children,
      next_id is not null and exists (select from todo.task made
        where made.user_id = ${subject} and made.id = task.next_id and made.deleted_at is null) as next_alive,
      next_id is not null and not exists (select from todo.task made
        where made.user_id = ${subject} and (made.id = task.next_id or made.parent_id = task.next_id)
        and made.revision > task.next_revision) as next_untouched
    from todo.task
    where user_id = ${subject} and (deleted_at is null or deleted_at >= now() - interval '30 days')
      and id = any(array(
        select parent_id from todo.task where user_id = ${subject} and id = any(${ids}::uuid[])
          and parent_id is not null) || ${named}::uuid[])`)
}

function listsOf(subject: string): Compilable<{ id: string }> {
  return fixed(
    sql<{ id: string }>`select id from todo.list where user_id = ${subject} and deleted_at is null`,
  )
}

const RECORD = sql`(
  id uuid, title text, description text, completed boolean, due text, priority smallint, list uuid, parent uuid,
  position text, recurrence jsonb, deleted_at text, next uuid, keys text[])`

function updateOf(subject: string, merged: Merged[], reopened: Set<string>): Compilable<unknown> {
  const rows = merged.map(({ change, after }) => ({
    ...after,
    next: reopened.has(after.id) ? null : after.next,
    keys: change.tags && tagKeys(change.tags),
  }))
  return fixed(sql`
    update todo.task set
      title = changed.title, description = changed.description, completed = changed.completed, due = changed.due,
      priority = changed.priority, list_id = changed.list, parent_id = changed.parent,
      position = changed.position, recurrence_rule = changed.recurrence ->> 'rule',
      recurrence_from = changed.recurrence ->> 'from', next_id = changed.next,
      deleted_at = changed.deleted_at::timestamptz,
      tags = case when changed.keys is null then tags else ${namesOf(subject, sql`changed.keys`)} end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) changed ${RECORD}
    where task.user_id = ${subject} and task.id = changed.id`)
}

/** Subtasks go into the trash, out of it, and to another list with their parent. */
function followers(subject: string, merged: Merged[]): Compilable<unknown>[] {
  const parents = merged.filter(({ after }) => after.parent === null)
  const deleted = parents.filter(
    ({ before, after }) => before.deleted_at === null && after.deleted_at !== null,
  )
  const restored = parents.filter(
    ({ before, after }) => before.deleted_at !== null && after.deleted_at === null,
  )
  const moved = parents.filter(({ before, after }) => before.list !== after.list && before.children > 0)
  return [
    ...(deleted.some(({ before }) => before.children > 0) ? [deleteSubtasks(subject, deleted)] : []),
    ...(restored.length > 0 ? [restoreSubtasks(subject, restored)] : []),
    ...(moved.length > 0 ? [moveSubtasks(subject, moved)] : []),
  ]
}

function deleteSubtasks(subject: string, parents: Merged[]): Compilable<unknown> {
  return fixed(sql`
    update todo.task set deleted_at = now()
    where user_id = ${subject} and parent_id = any(${parents.map(({ before }) => before.id)}::uuid[])
      and deleted_at is null`)
}

/** Those that went with it, at the same moment; what was in the trash before stays there. */
function restoreSubtasks(subject: string, parents: Merged[]): Compilable<unknown> {
  const rows = parents.map(({ before, after }) => ({ ...before, list: after.list }))
  return fixed(sql`
    update todo.task set deleted_at = null, list_id = restored.list
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) restored (id uuid, list uuid, deleted_at timestamptz)
    where user_id = ${subject} and parent_id = restored.id and task.deleted_at = restored.deleted_at`)
}

function moveSubtasks(subject: string, parents: Merged[]): Compilable<unknown> {
  const rows = parents.map(({ after }) => after)
  return fixed(sql`
    update todo.task set list_id = moved.list
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) moved (id uuid, list uuid)
    where user_id = ${subject} and parent_id = moved.id and list_id is distinct from moved.list`)
}

interface NewTask {
  id: string
  content: Content
}

/** In one round trip, when it has no list, parent or tag; null when there is a task of this id already. */
export async function createPlainTask(
  database: Database,
  subject: string,
  { id, content }: NewTask,
): Promise<Stored | null> {
  refuseUndated(content)
  const { recurrence, position = null, ...members } = content
  const { rule = null, from = null } = recurrence ?? {}
  const [made] = await database.ask(insertPlain({ subject, id, ...members, position, rule, from }))
  return made ?? null
}

/** Whether nothing but the task itself has to be looked at or made. */
export function isPlain({ list, parent, tags }: Content): boolean {
  return !list && parent === null && tags.length === 0
}

/** The account is no part of it: the subject is the default of `user_id`, and may not be written. */
const insertPlain = keepInsert<Record<PlainMember, unknown>, Stored>(
  ({ id, title, description, completed, due, priority, position, rule, from }, bound) => sql<Stored>`
    insert into todo.task (id, title, description, completed, due, priority, position, recurrence_rule, recurrence_from)
    select ${id}::uuid, ${title}::text, ${description}::text, ${completed}::boolean, ${due}::text, ${priority}::smallint,
      coalesce(${position}::text, todo.position_of(clock_timestamp())), ${rule}::text, ${from}::text
    from ${bound} cross join lateral todo.take_revision(bound.subject)
    on conflict (user_id, id) do nothing returning ${STORED_TASK}`,
)
type PlainMember =
  | 'id'
  | 'title'
  | 'description'
  | 'completed'
  | 'due'
  | 'priority'
  | 'position'
  | 'rule'
  | 'from'

/** Null when there is a task of this id already; in the trash counts. */
export async function createTask(
  run: Run,
  subject: string,
  { id, content }: NewTask,
): Promise<Stored | null> {
  const list = await placeOf(run, subject, content)
  const tagged = content.tags.length > 0 ? [{ task: id, names: content.tags }] : []
  const making = makeTags(run, subject, tagged)
  const [[task]] = await Promise.all([run(insertOf(subject, id, content, list)), ...making])
  if (!task) return null
  await Promise.all(setTags(run, subject, tagged))
  return task
}

/** The list a new task lies in. Most name neither list nor parent, and nobody need be asked. */
export async function placeOf(run: Run, subject: string, content: Content): Promise<string | null> {
  refuseUndated(content)
  if (content.parent !== null) return await placeBelow(run, subject, content.parent, content.list)
  if (!content.list) return null
  const lists = await run(listsOf(subject))
  if (!lists.some(({ id }) => id === content.list)) throw new ProblemError('not_found')
  return content.list
}

function refuseUndated({ recurrence, due }: Content): void {
  if (recurrence && due === null) throw invalidRequest([{ field: '/recurrence', message: NEEDS_DUE }])
}

async function placeBelow(
  run: Run,
  subject: string,
  parentId: string,
  list: string | null | undefined,
): Promise<string | null> {
  const rows = await run(rowsOf(subject, [{ id: parentId, expected: null, at: '' }]))
  const parent = rows.find(({ id }) => id === parentId)
  if (!parent || parent.deleted_at !== null) throw new ProblemError('not_found')
  if (parent.parent !== null) throw invalidRequest([{ field: '/parent', message: 'must not be a subtask' }])
  if (list !== undefined && list !== parent.list) {
    if (list !== null && !(await run(listsOf(subject))).some(({ id }) => id === list))
      throw new ProblemError('not_found')
    throw invalidRequest([{ field: '/list', message: "must be the parent's list" }])
  }
  if (parent.children >= MAX_SUBTASKS) throw new ProblemError('limit_reached')
  return parent.list
}

function insertOf(subject: string, id: string, content: Content, list: string | null): Compilable<Stored> {
  const { title, description, completed, due, priority, parent, recurrence } = content
  return fixed(sql<Stored>`
    insert into todo.task (id, title, description, completed, due, priority, list_id, parent_id, position,
      recurrence_rule, recurrence_from, tags)
    values (${id}, ${title}, ${description}, ${completed}, ${due}, ${priority}, ${list}, ${parent},
      coalesce(${content.position ?? null}, todo.position_of(clock_timestamp())),
      ${recurrence?.rule ?? null}, ${recurrence?.from ?? null},
      ${namesOf(subject, sql`${tagKeys(content.tags)}::text[]`)})
    on conflict (user_id, id) do nothing returning ${STORED_TASK}`)
}
