/** One wrong part of a request: a JSON pointer into the body, or the name of a parameter or header. */
export interface FieldError {
  field: string
  message: string
}

/** RFC 9457. `type` and `code` never change their meaning; `title` is for people. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ProblemCode
  errors?: FieldError[]
  /** Only on a 500: what X-Request-Id says, to be quoted to whoever runs this. */
  id?: string
}

/** Every error the API can say. A cause that is not here is only in the log. */
export const PROBLEMS = {
  malformed_request: [400, 'The request is not well-formed HTTP.'],
  invalid_request: [400, 'The request is not valid.'],
  authentication_required: [401, 'An access token is required.'],
  invalid_token: [401, 'The access token is not valid.'],
  token_expired: [401, 'The access token has expired.'],
  not_found: [404, 'There is nothing here.'],
  method_not_allowed: [405, 'This method is not allowed here.'],
  request_timeout: [408, 'The request took too long to arrive.'],
  tag_exists: [409, 'Another tag has this name.'],
  limit_reached: [409, 'There is no room for another one.'],
  precondition_failed: [412, 'The task is not in the state the request expects.'],
  content_too_large: [413, 'The body is too large.'],
  unsupported_media_type: [415, 'The body must be JSON in UTF-8.'],
  expectation_failed: [417, 'This expectation cannot be met.'],
  idempotency_key_reused: [422, 'This Idempotency-Key was used with another body.'],
  headers_too_large: [431, 'The header fields are too large.'],
  internal_error: [500, 'Something went wrong.'],
  unavailable: [503, 'The service is not available for a moment.'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof PROBLEMS

/** RFC 6750 §3.1: a request without credentials learns that some are needed, and no error code. */
const CHALLENGES: Partial<Record<ProblemCode, string>> = {
  authentication_required: 'Bearer realm="latchkey"',
  invalid_token: 'Bearer realm="latchkey", error="invalid_token"',
  token_expired:
    'Bearer realm="latchkey", error="invalid_token", error_description="The access token expired"',
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export type HeaderFields = Record<string, string>

/** Thrown to answer with a problem from wherever it is noticed. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly details: { errors?: FieldError[]; headers?: HeaderFields }

  constructor(code: ProblemCode, details: ProblemError['details'] = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

export function invalidRequest(errors: FieldError[]): ProblemError {
  return new ProblemError('invalid_request', { errors })
}

export function problemDocument(code: ProblemCode, more: Pick<Problem, 'errors' | 'id'> = {}): Problem {
  const [status, title] = PROBLEMS[code]
  return { type: `urn:latchkey:problem:${code.replaceAll('_', '-')}`, title, status, code, ...more }
}

export function problemHeaders(code: ProblemCode): HeaderFields {
  const headers: HeaderFields = { 'Content-Type': PROBLEM_TYPE }
  const challenge = CHALLENGES[code]
  if (challenge) headers['WWW-Authenticate'] = challenge
  if (code === 'unavailable') headers['Retry-After'] = '1'
  return headers
}
