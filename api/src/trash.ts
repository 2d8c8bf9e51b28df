import { sql } from 'kysely'
import type { Logger } from 'pino'
import { type ApiRequest, answer } from './answer.ts'
import { type Database, fixed } from './database.ts'
import { readRevisions, refuseQuery } from './request.ts'
import { expectedRow, readId } from './stored.ts'
import { write } from './task-write.ts'

/** The trash routes: what goes through here is gone for good. */
export function createTrashRoutes({ database }: { database: Database }) {
  async function emptyTrash(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const subject = c.get('subject')
    await write(database, subject, async run => {
      await Promise.all([
        run(fixed(sql`delete from todo.task where user_id = ${subject} and deleted_at is not null`)),
        run(fixed(sql`delete from todo.list where user_id = ${subject} and deleted_at is not null`)),
      ])
    })
    return answer(c, 204, null)
  }

  async function purgeTask(c: ApiRequest): Promise<Response> {
    refuseQuery(c)
    const expected = readRevisions(c, 'If-Match')
    const id = readId(c)
    const subject = c.get('subject')
    await write(database, subject, async run => {
      const [row] = await run(
        fixed(sql<{ revision: number }>`
          select revision from todo.task
          where user_id = ${subject} and id = ${id} and deleted_at >= now() - interval '30 days'`),
      )
      expectedRow(row, expected)
      await run(fixed(sql`delete from todo.task where user_id = ${subject} and id = ${id}`))
    })
    return answer(c, 204, null)
  }

  return { emptyTrash, purgeTask }
}

const HOUR_MS = 3_600_000

/** Every hour: what has been in the trash for 30 days goes. Several APIs may do so at once. */
export function startPurging(database: Database, log: Logger) {
  let stopped = false
  let purging: Promise<void> = Promise.resolve()

  async function purge(): Promise<void> {
    try {
      while (!stopped && (await database.purgeTrash()) > 0);
    } catch (error) {
      log.debug({ reason: (error as Error).message }, 'The trash could not be purged; the next hour will do')
    }
  }

  const timer = setInterval(() => (purging = purge()), HOUR_MS)
  timer.unref()
  purging = purge()
  return {
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await purging
    },
  }
}
