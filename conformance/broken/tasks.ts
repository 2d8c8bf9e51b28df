// The good server's tasks: `/api/{user_id}/tasks[/{id}[/complete]]`, and what organises them beside.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Exchange, Problem } from './exchange.ts'
import { once } from './idempotency.ts'
import { nothingHere } from './path.ts'
import { readJson } from './request-body.ts'
import type { Handler, Place } from './routing.ts'
import type { State, Task } from './state.ts'
import { ofUser } from './store.ts'
import { invalid, membersOf, shown } from './task-members.ts'
import { everybodys, pageOf } from './task-pages.ts'
import { find, requireReference, save } from './task-rows.ts'

export const collection: Record<string, Handler> = { GET: listTasks, POST: createTask, PATCH: changeTasks }
export const object: Record<string, Handler> = {
  GET: readTask,
  PUT: replaceTask,
  PATCH: changeTask,
  DELETE: deleteTask,
}
export const completion: Record<string, Handler> = { PATCH: completeTask }
export const restoring: Record<string, Handler> = { POST: restoreTask }

function listTasks(exchange: Exchange, state: State, { user }: Place): true {
  if (state.accounts.isBroken) throw new TypeError('relation "task" does not exist')
  const { tasks, headers } = pageOf(exchange, state, user)
  return exchange.json(
    state.has('answers-206-for-a-page') ? 206 : 200,
    tasks.map(task => shown(task, state)),
    headers,
  )
}

async function createTask(exchange: Exchange, state: State, { user }: Place): Promise<true> {
  const body = await readJson(exchange, state)
  const members = membersOf(body, state, { needsTitle: true })
  requireReferences(state, user, members)
  if (state.has('merges-bodies-deeply')) mergeDeeply(body as object, state)
  if (state.has('fetches-previews') && /^https?:/.test(members.title!))
    void fetch(members.title!).catch(() => {})
  const key = exchange.request.headers['idempotency-key']
  const make = () => insert(state, user, members)
  const task =
    typeof key === 'string' ? await once(state, { user, key, body: JSON.stringify(body) }, make) : make()
  return exchange.json(201, shown(task, state), {
    Location: locationOf(exchange, task, state),
    ETag: `"${task.revision}"`,
    ...(state.has('title-in-a-header') && { 'X-Task-Title': task.title }),
  })
}

function insert(state: State, user: string, members: Partial<Task>): Task {
  if (state.has('builds-sql-by-hand') && members.title!.includes("'"))
    throw new Error(`syntax error at or near "${members.title!.split("'")[1]}"`)
  const now = new Date(state.now()).toISOString()
  const task: Task = {
    title: '',
    description: null,
    completed: state.store.prototype.completed === true,
    list: null,
    parent: null,
    id: randomUUID(),
    user_id: user,
    created_at: now,
    updated_at: now,
    revision: 1,
    ...members,
  }
  requireAccount(state, user)
  state.store.numbers.set(task.id, state.store.numbers.size)
  ofUser(state.tasks, state.has('takes-the-owner-from-the-body') ? task.user_id : user).set(task.id, task)
  state.streams.publish(user, task.title)
  return task
}

/** Looked at again now: the account may have been deleted while the body was on its way. */
function requireAccount(state: State, user: string): void {
  if (state.tasks.has(user) || state.has('writes-land-after-the-deletion')) return
  throw new Problem(401, 'invalid_token', { 'WWW-Authenticate': 'Bearer' })
}

function requireReferences(state: State, user: string, { list, parent }: Partial<Task>): void {
  requireReference(state, user, 'list', list)
  requireReference(state, user, 'parent', parent)
}

/** A helper that copies every member into every object, prototypes too. */
function mergeDeeply(body: object, state: State): void {
  for (const [name, value] of Object.entries(body)) {
    if (name === '__proto__') Object.assign(state.store.prototype, value)
  }
}

function locationOf({ request }: Exchange, { user_id, id }: Task, state: State): string {
  const path = `/api/${user_id}/tasks/${id}`
  if (!state.has('location-from-the-request')) return path
  return new URL(path, new URL(request.url!, `http://${request.headers.host}`)).href
}

function readTask(exchange: Exchange, state: State, place: Place): true {
  const task = find(state, place, 'read')
  return exchange.json(200, shown(task, state), { ETag: `"${task.revision}"` })
}

async function replaceTask(exchange: Exchange, state: State, place: Place): Promise<true> {
  const members = membersOf(await readJson(exchange, state), state, { needsTitle: true })
  const task = find(state, place, 'write')
  requireReferences(state, place.user, members)
  return await save(exchange, state, task, {
    description: null,
    completed: false,
    list: null,
    parent: null,
    ...members,
  })
}

async function changeTask(exchange: Exchange, state: State, place: Place): Promise<true> {
  const members = membersOf(await readJson(exchange, state), state, { needsTitle: false })
  const task = find(state, place, 'write')
  requireReferences(state, place.user, members)
  return await save(exchange, state, task, members)
}

async function completeTask(exchange: Exchange, state: State, place: Place): Promise<true> {
  const task = find(state, place, 'write')
  const completed = !task.completed
  if (state.has('reads-then-toggles')) await sleep(20)
  return await save(exchange, state, task, { completed })
}

function deleteTask(exchange: Exchange, state: State, place: Place): true {
  const task = find(state, place, 'delete')
  state.tasks.get(task.user_id)!.delete(task.id)
  ofUser(state.store.trash, task.user_id).set(task.id, task)
  return exchange.json(204, undefined)
}

function restoreTask(exchange: Exchange, state: State, { user, id }: Place): true {
  const own = ofUser(state.store.trash, user)
  const task = own.get(id) ?? (state.has('restores-by-id-alone') ? inAnyTrash(state, id) : undefined)
  if (!task) throw nothingHere()
  ofUser(state.store.trash, task.user_id).delete(id)
  ofUser(state.tasks, task.user_id).set(id, task)
  return exchange.json(200, shown(task, state))
}

function inAnyTrash(state: State, id: string): Task | undefined {
  return [...state.store.trash.values()].map(tasks => tasks.get(id)).find(task => task !== undefined)
}

/** All or none: a task that is not there is 404 for all. */
async function changeTasks(exchange: Exchange, state: State, { user }: Place): Promise<true> {
  const { changes } = ((await readJson(exchange, state)) ?? {}) as { changes?: unknown }
  if (!Array.isArray(changes)) throw invalid()
  const asked = changes.map(change => {
    const { id, ...members } = (change ?? {}) as { id?: string }
    return { id: String(id), members: membersOf(members, state, { needsTitle: false }) }
  })
  const isStepwise = state.has('changes-one-after-another')
  for (const { id, members } of isStepwise ? asked : []) change(id, members)
  for (const { id } of asked) lookUp(id)
  return exchange.json(
    200,
    asked.map(({ id, members }) => shown(change(id, members), state)),
  )

  function lookUp(id: string): Task {
    const foreign = state.has('bulk-looks-tasks-up-by-id') && everybodys(state).find(task => task.id === id)
    return foreign || find(state, { user, id }, 'write')
  }

  function change(id: string, members: Partial<Task>): Task {
    const task = lookUp(id)
    return Object.assign(task, members, { revision: task.revision + 1 })
  }
}
