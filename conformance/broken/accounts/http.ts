// A request and an answer as the good server's account routes see them.
import type { IncomingHttpHeaders } from 'node:http'

export interface Incoming {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** The TCP peer's address. */
  peer: string
  requestId: string
}

export interface Outgoing {
  status: number
  headers?: [name: string, value: string][]
  body?: unknown
}

/** An answer that ends whatever was being done. */
export class Refusal extends Error {
  readonly answer: Outgoing

  constructor(status: number, code: string, headers: [string, string][] = []) {
    super(code)
    this.answer = { status, headers, body: { code, message: code.toLowerCase().replaceAll('_', ' ') } }
  }
}

export function header({ headers }: Incoming, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
