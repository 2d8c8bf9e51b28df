import { type Compilable, type RawBuilder, sql } from 'kysely'
import { type ApiRequest, answer, answerJson } from './answer.ts'
import { type List, ListChange, NewList } from './contract.ts'
import { type Database, fixed, type Run } from './database.ts'
import { invalidRequest, ProblemError } from './problem.ts'
import { MERGE_PATCH_TYPE, readBody, readRevisions, refuseQuery } from './request.ts'
import { created, current, expectedRow, type Revisions, readId, type Stored, timeOf } from './stored.ts'
import { LIST } from './task-list.ts'
import { write } from './task-write.ts'

const MAX_LISTS = 200

interface Row {
  id: string
  revision: number
  deleted_at: string | null
}

interface Members {
  name?: string | undefined
  color?: string | undefined
  position?: string | undefined
}

/** The task list's own index counts what is open. */
const LIST_FIELDS = sql`
  list.id, list.name, list.color, list.position,
  (select count(*) from todo.task
    where task.user_id = bound.subject and deleted_at is null and not completed and parent_id is null
      and ${LIST} = list.id) as open,
  ${timeOf(sql`list.created_at`)} as created_at, ${timeOf(sql`list.updated_at`)} as updated_at, list.revision`

function listsOf(where: RawBuilder<unknown>) {
  return sql`
    select ${LIST_FIELDS} from todo.list
    where list.user_id = bound.subject and list.deleted_at is null and ${where}`
}

/** The list routes. Deleting a list puts its tasks into the trash with it, and restoring it brings them back. */
export function createListRoutes({ database }: { database: Database }) {
  async function readLists(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const [answered] = await database.readAsSubject(
      c.get('subject'),
      sql<{ lists: string }>`
        select coalesce(json_agg(list order by position, id), '[]')::text as lists
        from (${listsOf(sql`true`)}) list`,
    )
    return answerJson(c, 200, answered!.lists)
  }

  async function readList(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const id = readId(c)
    const [list] = await database.readAsSubject(
      c.get('subject'),
      sql<Stored>`
        select row_to_json(list)::text as body, revision from (${listsOf(sql`list.id = ${id}`)}) list limit 1`,
    )
    if (!list) throw new ProblemError('not_found')
    return current(c, list)
  }

  async function replaceList(c: ApiRequest): Promise<Response> {
    const content = await readBody(c, NewList)
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const absent = readRevisions(c, 'If-None-Match')
    if (absent === null) return current(c, await change(c, content, expected))
    if (absent !== '*' || expected !== null)
      throw invalidRequest([{ field: 'If-None-Match', message: 'must be * and without If-Match' }])
    return await createAt(c, content)
  }

  async function createAt(c: ApiRequest, content: Members): Promise<Response> {
    const id = readId(c)
    const subject = c.get('subject')
    return await write(database, subject, async run => {
      const [row] = await run(rowOf(subject, id))
      if (!row) return created(c, 'lists', await create(run, subject, { id, ...content }))
      const list = await storedList(run, subject, id)
      if (!list || !isSame(JSON.parse(list.body) as List, content))
        throw new ProblemError('precondition_failed')
      return current(c, list)
    })
  }

  async function changeList(c: ApiRequest): Promise<Response> {
    const members = await readBody(c, ListChange, { mediaType: MERGE_PATCH_TYPE })
    refuseQuery(c)
    return current(c, await change(c, members, readRevisions(c, 'If-Match')))
  }

  async function change(c: ApiRequest, members: Members, expected: Revisions): Promise<Stored> {
    const id = readId(c)
    const subject = c.get('subject')
    const { name = null, color = null, position = null } = members
    return await write(database, subject, async run => {
      await requireList(run, subject, id, expected)
      await run(
        fixed(sql`
          update todo.list set name = coalesce(${name}, name), color = coalesce(${color}, color),
            position = coalesce(${position}, position)
          where user_id = ${subject} and id = ${id}`),
      )
      return (await storedList(run, subject, id))!
    })
  }

  async function deleteList(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    await write(database, subject, async run => {
      await requireList(run, subject, id, expected)
      await Promise.all([
        run(
          fixed(sql`
            update todo.task set deleted_at = now()
            where user_id = ${subject} and list_id = ${id} and deleted_at is null`),
        ),
        run(fixed(sql`update todo.list set deleted_at = now() where user_id = ${subject} and id = ${id}`)),
      ])
    })
    return answer(c, 204, null)
  }

  async function restoreList(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    const list = await write(database, subject, async run => {
      const [row] = await run(rowOf(subject, id))
      const { deleted_at } = expectedRow(row, expected)
      if (deleted_at !== null) await restore(run, subject, id, deleted_at)
      return (await storedList(run, subject, id))!
    })
    return current(c, list)
  }

  return { readLists, readList, replaceList, changeList, deleteList, restoreList }
}

async function create(run: Run, subject: string, list: Members & { id: string }): Promise<Stored> {
  await requireRoom(run, subject)
  await run(
    fixed(sql`
      insert into todo.list (id, name, color, position)
      values (${list.id}, ${list.name}, ${list.color},
        coalesce(${list.position ?? null}, todo.position_of(clock_timestamp())))`),
  )
  return (await storedList(run, subject, list.id))!
}

/** With the tasks that went into the trash at the same moment. */
async function restore(run: Run, subject: string, id: string, deletedAt: string): Promise<void> {
  await requireRoom(run, subject)
  await Promise.all([
    run(fixed(sql`update todo.list set deleted_at = null where user_id = ${subject} and id = ${id}`)),
    run(
      fixed(sql`
        update todo.task set deleted_at = null
        where user_id = ${subject} and list_id = ${id} and deleted_at = ${deletedAt}::timestamptz`),
    ),
  ])
}

async function requireRoom(run: Run, subject: string): Promise<void> {
  const [found] = await run(
    fixed(sql<{ lists: number }>`
      select count(*) as lists from todo.list where user_id = ${subject} and deleted_at is null`),
  )
  if (found!.lists >= MAX_LISTS) throw new ProblemError('limit_reached')
}

async function requireList(run: Run, subject: string, id: string, expected: Revisions): Promise<void> {
  const [row] = await run(rowOf(subject, id))
  expectedRow(row?.deleted_at === null ? row : undefined, expected)
}

/** In the trash or not; what has expired is not there. */
function rowOf(subject: string, id: string): Compilable<Row> {
  return fixed(sql<Row>`
    select id, revision, deleted_at::text from todo.list
    where user_id = ${subject} and id = ${id}
      and (deleted_at is null or deleted_at >= now() - interval '30 days')`)
}

async function storedList(run: Run, subject: string, id: string): Promise<Stored | undefined> {
  const [list] = await run(
    fixed(sql<Stored>`
      select list.revision, row_to_json(list)::text as body
      from (select ${subject}::text as subject) bound
      cross join lateral (${listsOf(sql`list.id = ${id}`)}) list`),
  )
  return list
}

function isSame(list: List, { name, color, position = list.position }: Members): boolean {
  return list.name === name && list.color === color && list.position === position
}
