// What PostgreSQL wrote as JSON and how it goes out; what a request says about which of it is meant.
import { type RawBuilder, sql } from 'kysely'
import { type ApiRequest, answerJson } from './answer.ts'
import { ProblemError } from './problem.ts'
import { UUID_V7 } from './uuid.ts'

/** A row as PostgreSQL wrote it: its JSON goes out as it came. */
export interface Stored {
  body: string
  revision: number
}

/** Which revisions a precondition names. */
export type Revisions = number[] | '*' | null

const UTC = sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')

export function timeOf(column: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`to_char(${column} at time zone 'UTC', ${UTC})`
}

/** What is no UUIDv7 cannot be an id, so there is nothing there. */
export function readId(c: ApiRequest): string {
  const id = c.req.param('id') ?? ''
  if (!UUID_V7.test(id)) throw new ProblemError('not_found')
  return id
}

export function matches(revisions: Revisions, revision: number): boolean {
  return revisions === null || revisions === '*' || revisions.includes(revision)
}

/** There, and as it was expected to be; or the problem that it is not. */
export function expectedRow<Row extends { revision: number }>(
  row: Row | undefined,
  revisions: Revisions,
): Row {
  if (!row) throw new ProblemError('not_found')
  if (!matches(revisions, row.revision)) throw new ProblemError('precondition_failed')
  return row
}

export function pathOf(subject: string, kind: 'tasks' | 'lists'): string {
  return `/api/${encodeURIComponent(subject)}/${kind}`
}

export function entityTag({ revision }: Stored) {
  return { ETag: `"${revision}"` }
}

export function current(c: ApiRequest, stored: Stored): Response {
  return answerJson(c, 200, stored.body, entityTag(stored))
}

export function created(c: ApiRequest, kind: 'tasks' | 'lists', stored: Stored): Response {
  const { id } = JSON.parse(stored.body) as { id: string }
  const Location = `${pathOf(c.get('subject'), kind)}/${id}`
  return answerJson(c, 201, stored.body, { ...entityTag(stored), Location })
}
