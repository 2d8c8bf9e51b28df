import { sql } from 'kysely'
import { type ApiRequest, answer, answerJson } from './answer.ts'
import { BulkChanges, type Content, ListQuery, NewTask, type Task, TaskChange } from './contract.ts'
import { type Database, keepRead, type Run } from './database.ts'
import { once, readIdempotencyKey } from './idempotency.ts'
import type { PageCursors } from './page-cursor.ts'
import { invalidRequest, ProblemError } from './problem.ts'
import {
  MAX_BULK_BODY,
  MERGE_PATCH_TYPE,
  readBody,
  readQuery,
  readRevisions,
  refuseQuery,
} from './request.ts'
import { created, current, entityTag, matches, pathOf, readId, type Stored } from './stored.ts'
import { tagKey } from './tag-key.ts'
import { storedTasks, tasksOf } from './task-json.ts'
import { commonPage, cutPage, pageOfTasks } from './task-list.ts'
import type { Change } from './task-merge.ts'
import { changeTasks, createPlainTask, createTask, isPlain, placeOf, write } from './task-write.ts'
import { uuidV7 } from './uuid.ts'

interface Parts {
  database: Database
  cursors: PageCursors
}

/** The task routes. Each reads what it was sent, in the order in which errors are told, and then asks once. */
export function createTaskRoutes({ database, cursors }: Parts) {
  async function listTasks(c: ApiRequest): Promise<Response> {
    const query = readQuery(c, ListQuery)
    const { cursor, limit, ...filters } = query
    const subject = c.get('subject')
    const scope = JSON.stringify([subject, Object.entries(filters).toSorted()])
    const after = cursor === undefined ? undefined : cursors.open(cursor, scope)
    if (after === null)
      throw invalidRequest([{ field: 'cursor', message: 'must come from a link to a next page' }])
    const common = commonPage(subject, query, after)
    const [page] = common
      ? await database.ask(common)
      : await database.readAsSubject(subject, pageOfTasks(query, after), { prepared: false })
    const { tasks, found } = page!
    if (found <= limit) return answerJson(c, 200, `[${tasks ?? ''}]`)
    const kept = cutPage(tasks!, query)
    const next = new URLSearchParams({
      ...textsOf({ limit, ...filters }),
      cursor: cursors.seal(kept.last, scope),
    })
    return answerJson(c, 200, `[${kept.tasks}]`, {
      Link: `<${pathOf(subject, 'tasks')}?${next}>; rel="next"`,
    })
  }

  async function makeTask(c: ApiRequest): Promise<Response> {
    const content = await readBody(c, NewTask)
    refuseQuery(c)
    const key = readIdempotencyKey(c)
    const id = uuidV7(Date.now())
    const subject = c.get('subject')
    const make = async (run: Run) => (await createTask(run, subject, { id, content }))!
    if (key !== undefined) {
      const making = (run: Run) => once(run, { subject, key, content }, () => make(run))
      return created(c, 'tasks', await write(database, subject, making))
    }
    const task = isPlain(content)
      ? await createPlainTask(database, subject, { id, content })
      : await write(database, subject, make)
    return created(c, 'tasks', task!)
  }

  async function readTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const known = readRevisions(c, 'If-None-Match')
    const id = readId(c)
    const [task] = await database.ask(oneTask({ subject: c.get('subject'), id }))
    if (!task) throw new ProblemError('not_found')
    if (known !== null && matches(known, task.revision) && !hasSubtasks(task))
      return answer(c, 304, null, entityTag(task))
    return current(c, task)
  }

  async function replaceTask(c: ApiRequest): Promise<Response> {
    const content = await readBody(c, NewTask)
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const absent = readRevisions(c, 'If-None-Match')
    if (absent === null) {
      const list = content.list ?? (content.parent === null ? null : undefined)
      return current(c, await change(c, { ...content, list, expected }))
    }
    if (absent !== '*' || expected !== null)
      throw invalidRequest([{ field: 'If-None-Match', message: 'must be * and without If-Match' }])
    return await createAt(c, readId(c), content)
  }

  /** A repetition finds what the first one made, and is told so when it asked for the same. */
  async function createAt(c: ApiRequest, id: string, content: Content): Promise<Response> {
    const subject = c.get('subject')
    const made = isPlain(content) ? await createPlainTask(database, subject, { id, content }) : null
    if (made) return created(c, 'tasks', made)
    return await write(database, subject, async run => {
      const task = await createTask(run, subject, { id, content })
      if (task) return created(c, 'tasks', task)
      const [found] = await run(storedTasks(subject, [id]))
      const list = await placeOf(run, subject, content)
      if (!found || !isSame(JSON.parse(found.body) as Task, { ...content, list }))
        throw new ProblemError('precondition_failed')
      return current(c, found)
    })
  }

  async function patchTask(c: ApiRequest): Promise<Response> {
    const members = await readBody(c, TaskChange, { mediaType: MERGE_PATCH_TYPE })
    refuseQuery(c)
    return current(c, await change(c, { ...members, expected: readRevisions(c, 'If-Match') }))
  }

  async function patchTasks(c: ApiRequest): Promise<Response> {
    const { changes } = await readBody(c, BulkChanges, { limit: MAX_BULK_BODY })
    refuseQuery(c)
    refuseTwice(changes.map(({ id }) => id))
    const subject = c.get('subject')
    const asked = changes.map(({ revision, ...members }, at) => ({
      ...members,
      expected: revision === undefined ? null : [revision],
      reachesTrash: members.deleted !== undefined,
      at: `/changes/${at}`,
    }))
    const tasks = await changeTasks(database, subject, asked)
    return answerJson(c, 200, `[${tasks.map(({ body }) => body).join(',\n')}]`)
  }

  async function toggleTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    return current(c, await change(c, { toggled: true, expected: readRevisions(c, 'If-Match') }))
  }

  async function deleteTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    await change(c, { deleted: true, expected: readRevisions(c, 'If-Match') })
    return answer(c, 204, null)
  }

  async function restoreTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    return current(c, await change(c, { deleted: false, reachesTrash: true, expected }))
  }

  async function change(c: ApiRequest, members: Omit<Change, 'id' | 'at'>): Promise<Stored> {
    const id = readId(c)
    const subject = c.get('subject')
    const [task] = await changeTasks(database, subject, [{ ...members, id, at: '' }])
    return task!
  }

  return {
    listTasks,
    makeTask,
    readTask,
    replaceTask,
    patchTask,
    patchTasks,
    toggleTask,
    deleteTask,
    restoreTask,
  }
}

