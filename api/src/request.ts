import type { z } from '@hono/zod-openapi'
import type { ApiRequest } from './answer.ts'
import { type FieldError, invalidRequest, ProblemError } from './problem.ts'

const MAX_BODY = 65_536
/** For up to 500 changes: two kilobytes each. */
export const MAX_BULK_BODY = 1_048_576
const MAX_ERRORS = 20
const JSON_TYPE = /^application\/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i
export const MERGE_PATCH_TYPE =
  /^application\/(merge-patch\+)?json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?$/i

interface Accepted {
  mediaType?: RegExp
  /** Bytes. */
  limit?: number
}

/** Media type, size, then the body itself; the token is judged again when all of it is here. */
export async function readBody<Schema extends z.ZodType>(
  c: ApiRequest,
  schema: Schema,
  { mediaType = JSON_TYPE, limit = MAX_BODY }: Accepted = {},
): Promise<z.output<Schema>> {
  const encoding = c.req.header('content-encoding') ?? 'identity'
  if (!mediaType.test(c.req.header('content-type') ?? '') || encoding.toLowerCase() !== 'identity')
    throw new ProblemError('unsupported_media_type')
  const bytes = await readBytes(c.req.raw, limit)
  requireStillAccepted(c)
  return parsed(schema, parseJson(bytes), path => path.map(escapePointer).join(''))
}

/** A long upload outlives a session: what was accepted at its start may be revoked at its end. */
function requireStillAccepted(c: ApiRequest): void {
  const verdict = c.get('judgeAgain')()
  if (verdict.kind === 'unavailable') throw new ProblemError('unavailable')
  // EC-6: a request accepted in time completes, so that the token expired meanwhile is no reason.
  if (verdict.kind === 'refused' && verdict.reason !== 'expired') throw new ProblemError('invalid_token')
}

export function readQuery<Schema extends z.ZodType>(c: ApiRequest, schema: Schema): z.output<Schema> {
  const pairs = [...new URL(c.req.url).searchParams]
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) throw invalidRequest([{ field: fieldName(twice), message: 'must be given once' }])
  return parsed(schema, Object.fromEntries(pairs), path => fieldName(String(path[0] ?? '')))
}

export function refuseQuery(c: ApiRequest): void {
  if (!c.req.url.includes('?')) return
  const names = [...new Set(new URL(c.req.url).searchParams.keys())].slice(0, MAX_ERRORS)
  if (names.length > 0)
    throw invalidRequest(names.map(name => ({ field: fieldName(name), message: 'is not known' })))
}

const ENTITY_TAGS = /^(W\/)?"[\x21\x23-\x7e]*"([ \t]*,[ \t]*(W\/)?"[\x21\x23-\x7e]*")*$/

/** Revisions a precondition names; `*` for any; null without one. A weak tag never matches (RFC 9110 §13.1.1). */
export function readRevisions(c: ApiRequest, name: 'If-Match' | 'If-None-Match'): number[] | '*' | null {
  const value = c.req.header(name)
  if (value === undefined) return null
  if (value === '*') return '*'
  if (!ENTITY_TAGS.test(value)) throw invalidRequest([{ field: name, message: 'must be * or entity tags' }])
  return [...value.matchAll(/(?<!W\/)"([1-9]\d{0,14})"/g)].map(match => Number(match[1]))
}

/** Counts what arrives and never reads on past the limit; a stated length is believed only to refuse. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > limit) throw new ProblemError('content_too_large')
  try {
    if (length !== null) return new Uint8Array(await request.arrayBuffer())
    return await readStream(request.body, limit)
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw new ProblemError('malformed_request')
  }
}

async function readStream(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength
    // Not cancelled: that would end the connection before the answer. The server ends it after the answer.
    if (size > limit) throw new ProblemError('content_too_large')
    chunks.push(part.value)
  }
  return Buffer.concat(chunks)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    throw invalidRequest([{ field: '', message: 'must be JSON in UTF-8' }])
  }
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  name: (path: PropertyKey[]) => string,
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidRequest(result.error.issues.flatMap(issue => fieldErrors(issue, name)).slice(0, MAX_ERRORS))
}

function fieldErrors(issue: z.core.$ZodIssue, name: (path: PropertyKey[]) => string): FieldError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ field: name([...issue.path, key]), message: 'is not known' }))
  return [{ field: name(issue.path), message: issue.message }]
}

/** RFC 6901. */
function escapePointer(part: PropertyKey): string {
  return `/${fieldName(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`
}

function fieldName(name: string): string {
  return name.length <= 100 ? name : `${name.slice(0, 100)}…`
}
