import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Where a page ended: the last task's creation in milliseconds, and its id. */
export interface Position {
  createdAt: number
  id: string
}

const MAC_BYTES = 16
const BODY = /^(\d{1,16})\.([0-9a-f-]{36})$/

/**
 * Page cursors only this API can write, bound to the account and filter they were made for, so that an edited or
 * a borrowed one is plainly refused. Row security does not depend on it.
 */
export function createPageCursors(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'latchkey page cursor', 32))

  function mac(scope: string, body: string): Buffer {
    return createHmac('sha256', key).update(`${scope}\n${body}`).digest().subarray(0, MAC_BYTES)
  }

  return {
    seal({ createdAt, id }: Position, scope: string): string {
      const body = `${createdAt}.${id}`
      return Buffer.concat([mac(scope, body), Buffer.from(body)]).toString('base64url')
    },

    /** Null for whatever `seal` did not write for this scope. */
    open(cursor: string, scope: string): Position | null {
      const bytes = Buffer.from(cursor, 'base64url')
      const body = bytes.subarray(MAC_BYTES).toString('latin1')
      const [, createdAt, id] = BODY.exec(body) ?? []
      if (!createdAt || !id || bytes.toString('base64url') !== cursor) return null
      return timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(scope, body))
        ? { createdAt: Number(createdAt), id }
        : null
    },
  }
}

export type PageCursors = ReturnType<typeof createPageCursors>
