import { randomBytes } from 'node:crypto'

let last = { time: 0, count: 0 }

/**
 * RFC 9562 UUIDv7, made here because PostgreSQL has it only from 18. Twelve bits count within one millisecond
 * (§6.2), so what one process makes is in order; 62 bits are random.
 */
export function uuidV7(now: number): string {
  last = now > last.time ? { time: now, count: 0 } : { time: last.time, count: last.count + 1 }
  if (last.count > 0xfff) last = { time: last.time + 1, count: 0 }
  const bytes = randomBytes(16)
  bytes.writeUIntBE(last.time, 0, 6)
  bytes.writeUInt16BE(0x7000 | last.count, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The one canonical text of a UUIDv7. */
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
