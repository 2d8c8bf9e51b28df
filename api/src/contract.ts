import { createRoute, z } from '@hono/zod-openapi'
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from './problem.ts'
import { UUID_V7 } from './uuid.ts'

/** Lengths count Unicode code points; what PostgreSQL or UTF-8 cannot hold is refused, not replaced. */
function text(min: number, max: number) {
  const length = min === 0 ? `at most ${max}` : `${min} to ${max}`
  return z
    .string('must be a string')
    .refine(value => value.isWellFormed() && !value.includes('\0'), {
      message: 'must be well-formed Unicode without U+0000',
      abort: true,
    })
    .refine(value => isCodePointLength(value, min, max), `must have ${length} characters`)
    .openapi({ minLength: min, maxLength: max })
}

function isCodePointLength(value: string, min: number, max: number): boolean {
  if (value.length < min || value.length > 2 * max) return false
  return value.length <= max || [...value].length <= max
}

const time = z.string().openapi({ format: 'date-time', example: '2026-11-21T09:30:00.000Z' })

const title = text(1, 200)
const description = z
  .union([text(0, 10_000), z.null()], { error: () => 'must be a string or null' })
  .openapi({
    type: ['string', 'null'],
    maxLength: 10_000,
  })
const completed = z.boolean('must be true or false')

export const Task = z
  .strictObject({
    id: z.string().openapi({ format: 'uuid', description: 'A UUIDv7.' }),
    user_id: z.string(),
    title,
    description: z.string().nullable(),
    completed: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi('Task')

export const NewTask = z
  .strictObject({
    title,
    description: description.default(null),
    completed: completed.default(false),
  })
  .openapi('NewTask')

export const TaskChange = z
  .strictObject({
    title: title.optional(),
    description: description.optional(),
    completed: completed.optional(),
  })
  .refine(change => Object.keys(change).length > 0, 'must change at least one member')
  .openapi('TaskChange', { minProperties: 1 })

export const Problem = z
  .strictObject({
    type: z.string().openapi({ example: 'urn:latchkey:problem:invalid-request' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Each wrong field: a JSON pointer into the body, or a parameter or header.' }),
    id: z.string().optional().openapi({ description: 'On a 500: the request id.' }),
  })
  .openapi('Problem')

const PAGE_LIMIT = { default: 50, max: 100 }

export const ListQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${PAGE_LIMIT.max}`)
    .transform(Number)
    .refine(limit => limit <= PAGE_LIMIT.max, `must be a whole number from 1 to ${PAGE_LIMIT.max}`)
    .default(PAGE_LIMIT.default)
    .openapi({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT.max, default: PAGE_LIMIT.default }),
  completed: z
    .enum(['true', 'false'], 'must be true or false')
    .transform(value => value === 'true')
    .optional()
    .openapi({ type: 'boolean', description: 'Only tasks that are, or are not, completed.' }),
  cursor: z.string().optional().openapi({ description: 'From the link to the next page.' }),
})

const userPath = z.object({ user_id: z.string().openapi({ description: "The token's subject." }) })
const taskPath = userPath.extend({ id: z.string().regex(UUID_V7).openapi({ format: 'uuid' }) })

const etag = { ETag: { schema: { type: 'string' as const }, description: "The task's revision." } }
const ifMatch = z.object({
  'If-Match': z.string().optional().openapi({ description: 'The ETag the task must still have.' }),
})

function json<Schema extends z.ZodType>(schema: Schema, types = ['application/json']) {
  return Object.fromEntries(types.map(type => [type, { schema }]))
}

function task(description: string) {
  return { description, content: json(Task), headers: etag }
}

/** The problems a route can answer with, those of every protected route included. */
function problems(...codes: ProblemCode[]) {
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

const BODY = ['invalid_request', 'content_too_large', 'unsupported_media_type'] as const
const security = [{ accessToken: [] }]
const tags = ['Tasks']
const TASKS = '/api/{user_id}/tasks'
const TASK = `${TASKS}/{id}`

export const listTasks = createRoute({
  operationId: 'listTasks',
  summary: 'List tasks, newest first',
  method: 'get',
  path: TASKS,
  security,
  tags,
  request: { params: userPath, query: ListQuery },
  responses: {
    200: {
      description: 'One page of tasks.',
      content: json(z.array(Task)),
      headers: { Link: { schema: { type: 'string' }, description: 'rel="next": the next page, if any.' } },
    },
    ...problems('invalid_request'),
  },
})

export const createTask = createRoute({
  operationId: 'createTask',
  summary: 'Create a task',
  method: 'post',
  path: TASKS,
  security,
  tags,
  request: {
    params: userPath,
    headers: z.object({
      'Idempotency-Key': z.string().optional().openapi({
        description: 'Any text made for this request: for 24 hours a repetition gets the first answer again.',
      }),
    }),
    body: { required: true, content: json(NewTask) },
  },
  responses: {
    201: {
      ...task('The new task.'),
      headers: { ...etag, Location: { schema: { type: 'string' } } },
    },
    ...problems(...BODY, 'idempotency_key_reused'),
  },
})

export const readTask = createRoute({
  operationId: 'readTask',
  summary: 'Read a task',
  method: 'get',
  path: TASK,
  security,
  tags,
  request: { params: taskPath },
  responses: {
    200: task('The task.'),
    304: { description: 'Unchanged since the ETag in If-None-Match.' },
    ...problems('invalid_request'),
  },
})

export const replaceTask = createRoute({
  operationId: 'replaceTask',
  summary: 'Replace a task, or with If-None-Match: * create it under an id of your own',
  method: 'put',
  path: TASK,
  security,
  tags,
  request: {
    params: taskPath,
    headers: ifMatch.extend({ 'If-None-Match': z.literal('*').optional() }),
    body: { required: true, content: json(NewTask) },
  },
  responses: {
    200: task('The task as it is now.'),
    201: { ...task('The new task.'), headers: { ...etag, Location: { schema: { type: 'string' } } } },
    ...problems(...BODY, 'precondition_failed'),
  },
})

export const changeTask = createRoute({
  operationId: 'changeTask',
  summary: 'Change some members of a task (RFC 7396)',
  method: 'patch',
  path: TASK,
  security,
  tags,
  request: {
    params: taskPath,
    headers: ifMatch,
    body: {
      required: true,
      content: json(TaskChange, ['application/json', 'application/merge-patch+json']),
    },
  },
  responses: { 200: task('The task as it is now.'), ...problems(...BODY, 'precondition_failed') },
})

export const toggleTask = createRoute({
  operationId: 'toggleTask',
  summary: 'Complete a task, or take that back',
  method: 'patch',
  path: `${TASK}/complete`,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: {
    200: task('The task as it is now.'),
    ...problems('invalid_request', 'precondition_failed'),
  },
})

export const deleteTask = createRoute({
  operationId: 'deleteTask',
  summary: 'Delete a task',
  method: 'delete',
  path: TASK,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: {
    204: { description: 'Deleted.' },
    ...problems('invalid_request', 'precondition_failed'),
  },
})

export type Task = z.infer<typeof Task>
/** What a client sends to create or replace a task. */
export type NewTask = z.input<typeof NewTask>
/** What a client sends to change a task: at least one member. */
export type TaskChange = z.input<typeof TaskChange>
export type Problem = z.infer<typeof Problem>
