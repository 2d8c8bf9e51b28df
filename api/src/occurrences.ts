// The next occurrence of a task that recurs: made when it is completed, taken back when that is.
import { setImmediate } from 'node:timers/promises'
import { type Compilable, sql } from 'kysely'
import { fixed, type Run } from './database.ts'
import { dateOf } from './due.ts'
import { ProblemError } from './problem.ts'
import { nextOccurrence, shiftDue } from './recurrence.ts'
import type { Merged, Row } from './task-merge.ts'
import { uuidV7 } from './uuid.ts'

interface Copy {
  source: string
  id: string
  parent: string | null
  due: string | null
  rule: string | null
}

interface Subtask {
  id: string
  parent: string
  due: string | null
  rule: string | null
}

const MAX_COPIES = 5_000

/** Each completed task again, due when its rule says, with its subtasks open. */
export async function addOccurrences(run: Run, subject: string, completed: Merged[]): Promise<void> {
  const made = await occurrencesOf(completed, new Date())
  if (made.length === 0) return
  const subtasks = await run(
    subtasksOf(
      subject,
      made.map(({ after }) => after.id),
    ),
  )
  const copies = made.flatMap(({ after, copy }) => [
    copy,
    ...subtasks
      .filter(({ parent }) => parent === after.id)
      .map(({ id, due, rule }) =>
        copyOf(id, copy.id, due && shiftDue(due, dateOf(after.due!), dateOf(copy.due!)), rule),
      ),
  ])
  if (copies.length > MAX_COPIES) throw new ProblemError('limit_reached')
  await Promise.all([
    run(insertCopies(subject, copies)),
    run(copyTags(subject, copies)),
    run(
      nameNext(
        subject,
        made.map(({ copy }) => copy),
      ),
    ),
  ])
}

/** A rule can take milliseconds to search, and there may be hundreds: others get their turn in between. */
async function occurrencesOf(completed: Merged[], now: Date) {
  const made: { after: Row; copy: Copy }[] = []
  for (const { after } of completed) {
    const next = nextOccurrence(after.due!, after.recurrence!, now)
    if (next) made.push({ after, copy: copyOf(after.id, after.parent, next.due, next.rule) })
    await setImmediate()
  }
  return made
}

function copyOf(source: string, parent: string | null, due: string | null, rule: string | null): Copy {
  return { source, id: uuidV7(Date.now()), parent, due, rule }
}

/** One that has a next occurrence of its own is done with. */
function subtasksOf(subject: string, parents: string[]): Compilable<Subtask> {
  return fixed(sql<Subtask>`
    select id, parent_id as parent, due, recurrence_rule as rule from todo.task
    where user_id = ${subject} and parent_id = any(${parents}::uuid[]) and deleted_at is null and next_id is null
    order by created_at, id`)
}

const COPIES = sql`(source uuid, id uuid, parent uuid, due text, rule text)`

function insertCopies(subject: string, copies: Copy[]): Compilable<unknown> {
  return fixed(sql`
    insert into todo.task (id, title, description, due, priority, list_id, parent_id, position, recurrence_rule,
      recurrence_from, tags)
    select copy.id, title, description, copy.due, priority, list_id, copy.parent, position, copy.rule,
      recurrence_from, tags
    from jsonb_to_recordset(${JSON.stringify(copies)}::jsonb) copy ${COPIES}
    join todo.task on task.user_id = ${subject} and task.id = copy.source
    order by copy.id`)
}

function copyTags(subject: string, copies: Copy[]): Compilable<unknown> {
  return fixed(sql`
    insert into todo.task_tag (task_id, tag_id)
    select copy.id, tag_id from jsonb_to_recordset(${JSON.stringify(copies)}::jsonb) copy ${COPIES}
    join todo.task_tag on task_tag.user_id = ${subject} and task_tag.task_id = copy.source`)
}

/** With the revision at which all of it was new, to tell later whether somebody has worked on it. */
function nameNext(subject: string, copies: Copy[]): Compilable<unknown> {
  return fixed(sql`
    update todo.task set next_id = copy.id,
      next_revision = (select revision from todo.account where user_id = ${subject})
    from jsonb_to_recordset(${JSON.stringify(copies)}::jsonb) copy ${COPIES}
    where task.user_id = ${subject} and task.id = copy.source`)
}

/** For good, and not into the trash: nobody has ever done anything with them. */
export function removeOccurrences(run: Run, subject: string, reopened: Merged[]): Promise<unknown>[] {
  if (reopened.length === 0) return []
  const ids = reopened.map(({ before }) => before.next)
  return [run(fixed(sql`delete from todo.task where user_id = ${subject} and id = any(${ids}::uuid[])`))]
}
