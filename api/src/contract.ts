// The contract: what others may import of the API. The core operations are here, what organises tasks is beside it.
import { createRoute, z } from '@hono/zod-openapi'
import { etag, ifMatch, json, problems, security, TASK, TASKS, taskPath, userPath } from './contract-parts.ts'
import { ListQuery, NewTask, Task, TaskChange } from './schemas.ts'

export * from './contract-organize.ts'
export * from './schemas.ts'

function task(description: string) {
  return { description, content: json(Task), headers: etag }
}

const BODY = ['invalid_request', 'content_too_large', 'unsupported_media_type'] as const
const tags = ['Tasks']

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
