import { type Compilable, type RawBuilder, sql } from 'kysely'
import { type ApiRequest, answer, answerJson } from './answer.ts'
import { TagChange, TagMerge } from './contract.ts'
import { type Database, fixed, type Run } from './database.ts'
import { invalidRequest, ProblemError } from './problem.ts'
import { MERGE_PATCH_TYPE, readBody, readRevisions, refuseQuery } from './request.ts'
import { current, expectedRow, readId, type Stored, timeOf } from './stored.ts'
import { tagKey } from './tag-key.ts'
import { write } from './task-write.ts'

function tagsOf(where: RawBuilder<unknown>) {
  return sql`
    select tag.id, tag.name,
      (select count(*) from todo.task_tag
        join todo.task on task.user_id = bound.subject and task.id = task_tag.task_id
        where task_tag.user_id = bound.subject and task_tag.tag_id = tag.id
          and task.deleted_at is null and not task.completed) as open,
      ${timeOf(sql`tag.created_at`)} as created_at, ${timeOf(sql`tag.updated_at`)} as updated_at, tag.revision,
      tag.key
    from todo.tag where tag.user_id = bound.subject and ${where}`
}

const TAG_JSON = sql`(select row_to_json(shown) from (
  select tag.id, tag.name, tag.open, tag.created_at, tag.updated_at, tag.revision) shown)`

/** The tag routes. Tags are made by the tasks that name them; here they are renamed, merged and deleted. */
export function createTagRoutes({ database }: { database: Database }) {
  async function readTags(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const [answered] = await database.readAsSubject(
      c.get('subject'),
      sql<{ tags: string }>`
        select coalesce(json_agg(${TAG_JSON} order by tag.key), '[]')::text as tags
        from (${tagsOf(sql`true`)}) tag`,
    )
    return answerJson(c, 200, answered!.tags)
  }

  async function renameTag(c: ApiRequest): Promise<Response> {
    const { name } = await readBody(c, TagChange, { mediaType: MERGE_PATCH_TYPE })
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    const tag = await write(database, subject, async run => {
      const [row] = await run(rowsOf(subject, [id]))
      expectedRow(row, expected)
      await requireFree(run, subject, { id, name })
      await Promise.all([
        run(
          fixed(sql`
            update todo.tag set name = ${name}, key = ${tagKey(name)}
            where user_id = ${subject} and id = ${id}`),
        ),
        run(retell(subject, id)),
      ])
      return await storedTag(run, subject, id)
    })
    return current(c, tag)
  }

  async function deleteTag(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    await write(database, subject, async run => {
      const [row] = await run(rowsOf(subject, [id]))
      expectedRow(row, expected)
      await Promise.all([run(retell(subject, id, id)), run(removal(subject, id))])
    })
    return answer(c, 204, null)
  }

  async function mergeTag(c: ApiRequest): Promise<Response> {
    const { into } = await readBody(c, TagMerge)
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    const tag = await write(database, subject, async run => {
      const rows = await run(rowsOf(subject, [id, into]))
      const rowOf = (wanted: string) => rows.find(row => row.id === wanted)
      if (!rowOf(into)) throw new ProblemError('not_found')
      expectedRow(rowOf(id), expected)
      if (into === id) throw invalidRequest([{ field: '/into', message: 'must be another tag' }])
      await Promise.all([
        run(
          fixed(sql`
            insert into todo.task_tag (task_id, tag_id)
            select task_id, ${into}::uuid from todo.task_tag where user_id = ${subject} and tag_id = ${id}
            on conflict (user_id, task_id, tag_id) do nothing`),
        ),
        run(retell(subject, id, id)),
        run(removal(subject, id)),
      ])
      return await storedTag(run, subject, into)
    })
    return current(c, tag)
  }

  return { readTags, renameTag, deleteTag, mergeTag }
}

function rowsOf(subject: string, ids: string[]): Compilable<{ id: string; revision: number }> {
  return fixed(sql<{ id: string; revision: number }>`
    select id, revision from todo.tag where user_id = ${subject} and id = any(${ids}::uuid[])`)
}

async function requireFree(
  run: Run,
  subject: string,
  { id, name }: { id: string; name: string },
): Promise<void> {
  const [other] = await run(
    fixed(sql`
      select from todo.tag where user_id = ${subject} and key = ${tagKey(name)} and id <> ${id}`),
  )
  if (other) throw new ProblemError('tag_exists')
}

/** Writes what the tasks with a tag show of their tags; it changes, so their revision does too. */
function retell(subject: string, tag: string, without: string | null = null): Compilable<unknown> {
  return fixed(sql`
    update todo.task set tags = array(
      select tag.name from todo.task_tag
      join todo.tag on tag.user_id = ${subject} and tag.id = task_tag.tag_id
      where task_tag.user_id = ${subject} and task_tag.task_id = task.id
        and task_tag.tag_id is distinct from ${without}::uuid
      order by tag.key)
    where user_id = ${subject}
      and id in (select task_id from todo.task_tag where user_id = ${subject} and tag_id = ${tag})`)
}

function removal(subject: string, id: string): Compilable<unknown> {
  return fixed(sql`delete from todo.tag where user_id = ${subject} and id = ${id}`)
}

async function storedTag(run: Run, subject: string, id: string): Promise<Stored> {
  const [tag] = await run(
    fixed(sql<Stored>`
      select tag.revision, ${TAG_JSON}::text as body
      from (select ${subject}::text as subject) bound
      cross join lateral (${tagsOf(sql`tag.id = ${id}`)}) tag`),
  )
  return tag!
}
