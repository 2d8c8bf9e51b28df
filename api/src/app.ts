import { randomUUID } from 'node:crypto'
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import type { Verdict } from './access-token.ts'
import { type ApiContext, type ApiRequest, answer, answerJson, answerProblem } from './answer.ts'
import { clientAddress } from './client-address.ts'
import * as contract from './contract.ts'
import { createCountRoutes } from './counts.ts'
import { type Database, DatabaseUnavailable, Overloaded, SubjectGone } from './database.ts'
import { mountDocs } from './docs.ts'
import type { ApiEnv } from './env.ts'
import { requireOwnPath, requireToken } from './guards.ts'
import { answerPreflight, createHeaders, isPreflight } from './headers.ts'
import { createListRoutes } from './lists.ts'
import type { Metrics } from './metrics.ts'
import type { PageCursors } from './page-cursor.ts'
import { ProblemError } from './problem.ts'
import { createSecurityLog, type RecordEvent } from './security-log.ts'
import { createTagRoutes } from './tags.ts'
import { createTaskRoutes } from './tasks.ts'
import { createTrashRoutes } from './trash.ts'

interface Parts {
  env: Pick<ApiEnv, 'apiUrl' | 'webOrigins' | 'trustedProxies'>
  verifyAccessToken: (token: string) => Promise<Verdict>
  database: Database
  cursors: PageCursors
  ready: () => Promise<boolean>
  log: Logger
  metrics: Metrics
  /** Milliseconds of a clock that never runs back. */
  monotonic: () => number
}

type Handler = (c: ApiRequest) => Response | Promise<Response>
type Operation = readonly [route: RouteConfig & { getRoutingPath(): string }, handler: Handler]

/** Its lines are in the order of its answers: preflight, token, lease, path, method, then the route's own. */
export function createApi(parts: Parts) {
  const app = new OpenAPIHono<ApiContext>()
  const record = createSecurityLog(parts.log, parts.monotonic)

  app.get('/healthz', c => answerJson(c, 200, '{"status":"ok"}'))
  app.get('/readyz', async c =>
    (await parts.ready()) ? answerJson(c, 200, '{"status":"ready"}') : answerProblem(c, 'unavailable'),
  )
  mountDocs(app, parts.env.apiUrl)

  app.use('/api/*', requireToken(parts.verifyAccessToken, record, parts.monotonic))
  app.use('/api/:user_id/*', requireOwnPath(record))

  for (const operations of operationsOf(parts)) mount(app, operations)

  app.notFound(c => answerProblem(c, 'not_found'))
  app.onError((error, c) => {
    if (error instanceof Overloaded) parts.metrics.shed(error.reason)
    return answerError(c, error, record)
  })

  const headersOf = createHeaders(parts.env)
  return {
    routes: app.routes,
    fetch: async (request: Request, connection: { remoteAddress: string }): Promise<Response> => {
      const requestId = randomUUID()
      const headers = headersOf(request, requestId)
      if (isPreflight(request)) return answerPreflight(headers)
      const began = parts.monotonic()
      const client = clientAddress(request.headers, connection.remoteAddress, parts.env.trustedProxies)
      const context: ApiContext['Bindings'] = { requestId, headers, client }
      const response = await app.fetch(request, context)
      const { route = 'none' } = context
      parts.metrics.answered(request.method, route, response.status, parts.monotonic() - began)
      return response
    },
  }
}

/** Every path of the contract with what it offers. */
function operationsOf(parts: Parts): Operation[][] {
  const tasks = createTaskRoutes(parts)
  const lists = createListRoutes(parts)
  const tags = createTagRoutes(parts)
  const trash = createTrashRoutes(parts)
  const counts = createCountRoutes(parts)
  return [
    [
      [contract.listTasks, tasks.listTasks],
      [contract.createTask, tasks.makeTask],
      [contract.changeTasks, tasks.patchTasks],
    ],
    [
      [contract.readTask, tasks.readTask],
      [contract.replaceTask, tasks.replaceTask],
      [contract.changeTask, tasks.patchTask],
      [contract.deleteTask, tasks.deleteTask],
    ],
    [[contract.toggleTask, tasks.toggleTask]],
    [[contract.restoreTask, tasks.restoreTask]],
    [[contract.readLists, lists.readLists]],
    [
      [contract.readList, lists.readList],
      [contract.replaceList, lists.replaceList],
      [contract.changeList, lists.changeList],
      [contract.deleteList, lists.deleteList],
    ],
    [[contract.restoreList, lists.restoreList]],
    [[contract.readTags, tags.readTags]],
    [
      [contract.renameTag, tags.renameTag],
      [contract.deleteTag, tags.deleteTag],
    ],
    [[contract.mergeTag, tags.mergeTag]],
    [[contract.emptyTrash, trash.emptyTrash]],
    [[contract.purgeTask, trash.purgeTask]],
    [[contract.countTasks, counts.countTasks]],
  ]
}

/** One path with all its operations; for OPTIONS and any other method it says which there are. */
function mount(app: OpenAPIHono<ApiContext>, operations: readonly Operation[]): void {
  const path = operations[0]![0].getRoutingPath()
  const methods = operations.map(([{ method }]) => method.toUpperCase())
  for (const [route, handler] of operations) {
    app.openAPIRegistry.registerPath(route)
    app.on(route.method.toUpperCase(), path, handler)
  }
  const allowed = [...(methods.includes('GET') ? ['GET', 'HEAD'] : []), ...methods.filter(m => m !== 'GET')]
  const headers = { Allow: [...allowed, 'OPTIONS'].join(', ') }
  app.options(path, c => answer(c, 204, null, headers))
  app.all(path, c => answerProblem(c, 'method_not_allowed', { headers }))
}

/** What went wrong is for the log; the client learns which problem it is, and of a fault only its id. */
function answerError(c: ApiRequest, error: Error, record: RecordEvent): Response {
  if (error instanceof ProblemError) return answerProblem(c, error.code, error.details)
  // EC-5: the account is gone while its token has not expired.
  if (error instanceof SubjectGone) return answerProblem(c, 'invalid_token')
  const fields = { request_id: c.env.requestId, client: c.env.client }
  if (error instanceof Overloaded) {
    record({ event: 'load_shed', reason: error.reason, ...fields }, 'A request was refused under load')
    return answerProblem(c, 'unavailable')
  }
  if (error instanceof DatabaseUnavailable) {
    record({ event: 'database_unavailable', reason: error.message, ...fields }, 'The database is unavailable')
    return answerProblem(c, 'unavailable')
  }
  const err = { type: error.name, message: error.message, stack: error.stack }
  record({ event: 'sys_error', err, ...fields }, 'A request failed', 'error')
  return answerProblem(c, 'internal_error')
}
