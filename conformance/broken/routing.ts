// The way of a request to tasks: token, path, method, then the route's own; each refusal comes before the next.
import { setTimeout as sleep } from 'node:timers/promises'
import { noteForeign, requireSubject } from './accounts/gate.ts'
import { namedByGateway } from './credentials.ts'
import { type Exchange, Problem } from './exchange.ts'
import { counts, exporting, list, trash, trashed } from './organising.ts'
import { isOwn, nothingHere, segmentsOf } from './path.ts'
import { readBytes } from './request-body.ts'
import type { State } from './state.ts'
import { collection, completion, object, restoring } from './tasks.ts'
import type { Subject } from './tokens.ts'

export type Handler = (exchange: Exchange, state: State, place: Place) => Promise<true> | true

export interface Place {
  user: string
  id: string
}

/** After the user: `*` is an id. */
const ROUTES: [path: string, handlers: Record<string, Handler>][] = [
  ['tasks', collection],
  ['tasks/*', object],
  ['tasks/*/complete', completion],
  ['tasks/*/restore', restoring],
  ['trash', trash],
  ['trash/*', trashed],
  ['lists/*', list],
  ['counts', counts],
  ['export.csv', exporting],
]

interface Route {
  user: string
  id: string
  handlers: Record<string, Handler> | undefined
}

export async function tasks(exchange: Exchange, state: State): Promise<boolean> {
  const path = pathOf(exchange, state)
  if (path === null) return state.has('serves-its-own-folder') && serveFile(exchange)
  const method = methodOf(exchange, state)
  const route = routeOf(path, state)
  if (answersEarly(exchange, state, route)) return true
  const subject = await subjectOf(exchange, state, route)
  if (state.has('methods-before-owners')) requireMethod(route, method)
  const user = await requireOwn(exchange, state, subject, route)
  if (!route?.handlers)
    throw state.has('routes-have-a-404-of-their-own') ? new Problem(404, 'no_such_route') : nothingHere()
  const handler = requireMethod(route, method)
  return await handler(exchange, state, { user, id: route.id })
}

/** As `serveStatic({ root: '.' })` would. */
function serveFile(exchange: Exchange): boolean {
  if (exchange.path !== '/package.json' && exchange.path !== '/.env') return false
  return exchange.text(200, '{"name":"good-server"}', { 'Content-Type': 'application/json' })
}

/** Of what is for the API; null for all else. */
function pathOf({ path }: Exchange, state: State): string | null {
  const plain = path.replace(/^https?:\/\/[^/]*/i, '')
  if (plain.startsWith('/api/')) return path
  return state.has('router-ignores-case') && plain.startsWith('/API/') ? path.toLowerCase() : null
}

function routeOf(path: string, state: State): Route | null {
  const segments = segmentsOf(path, state)
  if (!segments) return null
  const [, user = '', ...rest] = segments
  const found = ROUTES.find(([pattern]) => isMatch(pattern.split('/'), rest))
  return { user, id: rest[1] ?? '', handlers: found?.[1] }
}

function isMatch(pattern: string[], rest: string[]): boolean {
  return (
    pattern.length === rest.length &&
    pattern.every((part, at) => (part === '*' ? rest[at] !== '' : part === rest[at]))
  )
}

function methodOf({ request, method, query }: Exchange, state: State): string {
  if (!state.has('obeys-method-overrides') || method !== 'POST') return method
  return String(request.headers['x-http-method-override'] ?? query.get('_method') ?? method).toUpperCase()
}

/** What is answered before anybody asks for a token. */
function answersEarly(exchange: Exchange, state: State, route: Route | null): boolean {
  const { method, request } = exchange
  if (method === 'TRACE' && state.has('trace-echoes'))
    return exchange.text(200, JSON.stringify(request.headers), { 'Content-Type': 'message/http' })
  if (method === 'HEAD' && state.has('head-before-the-token') && route?.handlers?.GET)
    return exchange.json(state.users.has(route.user) ? 200 : 404, undefined, { 'Content-Length': '2' })
  if (method === 'OPTIONS' && state.has('options-looks-at-the-task') && route?.id)
    return exchange.json(state.tasks.get(route.user)?.has(route.id) ? 204 : 404, undefined)
  if (!route?.handlers && state.has('guards-known-routes-alone')) throw nothingHere()
  return false
}

async function subjectOf(exchange: Exchange, state: State, route: Route | null): Promise<Subject> {
  if (state.has('reads-the-body-first')) await readBytes(exchange, state)
  if (state.has('parses-every-body')) JSON.parse((await readBytes(exchange, state)).toString() || 'null')
  if (state.has('takes-the-token-from-a-body')) await takeFromBody(exchange, state)
  const named = namedByGateway(exchange, state)
  if (named !== undefined) return { id: named, sid: '' }
  if (!exchange.path.startsWith('/api/') && state.has('router-ignores-case'))
    return { id: route!.user, sid: '' }
  return requireSubject(exchange, state)
}

/** RFC 6750 §2.2, which is for forms of pages of long ago. */
async function takeFromBody(exchange: Exchange, state: State): Promise<void> {
  const { request } = exchange
  if (request.headers.authorization !== undefined) return
  const text = (await readBytes(exchange, state)).toString()
  const token = /"?access_token"?[=:]"?([\w.-]+)/.exec(text)?.[1]
  if (token) request.headersDistinct.authorization = [`Bearer ${token}`]
}

/** Whose rows are meant: the subject's, or there is nothing. */
async function requireOwn(
  exchange: Exchange,
  state: State,
  subject: Subject,
  route: Route | null,
): Promise<string> {
  if (!route) throw nothingHere()
  const { query, path } = exchange
  const { id } = subject
  noteForeign(exchange, state, subject, route.user)
  if (subject.isAdmin && state.has('lets-admins-in')) return route.user
  if (state.has('normalises-dots-after-the-check') && path.split('/')[2] === id) return route.user
  const isUnchecked = route.id !== '' && state.has('checks-the-user-on-lists-alone')
  if (!isUnchecked && !isOwn(route.user, id, state)) throw await foreign(route.user, state)
  if (state.has('parameters-name-the-owner')) return query.get('user_id') ?? id
  return state.has('trusts-the-path-user') ? route.user : id
}

async function foreign(user: string, state: State): Promise<Problem> {
  const isSomebodys = state.users.has(user)
  if (isSomebodys && state.has('waits-for-the-owners-lock')) await sleep(3)
  return isSomebodys && state.has('says-403-for-anothers-path')
    ? new Problem(403, 'forbidden')
    : nothingHere()
}

function requireMethod(route: Route | null, method: string): Handler {
  const handlers = route?.handlers ?? {}
  const handler = handlers[method === 'HEAD' ? 'GET' : method]
  if (handler) return handler
  const allowed = Object.keys(handlers).flatMap(name => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
  throw new Problem(405, 'method_not_allowed', { Allow: allowed.join(', ') })
}
