/** The task routes, as the page uses them. Each call is bound to the person it was made for. */
import { type Fetch, failureOf, pause, sendPatiently } from '../http.ts'
import type { Session } from '../session/session.ts'
import { readNextPage } from './next-page.ts'
import type { EntryChange, Parcel } from './outbox-entry.ts'
import { type Counts, fillTask, type List, type Tag, type Task, type TaskContent } from './task.ts'

export type TaskPage = { tasks: Task[]; next: string | null }

export type Call = {
  method?: string
  /** After `/api/{user_id}`. */
  path: string
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal
}

export type TasksApi = ReturnType<typeof createTasksApi>

type Parts = {
  apiUrl: string
  userId: string
  /** The API knows more of a task than the core does. */
  organizes: boolean
  session: Pick<Session, 'accessToken' | 'tokenInHand'>
  fetch: Fetch
  wait?: (ms: number) => Promise<void>
}

/** The most that one page closing may leave to the browser is 64 KiB. */
const MOST_WHILE_LEAVING = 60_000

export function createTasksApi({ apiUrl, userId, organizes, session, fetch, wait = pause }: Parts) {
  const base = new URL(`/api/${encodeURIComponent(userId)}`, apiUrl).href
  const pathTo = (id: string) => `/tasks/${encodeURIComponent(id)}`

  /** A refused token is renewed once and the call made again; a second refusal is an answer. */
  async function request(call: Call): Promise<Response> {
    const token = await session.accessToken(userId)
    try {
      return await sendWith(token, call)
    } catch (error) {
      if (failureOf(error).status !== 401) throw error
      return await sendWith(await session.accessToken(userId, token), call)
    }
  }

  const sendWith = (token: string, call: Call) =>
    sendPatiently(fetch, base + call.path, { ...initOf(token, call), signal: call.signal }, wait)

  const ask = async <Answer>(call: Call): Promise<Answer> => await (await request(call)).json()
  const askTask = async (call: Call): Promise<Task> => fillTask(await ask(call))

  return {
    /** For routes that only one part of the page uses. */
    request,
    ask,
    async list(query: string, signal?: AbortSignal): Promise<TaskPage> {
      const response = await request({ path: `/tasks${query}`, signal })
      const tasks: Task[] = (await response.json()).map(fillTask)
      return { tasks, next: readNextPage(response.headers.get('link'), `${base}/tasks`) }
    },
    read: (id: string, signal?: AbortSignal) => askTask({ path: pathTo(id), signal }),
    create: (task: Task) => askTask(createCall(task, organizes)),
    change: (id: string, change: EntryChange, revision: number) => askTask(changeCall(id, change, revision)),
    async changeMany(changes: ({ id: string; revision?: number } & EntryChange)[]): Promise<Task[]> {
      const tasks = await ask<Task[]>({ method: 'PATCH', path: '/tasks', body: { changes } })
      return tasks.map(fillTask)
    },
    async remove(id: string): Promise<void> {
      await request({ method: 'DELETE', path: pathTo(id) }).catch(error => {
        if (failureOf(error).status !== 404) throw error
      })
    },
    lists: (signal?: AbortSignal) => ask<List[]>({ path: '/lists', signal }),
    tags: (signal?: AbortSignal) => ask<Tag[]>({ path: '/tags', signal }),
    counts: (today: string, signal?: AbortSignal) => ask<Counts>({ path: `/counts?today=${today}`, signal }),
    /** One of those routes while the page closes and nothing can be awaited. */
    requestWhileLeaving(call: Call): void {
      const token = session.tokenInHand(userId)
      if (token) void fetch(base + call.path, { ...initOf(token, call), keepalive: true }).catch(() => {})
    },
    /** With the token in hand, or not at all. */
    sendWhileLeaving(parcels: readonly Parcel[]): void {
      const token = session.tokenInHand(userId)
      if (!token) return
      let size = 0
      for (const call of parcels.map(parcel => leavingCall(parcel, organizes))) {
        const init = initOf(token, call)
        size += init.body?.length ?? 0
        if (size > MOST_WHILE_LEAVING) return
        void fetch(base + call.path, { ...init, keepalive: true }).catch(() => {})
      }
    },
  }
}

function initOf(token: string, { method = 'GET', body, headers }: Call) {
  return {
    method,
    // The token is the API's only credential: no cookie goes along, so there is nothing to forge.
    credentials: 'omit' as const,
    headers: {
      accept: 'application/json, application/problem+json',
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  }
}

/** The id is ours, so that a repeated request is the same request: a retry never adds a task twice. */
function createCall(task: Task, organizes: boolean): Call {
  return {
    method: 'PUT',
    path: `/tasks/${task.id}`,
    body: organizes ? contentOf(task) : coreOf(task),
    headers: { 'if-none-match': '*' },
  }
}

function changeCall(id: string, change: EntryChange, revision: number): Call {
  const headers = revision > 0 ? { 'if-match': `"${revision}"` } : undefined
  return { method: 'PATCH', path: `/tasks/${id}`, body: change, headers }
}

function leavingCall({ taskId, creates, change, revision }: Parcel, organizes: boolean): Call {
  if (creates) return createCall(creates, organizes)
  if (change.deleted) return { method: 'DELETE', path: `/tasks/${taskId}` }
  if (change.deleted === false) return { method: 'POST', path: `/tasks/${taskId}/restore` }
  return changeCall(taskId, change, revision)
}

/** A backend that offers only the core refuses members it does not know. */
const coreOf = ({ title, description, completed }: Task) => ({ title, description, completed })

/** A subtask lies in its parent's list, whatever that is. */
const contentOf = (task: Task): Partial<TaskContent> => ({
  ...coreOf(task),
  due: task.due,
  priority: task.priority,
  tags: task.tags,
  list: task.parent ? undefined : task.list,
  parent: task.parent,
  position: task.position,
  recurrence: task.recurrence,
})
