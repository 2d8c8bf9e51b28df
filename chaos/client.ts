// Requests as a client outside sends them. Nothing here throws: what came of a request is its answer.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer {
  /** Null: no answer came. */
  status: number | null
  headers: Headers
  text: string
  /** By this process's monotonic clock, which all processes of the machine share. */
  sentAt: number
  answeredAt: number
}

export interface Call {
  token?: string
  cookie?: string
  /** Sent with a cookie, as a browser does. */
  origin?: string
  body?: unknown
  idempotencyKey?: string
  headers?: Record<string, string>
  timeoutMs?: number
}

const PATIENCE_MS = 20_000

export async function send(url: string, method: string, path: string, call: Call = {}): Promise<Answer> {
  const sentAt = performance.now()
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: headersOf(call),
      signal: AbortSignal.timeout(call.timeoutMs ?? PATIENCE_MS),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    })
    const text = await response.text()
    const { status, headers } = response
    return { status, headers, text, sentAt, answeredAt: performance.now() }
  } catch {
    return { status: null, headers: new Headers(), text: '', sentAt, answeredAt: performance.now() }
  }
}

function headersOf({ token, cookie, origin, body, idempotencyKey, headers }: Call): Record<string, string> {
  return {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(cookie && { cookie }),
    ...(origin && { origin }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    ...headers,
  }
}

/** What a busy machine may refuse, it does not refuse for long: asked again while it is 503. */
export async function askPatiently(ask: () => Promise<Answer>, patienceMs = 2_000): Promise<Answer> {
  const end = performance.now() + patienceMs
  let answer = await ask()
  while (answer.status === 503 && performance.now() < end) {
    await sleep(100)
    answer = await ask()
  }
  return answer
}

export const isGood = ({ status }: Answer) => status !== null && status >= 200 && status < 300

export const took = ({ sentAt, answeredAt }: Answer) => answeredAt - sentAt

// biome-ignore lint/suspicious/noExplicitAny: whatever the server said.
export function bodyOf(answer: Answer): any {
  try {
    return JSON.parse(answer.text)
  } catch {
    return null
  }
}
