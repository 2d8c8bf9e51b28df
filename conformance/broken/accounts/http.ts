// An answer of the account routes, and who asks.
import type { Exchange, Headers } from '../exchange.ts'

export interface Outgoing {
  status: number
  headers?: Headers
  body?: unknown
}

export function header({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** The TCP peer: nobody can claim to be another. */
export function peerOf({ request }: Exchange): string {
  return request.socket.remoteAddress ?? ''
}
