// What the routes of the contract are put together from.
import { z } from '@hono/zod-openapi'
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from './problem.ts'
import { Problem } from './schemas.ts'
import { UUID_V7 } from './uuid.ts'

export const USER = '/api/{user_id}'
export const TASKS = `${USER}/tasks`
export const TASK = `${TASKS}/{id}`

export const security = [{ accessToken: [] }]
export const userPath = z.object({ user_id: z.string().openapi({ description: "The token's subject." }) })
export const taskPath = userPath.extend({ id: z.string().regex(UUID_V7).openapi({ format: 'uuid' }) })

export const etag = { ETag: { schema: { type: 'string' as const }, description: "The task's revision." } }
export const ifMatch = z.object({
  'If-Match': z.string().optional().openapi({ description: 'The ETag the task must still have.' }),
})

export function json<Schema extends z.ZodType>(schema: Schema, types = ['application/json']) {
  return Object.fromEntries(types.map(type => [type, { schema }]))
}

/** The problems a route can answer with, those of every protected route included. */
export function problems(...codes: ProblemCode[]) {
  const all: ProblemCode[] = [
    'invalid_token',
    'not_found',
    'method_not_allowed',
    'internal_error',
    'unavailable',
  ]
  const statuses = [...new Set([...codes, ...all].map(code => PROBLEMS[code][0]))].sort()
  return Object.fromEntries(statuses.map(status => [status, problemResponse(status)]))
}

function problemResponse(status: number) {
  const titles = Object.values(PROBLEMS).filter(problem => problem[0] === status)
  return {
    description: titles.map(([, sentence]) => sentence).join(' '),
    content: json(Problem, [PROBLEM_TYPE.split(';')[0]!]),
  }
}
