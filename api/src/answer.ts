import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Verdict } from './access-token.ts'
import {
  type HeaderFields,
  PROBLEMS,
  type ProblemCode,
  type ProblemError,
  problemDocument,
  problemHeaders,
} from './problem.ts'

export interface ApiContext {
  Bindings: {
    requestId: string
    /** Whose request it is, by address: for the log. */
    client: string
    /** What every answer to this request carries. */
    headers: HeaderFields
    /** The template of the route that answered, and how long the token took in milliseconds: filled in on the way. */
    route?: string
    authTook?: number
  }
  Variables: {
    subject: string
    judgeAgain: () => Verdict
  }
}

export type ApiRequest = Context<ApiContext>

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }

/** The one place where answers are made, so that none goes without the headers all must have. */
export function answer(
  c: ApiRequest,
  status: number,
  body: string | null,
  headers: HeaderFields = {},
): Response {
  const length: HeaderFields = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  c.env.route = matchedRoutes(c).at(-1)?.path ?? 'none'
  return new Response(body, {
    status,
    headers: { ...c.env.headers, ...timingOf(c, status), ...headers, ...length },
  })
}

/** On success alone: how long a refusal took, and in which of its steps, is nobody's business (attack on FR-015). */
function timingOf(c: ApiRequest, status: number): HeaderFields {
  const { authTook } = c.env
  return status < 300 && authTook !== undefined ? { 'Server-Timing': `auth;dur=${authTook.toFixed(3)}` } : {}
}

export function answerJson(
  c: ApiRequest,
  status: number,
  text: string,
  headers: HeaderFields = {},
): Response {
  return answer(c, status, text, { ...JSON_TYPE, ...headers })
}

export function answerProblem(
  c: ApiRequest,
  code: ProblemCode,
  { errors, headers }: ProblemError['details'] = {},
): Response {
  const id = code === 'internal_error' ? { id: c.env.requestId } : {}
  const document = problemDocument(code, { ...(errors && { errors }), ...id })
  const body = `${JSON.stringify(document)}\n`
  return answer(c, PROBLEMS[code][0], body, { ...problemHeaders(code), ...headers })
}
