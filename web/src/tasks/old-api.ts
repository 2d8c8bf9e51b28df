/** The task routes, as the page uses them. Each call is bound to the person it was made for. */
import { type Fetch, failureOf, pause, sendPatiently } from '../http.ts'
import type { Session } from '../session/session.ts'
import { readNextPage } from './next-page.ts'
import type { Task, TaskChange } from './old-task.ts'

export type TaskPage = { tasks: Task[]; next: string | null }
export type Show = 'all' | 'open' | 'done'

type Call = {
  method?: string
  path?: string
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal
}

export type TasksApi = ReturnType<typeof createTasksApi>

type Parts = {
  apiUrl: string
  userId: string
  session: Pick<Session, 'accessToken' | 'tokenInHand'>
  fetch: Fetch
  wait?: (ms: number) => Promise<void>
}

export function createTasksApi({ apiUrl, userId, session, fetch, wait = pause }: Parts) {
  const collection = new URL(`/api/${encodeURIComponent(userId)}/tasks`, apiUrl).href
  const pathTo = (id: string) => `/${encodeURIComponent(id)}`

  /** A refused token is renewed once and the call made again; a second refusal is an answer. */
  async function call(request: Call): Promise<Response> {
    const token = await session.accessToken(userId)
    try {
      return await sendWith(token, request)
    } catch (error) {
      if (failureOf(error).status !== 401) throw error
      return await sendWith(await session.accessToken(userId, token), request)
    }
  }

  function sendWith(token: string, { method = 'GET', path = '', body, headers, signal }: Call) {
    return sendPatiently(
      fetch,
      collection + path,
      {
        method,
        signal,
        // The token is the API's only credential: no cookie goes along, so there is nothing to forge.
        credentials: 'omit',
        headers: {
          accept: 'application/json, application/problem+json',
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body && JSON.stringify(body),
      },
      wait,
    )
  }

  return {
    async list(show: Show, page: string | null, signal?: AbortSignal): Promise<TaskPage> {
      const response = await call({ path: page ?? firstPage(show), signal })
      return { tasks: await response.json(), next: readNextPage(response.headers.get('link'), collection) }
    },
    /** The key makes a repeated request the same request, so that a retry never adds a task twice. */
    async create(title: string, key: string): Promise<Task> {
      const headers = { 'idempotency-key': key }
      return await (await call({ method: 'POST', body: { title }, headers })).json()
    },
    read: async (id: string, signal?: AbortSignal): Promise<Task> =>
      await (await call({ path: pathTo(id), signal })).json(),
    change: async (id: string, change: TaskChange): Promise<Task> =>
      await (await call({ method: 'PATCH', path: pathTo(id), body: change })).json(),
    async remove(id: string): Promise<void> {
      await call({ method: 'DELETE', path: pathTo(id) }).catch(error => {
        if (failureOf(error).status !== 404) throw error
      })
    },
    /** While the page closes nothing can be awaited: with the token in hand, or not at all. */
    removeWhileLeaving(id: string): void {
      const token = session.tokenInHand(userId)
      if (!token) return
      void fetch(collection + pathTo(id), {
        method: 'DELETE',
        keepalive: true,
        credentials: 'omit',
        headers: { authorization: `Bearer ${token}` },
      }).catch(() => {})
    },
  }
}

function firstPage(show: Show): string {
  return show === 'all' ? '' : `?completed=${show === 'done'}`
}