const oneTask = keepRead<{ id: string }, Stored>(({ id }) => {
  const rows = sql`
    select * from todo.task where user_id = bound.subject and id = ${id} and deleted_at is null limit 1`
  return sql<Stored>`
    select row_to_json(task)::text as body, revision from (${tasksOf(rows)}) task limit 1`
})

function textsOf(values: object): Record<string, string> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
}

/** The counts of subtasks are in the answer and not in the revision, so that a tick there disturbs no edit here. */
function hasSubtasks({ body }: Stored): boolean {
  return (JSON.parse(body) as Task).subtasks.total > 0
}

function isSame(task: Task, content: Content): boolean {
  const { tags, position, ...members } = content
  const keys = (names: string[]) => [...new Set(names.map(tagKey))].sort().join('\n')
  return (
    task.deleted_at === null &&
    keys(task.tags) === keys(tags) &&
    (position === undefined || position === task.position) &&
    Object.entries(members).every(([name, value]) => isEqual(task[name as keyof Task], value))
  )
}

function isEqual(a: unknown, b: unknown): boolean {
  const textOf = (value: unknown) =>
    JSON.stringify(value, value && typeof value === 'object' ? ['rule', 'from'] : null)
  return textOf(a) === textOf(b)
}

function refuseTwice(ids: string[]): void {
  const errors = ids.flatMap((id, at) =>
    ids.indexOf(id) < at ? [{ field: `/changes/${at}/id`, message: 'must be named once' }] : [],
  )
  if (errors.length > 0) throw invalidRequest(errors.slice(0, 20))
}
