// The good server's tasks: `/api/{user_id}/tasks[/{id}[/complete]]`.
import { randomUUID } from 'node:crypto'
import { noteForeign, requireSubject } from './accounts/gate.ts'
import { type Exchange, Problem } from './exchange.ts'
import type { State, Task } from './state.ts'

type Handler = (exchange: Exchange, state: State, place: Place) => Promise<true> | true

interface Place {
  user: string
  id?: string
}

const PATH = /^\/api\/([^/]*)\/tasks(?:\/([^/]+)(\/complete)?)?$/

const collection: Record<string, Handler> = { GET: listTasks, HEAD: listTasks, POST: createTask }
const object: Record<string, Handler> = {
  GET: readTask,
  HEAD: readTask,
  PUT: replaceTask,
  PATCH: changeTask,
  DELETE: deleteTask,
}
const completion: Record<string, Handler> = { PATCH: completeTask }

export async function tasks(exchange: Exchange, state: State): Promise<boolean> {
  const match = PATH.exec(exchange.path)
  if (!match) return false
  const subject = requireSubject(exchange, state)
  const [, user, id, complete] = match
  noteForeign(exchange, state, subject, user!)
  const isAllowed = user === subject.id || (subject.isAdmin && state.has('lets-admins-in'))
  if (!isAllowed) throw new Problem(404, 'not_found')
  const handlers = complete ? completion : id === undefined ? collection : object
  const handler = handlers[exchange.method]
  if (!handler) throw new Problem(405, 'method_not_allowed', { Allow: Object.keys(handlers).join(', ') })
  return await handler(exchange, state, { user: user!, id })
}

function listTasks(exchange: Exchange, state: State, { user }: Place): true {
  if (state.accounts.isBroken) throw new TypeError('relation "task" does not exist')
  const status = state.has('answers-206-for-a-page') ? 206 : 200
  return exchange.json(status, [...state.tasks.get(user)!.values()].reverse())
}

async function createTask(exchange: Exchange, state: State, { user }: Place): Promise<true> {
  const fields = fieldsOf(await bodyOf(exchange), { needsTitle: true })
  const now = new Date(state.now()).toISOString()
  const task: Task = {
    id: randomUUID(),
    user_id: user,
    title: '',
    description: null,
    completed: false,
    ...fields,
    created_at: now,
    updated_at: now,
    revision: 1,
  }
  rowsOf(state, user).set(task.id, task)
  state.streams.publish(user, task.title)
  return exchange.json(201, task, { Location: `/api/${user}/tasks/${task.id}` })
}

/** Looked at again now: the account may have been deleted while the body was on its way. */
function rowsOf(state: State, user: string): Map<string, Task> {
  const rows = state.tasks.get(user)
  if (rows) return rows
  if (!state.has('writes-land-after-the-deletion'))
    throw new Problem(401, 'invalid_token', { 'WWW-Authenticate': 'Bearer' })
  state.tasks.set(user, new Map())
  return state.tasks.get(user)!
}

function readTask(exchange: Exchange, state: State, place: Place): true {
  return exchange.json(200, find(state, place))
}

async function replaceTask(exchange: Exchange, state: State, place: Place): Promise<true> {
  const fields = fieldsOf(await bodyOf(exchange), { needsTitle: true })
  return save(exchange, state, find(state, place), { description: null, completed: false, ...fields })
}

async function changeTask(exchange: Exchange, state: State, place: Place): Promise<true> {
  const fields = fieldsOf(await bodyOf(exchange), { needsTitle: false })
  return save(exchange, state, find(state, place), fields)
}

function completeTask(exchange: Exchange, state: State, place: Place): true {
  const task = find(state, place)
  return save(exchange, state, task, { completed: !task.completed })
}

function deleteTask(exchange: Exchange, state: State, place: Place): true {
  state.tasks.get(place.user)!.delete(find(state, place).id)
  return exchange.json(204, undefined)
}

function find(state: State, { user, id }: Place): Task {
  const task = state.tasks.get(user)!.get(id!)
  if (!task) throw new Problem(404, 'not_found')
  return task
}

function save(exchange: Exchange, state: State, task: Task, fields: Partial<Task>): true {
  Object.assign(task, fields, {
    updated_at: new Date(state.now()).toISOString(),
    revision: task.revision + 1,
  })
  return exchange.json(200, task)
}

async function bodyOf(exchange: Exchange): Promise<unknown> {
  try {
    return JSON.parse((await exchange.body()).toString('utf8'))
  } catch {
    throw new Problem(400, 'invalid_request')
  }
}

const CHECKS: Record<string, (value: unknown) => boolean> = {
  title: value => typeof value === 'string' && value.length > 0 && [...value].length <= 200,
  description: value => value === null || (typeof value === 'string' && [...value].length <= 10_000),
  completed: value => typeof value === 'boolean',
}

function fieldsOf(body: unknown, { needsTitle }: { needsTitle: boolean }): Partial<Task> {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new Problem(400, 'invalid_request')
  const isRight = Object.entries(body).every(([name, value]) => CHECKS[name]?.(value) === true)
  if (!isRight || (needsTitle && !('title' in body))) throw new Problem(400, 'invalid_request')
  return body
}
