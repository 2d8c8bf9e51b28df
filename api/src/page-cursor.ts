import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Where a page ended: what its last row was sorted by, the id last. */
export type Position = (string | number)[]

const MAC_BYTES = 16

/**
 * Page cursors only this API can write, bound to the account and the query they were made for, so that an edited or
 * a borrowed one is plainly refused. Row security does not depend on it.
 */
export function createPageCursors(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'latchkey page cursor', 32))

  function mac(scope: string, body: Buffer): Buffer {
    return createHmac('sha256', key).update(`${scope}\n`).update(body).digest().subarray(0, MAC_BYTES)
  }

  return {
    seal(position: Position, scope: string): string {
      const body = Buffer.from(JSON.stringify(position))
      return Buffer.concat([mac(scope, body), body]).toString('base64url')
    },

    /** Null for whatever `seal` did not write for this scope. */
    open(cursor: string, scope: string): Position | null {
      const bytes = Buffer.from(cursor, 'base64url')
      const [tag, body] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)]
      if (tag.length < MAC_BYTES || bytes.toString('base64url') !== cursor) return null
      return timingSafeEqual(tag, mac(scope, body)) ? (JSON.parse(body.toString()) as Position) : null
    },
  }
}

export type PageCursors = ReturnType<typeof createPageCursors>
