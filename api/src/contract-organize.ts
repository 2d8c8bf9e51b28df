// What an API offers whose features name "organize": lists, tags, trash, counts, and many changes at once.
import { createRoute, z } from '@hono/zod-openapi'
import {
  etag,
  ifMatch,
  json,
  problems,
  security,
  TASK,
  TASKS,
  taskPath,
  USER,
  userPath,
} from './contract-parts.ts'
import {
  BulkChanges,
  Counts,
  CountsQuery,
  List,
  ListChange,
  NewList,
  Tag,
  TagChange,
  TagMerge,
  Task,
} from './schemas.ts'

const BODY = ['invalid_request', 'content_too_large', 'unsupported_media_type'] as const
const CHANGE = [...BODY, 'precondition_failed'] as const
const MERGE_PATCH = ['application/json', 'application/merge-patch+json']
const LISTS = `${USER}/lists`
const LIST = `${LISTS}/{id}`
const TAGS = `${USER}/tags`
const TAG = `${TAGS}/{id}`
const TRASH = `${USER}/trash`
const tags = ['Organize']

function one(schema: z.ZodType, description: string) {
  return { description, content: json(schema), headers: etag }
}

function body(schema: z.ZodType, types?: string[]) {
  return { required: true, content: json(schema, types) }
}

export const changeTasks = createRoute({
  operationId: 'changeTasks',
  summary: 'Change up to 500 tasks, all or none',
  method: 'patch',
  path: TASKS,
  security,
  tags,
  request: { params: userPath, body: body(BulkChanges) },
  responses: {
    200: { description: 'The tasks as they are now, in the order asked.', content: json(z.array(Task)) },
    ...problems(...CHANGE, 'limit_reached'),
  },
})

export const restoreTask = createRoute({
  operationId: 'restoreTask',
  summary: 'Take a task out of the trash, with the subtasks that went there with it',
  method: 'post',
  path: `${TASK}/restore`,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: {
    200: one(Task, 'The task as it is now.'),
    ...problems('invalid_request', 'precondition_failed'),
  },
})

export const readLists = createRoute({
  operationId: 'readLists',
  summary: 'All lists, by position',
  method: 'get',
  path: LISTS,
  security,
  tags,
  request: { params: userPath },
  responses: {
    200: { description: 'The lists.', content: json(z.array(List)) },
    ...problems('invalid_request'),
  },
})

export const readList = createRoute({
  operationId: 'readList',
  summary: 'Read a list',
  method: 'get',
  path: LIST,
  security,
  tags,
  request: { params: taskPath },
  responses: { 200: one(List, 'The list.'), ...problems('invalid_request') },
})

export const replaceList = createRoute({
  operationId: 'replaceList',
  summary: 'Replace a list, or with If-None-Match: * create it under an id of your own',
  method: 'put',
  path: LIST,
  security,
  tags,
  request: {
    params: taskPath,
    headers: ifMatch.extend({ 'If-None-Match': z.literal('*').optional() }),
    body: body(NewList),
  },
  responses: {
    200: one(List, 'The list as it is now.'),
    201: {
      ...one(List, 'The new list.'),
      headers: { ...etag, Location: { schema: { type: 'string' as const } } },
    },
    ...problems(...CHANGE, 'limit_reached'),
  },
})

export const changeList = createRoute({
  operationId: 'changeList',
  summary: 'Change some members of a list',
  method: 'patch',
  path: LIST,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch, body: body(ListChange, MERGE_PATCH) },
  responses: { 200: one(List, 'The list as it is now.'), ...problems(...CHANGE) },
})

export const deleteList = createRoute({
  operationId: 'deleteList',
  summary: 'Put a list and its tasks into the trash',
  method: 'delete',
  path: LIST,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: { 204: { description: 'Deleted.' }, ...problems('invalid_request', 'precondition_failed') },
})

export const restoreList = createRoute({
  operationId: 'restoreList',
  summary: 'Take a list out of the trash, with the tasks that went there with it',
  method: 'post',
  path: `${LIST}/restore`,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: {
    200: one(List, 'The list as it is now.'),
    ...problems('invalid_request', 'precondition_failed', 'limit_reached'),
  },
})

export const readTags = createRoute({
  operationId: 'readTags',
  summary: 'All tags, by name',
  method: 'get',
  path: TAGS,
  security,
  tags,
  request: { params: userPath },
  responses: {
    200: { description: 'The tags.', content: json(z.array(Tag)) },
    ...problems('invalid_request'),
  },
})

export const renameTag = createRoute({
  operationId: 'renameTag',
  summary: 'Give a tag another name',
  method: 'patch',
  path: TAG,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch, body: body(TagChange, MERGE_PATCH) },
  responses: { 200: one(Tag, 'The tag as it is now.'), ...problems(...CHANGE, 'tag_exists') },
})

export const deleteTag = createRoute({
  operationId: 'deleteTag',
  summary: 'Take a tag off every task',
  method: 'delete',
  path: TAG,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: { 204: { description: 'Deleted.' }, ...problems('invalid_request', 'precondition_failed') },
})

export const mergeTag = createRoute({
  operationId: 'mergeTag',
  summary: 'Give the tasks of a tag another one instead',
  method: 'post',
  path: `${TAG}/merge`,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch, body: body(TagMerge) },
  responses: { 200: one(Tag, 'The tag that remains.'), ...problems(...CHANGE) },
})

export const emptyTrash = createRoute({
  operationId: 'emptyTrash',
  summary: 'Delete for good what is in the trash',
  method: 'delete',
  path: TRASH,
  security,
  tags,
  request: { params: userPath },
  responses: { 204: { description: 'Empty.' }, ...problems('invalid_request') },
})

export const purgeTask = createRoute({
  operationId: 'purgeTask',
  summary: 'Delete a task in the trash for good',
  method: 'delete',
  path: `${TRASH}/{id}`,
  security,
  tags,
  request: { params: taskPath, headers: ifMatch },
  responses: { 204: { description: 'Gone.' }, ...problems('invalid_request', 'precondition_failed') },
})

export const countTasks = createRoute({
  operationId: 'countTasks',
  summary: 'How many open tasks there are in Inbox, Today and overdue',
  method: 'get',
  path: `${USER}/counts`,
  security,
  tags,
  request: { params: userPath, query: CountsQuery },
  responses: { 200: { description: 'The counts.', content: json(Counts) }, ...problems('invalid_request') },
})
