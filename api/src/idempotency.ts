// Answers kept for 24 hours, so that a repeated request is answered and not done again.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { ApiRequest } from './answer.ts'
import { fixed, type Run } from './database.ts'
import { invalidRequest, ProblemError } from './problem.ts'
import type { Stored } from './stored.ts'

export function readIdempotencyKey(c: ApiRequest): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw invalidRequest([{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }])
}

interface Request {
  subject: string
  key: string
  content: unknown
}

/** The key is claimed first: a request with the same key waits here until this one has ended. */
export async function once(
  run: Run,
  { subject, key, content }: Request,
  work: () => Promise<Stored>,
): Promise<Stored> {
  const fingerprint = createHash('sha256').update(JSON.stringify(content)).digest()
  await run(
    fixed(sql`
      delete from todo.idempotency
      where user_id = ${subject} and created_at < now() - interval '24 hours'`),
  )
  const [claimed] = await run(
    fixed(sql`
      insert into todo.idempotency (key, fingerprint) values (${key}, ${fingerprint})
      on conflict (user_id, key) do nothing returning key`),
  )
  if (!claimed) return await firstAnswer(run, { subject, key }, fingerprint)
  const made = await work()
  await run(
    fixed(sql`
      update todo.idempotency set task = ${made.body}, revision = ${made.revision}
      where user_id = ${subject} and key = ${key}`),
  )
  return made
}

interface Kept {
  fingerprint: Buffer
  task: string
  revision: number
}

async function firstAnswer(
  run: Run,
  { subject, key }: Omit<Request, 'content'>,
  fingerprint: Buffer,
): Promise<Stored> {
  const [first] = await run(
    fixed(sql<Kept>`
      select fingerprint, task, revision from todo.idempotency
      where user_id = ${subject} and key = ${key}`),
  )
  if (!first!.fingerprint.equals(fingerprint)) throw new ProblemError('idempotency_key_reused')
  return { body: first!.task, revision: first!.revision }
}
