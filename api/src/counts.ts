import { sql } from 'kysely'
import { type ApiRequest, answerJson } from './answer.ts'
import { CountsQuery } from './contract.ts'
import type { Database } from './database.ts'
import { readQuery } from './request.ts'
import { DUE, LIST, NO_LIST } from './task-list.ts'

/** What the sidebar shows beside its first names: each count reads its own part of an index. */
export function createCountRoutes({ database }: { database: Database }) {
  async function countTasks(c: ApiRequest): Promise<Response> {
    const { today } = readQuery(c, CountsQuery)
    const [counted] = await database.readAsSubject(
      c.get('subject'),
      sql<{ counts: string }>`
        select json_build_object(
          'inbox', (select count(*) from todo.task
            where user_id = bound.subject and deleted_at is null and not completed and parent_id is null
              and ${LIST} = ${NO_LIST}::uuid),
          'today', count(*), 'overdue', count(*) filter (where ${DUE} < ${today}))::text as counts
        from todo.task
        where user_id = bound.subject and deleted_at is null and not completed
          and ${DUE} < ${`${today}~`}`,
    )
    return answerJson(c, 200, counted!.counts)
  }

  return { countTasks }
}
