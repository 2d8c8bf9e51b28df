import type { Context } from 'hono'
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
  return new Response(body, { status, headers: { ...c.env.headers, ...headers, ...length } })
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
