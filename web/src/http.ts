/** Requests with a time limit, and failures in one shape that a sentence can be chosen by. */

export type Failure = {
  /** 0 when no answer arrived. */
  status: number
  /** The server's stable code, or `offline`, `unreachable`, `timeout`. */
  code: string
  /** Seconds. */
  retryAfter?: number
  /** What is wrong with which field, as far as the server says. */
  fields?: Record<string, string>
}

export class HttpError extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(`${failure.status} ${failure.code}`)
    this.name = 'HttpError'
    this.failure = failure
  }
}

export type Fetch = typeof globalThis.fetch

const TIME_LIMIT = 15_000
const LONGEST_WAIT = 5
const ATTEMPTS = 3

/** The answer when it is a success, an HttpError otherwise. */
export async function send(fetch: Fetch, url: string, init: RequestInit = {}): Promise<Response> {
  const limit = AbortSignal.timeout(TIME_LIMIT)
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
  const response = await fetch(url, { ...init, signal }).catch(cause => {
    if (init.signal?.aborted) throw cause
    throw new HttpError({ status: 0, code: whyNoAnswer(limit) })
  })
  if (!response.ok) throw new HttpError(await readFailure(response))
  return response
}

/** For requests that are safe to repeat: waits as long as a busy server asks, if that is bearable. */
export async function sendPatiently(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  wait: (ms: number) => Promise<void> = pause,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(fetch, url, init)
    } catch (error) {
      const seconds = bearableWait(error)
      if (seconds === null || attempt === ATTEMPTS) throw error
      await wait(seconds * 1000)
    }
  }
}

export const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

export function failureOf(error: unknown): Failure {
  return error instanceof HttpError ? error.failure : { status: 0, code: 'unexpected' }
}

/** RFC 9110 §10.2.3: seconds or a date. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (!value) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value)
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}

function bearableWait(error: unknown): number | null {
  const { status, retryAfter } = failureOf(error)
  const busy = status === 503 || status === 429
  return busy && retryAfter !== undefined && retryAfter <= LONGEST_WAIT ? Math.max(retryAfter, 0.25) : null
}

function whyNoAnswer(limit: AbortSignal): string {
  if (limit.aborted) return 'timeout'
  return globalThis.navigator?.onLine === false ? 'offline' : 'unreachable'
}

async function readFailure(response: Response): Promise<Failure> {
  const body = await response.json().catch(() => null)
  return {
    status: response.status,
    code: typeof body?.code === 'string' ? body.code : 'unexpected',
    retryAfter: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
    fields: readFields(body?.errors),
  }
}

function readFields(errors: unknown): Record<string, string> | undefined {
  if (!Array.isArray(errors)) return undefined
  return Object.fromEntries(
    errors.map(error => [
      String(error?.field ?? error?.pointer ?? ''),
      String(error?.message ?? error?.detail ?? ''),
    ]),
  )
}
