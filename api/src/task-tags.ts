// The tags of tasks: names a person writes become rows, and unknown ones are made on the way.
import { type RawBuilder, sql } from 'kysely'
import { fixed, type Run } from './database.ts'
import { ProblemError } from './problem.ts'
import { tagKey } from './tag-key.ts'
import { uuidV7 } from './uuid.ts'

export interface Tagged {
  task: string
  names: string[]
}

/** So that the tags of an account can be told in one answer. */
export const MAX_TAGS_OF_ACCOUNT = 1_000

/** The keys of names, each once. */
export function tagKeys(names: string[]): string[] {
  return [...new Set(names.map(tagKey))]
}

/** What a task shows of tags with these keys: their names as they were first written, sorted. */
export function namesOf(subject: string, keys: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`array(
    select tag.name from todo.tag where tag.user_id = ${subject} and tag.key = any(${keys}) order by tag.key)`
}

/** Before the tasks are written, so that they find them. */
export function makeTags(run: Run, subject: string, tagged: Tagged[]): Promise<void>[] {
  return tagged.some(({ names }) => names.length > 0) ? [makeUnknown(run, subject, tagged)] : []
}

/** After the tasks are written: gives each of them these tags and no others. */
export function setTags(run: Run, subject: string, tagged: Tagged[]): Promise<unknown>[] {
  if (tagged.length === 0) return []
  const wanted = tagged.flatMap(({ task, names }) => tagKeys(names).map(key => ({ task, key })))
  const tasks = tagged.map(({ task }) => task)
  return [
    run(
      fixed(sql`
        delete from todo.task_tag where user_id = ${subject} and task_id = any(${tasks}::uuid[])`),
    ),
    run(
      fixed(sql`
        insert into todo.task_tag (task_id, tag_id)
        select wanted.task, tag.id
        from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) wanted (task uuid, key text)
        join todo.tag on tag.user_id = ${subject} and tag.key = wanted.key`),
    ),
  ]
}

async function makeUnknown(run: Run, subject: string, tagged: Tagged[]): Promise<void> {
  const written = tagged.flatMap(({ names }) => names.toReversed())
  const names = new Map(written.map(name => [tagKey(name), name]))
  const tags = [...names].map(([key, name]) => ({ id: uuidV7(Date.now()), name, key }))
  const made = await run(
    fixed(sql`
      insert into todo.tag (id, name, key)
      select unknown.* from jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) unknown (id uuid, name text, key text)
      where not exists (select from todo.tag where tag.user_id = ${subject} and tag.key = unknown.key)
      on conflict (user_id, key) do nothing
      returning (select count(*) from todo.tag where tag.user_id = ${subject}) as before`),
  )
  const before = Number((made[0] as { before: number } | undefined)?.before ?? 0)
  if (before + made.length > MAX_TAGS_OF_ACCOUNT) throw new ProblemError('limit_reached')
}
