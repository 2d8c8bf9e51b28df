// The change most often made: some members of one task that neither recurs nor ever did, and of no other task.
import { type Compilable, type RawBuilder, sql } from 'kysely'
import { fixed } from './database.ts'
import type { Stored } from './stored.ts'
import { STORED_TASK } from './task-json.ts'
import type { Change } from './task-merge.ts'

/** Null when it might touch another row, or needs to know one. */
export function plainChange(subject: string, changes: Change[]): Compilable<Stored> | null {
  const [{ id, expected, at, toggled, ...members }, ...others] = changes as [Change, ...Change[]]
  const assignments = assignmentsOf(members, toggled)
  if (others.length > 0 || assignments === null) return null
  const revision = Array.isArray(expected) ? sql`and revision = any(${expected}::bigint[])` : sql``
  return fixed(sql<Stored>`
    update todo.task set ${sql.join(assignments)}
    where user_id = ${subject} and id = ${id} and deleted_at is null
      and recurrence_rule is null and next_id is null ${revision}
    returning ${STORED_TASK}`)
}

const PLAIN = new Set(['title', 'description', 'completed', 'due', 'priority', 'position'])

function assignmentsOf(members: object, toggled: boolean | undefined): RawBuilder<unknown>[] | null {
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  if (given.some(([name]) => !PLAIN.has(name))) return null
  const assignments = given.map(([name, value]) => sql`${sql.raw(name)} = ${value}`)
  return toggled ? [...assignments, sql`completed = not completed`] : assignments
}
