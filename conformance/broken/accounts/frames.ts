// Just enough of RFC 6455 §5 to hear a client.
export interface Frame {
  opcode: number
  payload: Buffer
}

interface Head {
  isLast: boolean
  opcode: number
  size: number
  length: number
  mask: Buffer | null
}

/** An unmasked frame, as servers send. */
export function frameOf(opcode: number, payload: Buffer): Buffer {
  const isShort = payload.length < 126
  const head = isShort ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload])
}

/** Frames of whole messages; what is unfinished stays in `rest` and counts against `limit`. */
export function readFrames(
  bytes: Buffer,
  limit: number,
): { frames: Frame[]; rest: Buffer; tooLong: boolean } {
  const frames: Frame[] = []
  let start = 0
  for (let at = 0; ; ) {
    const head = readHead(bytes.subarray(at))
    const end = head ? at + head.size + head.length : Infinity
    if (!head || end > bytes.length) {
      const waiting = (head ? head.length : 0) + at - start
      return { frames, rest: bytes.subarray(start), tooLong: waiting > limit }
    }
    if (end - start > limit + 14) return { frames, rest: bytes.subarray(start), tooLong: true }
    if (head.isLast)
      frames.push({ opcode: head.opcode, payload: unmask(bytes.subarray(at + head.size, end), head) })
    at = end
    if (head.isLast) start = end
  }
}

function unmask(bytes: Buffer, { mask }: Head): Buffer {
  const payload = Buffer.from(bytes)
  for (let at = 0; mask && at < payload.length; at += 1) payload[at]! ^= mask[at % 4]!
  return payload
}

function readHead(bytes: Buffer): Head | null {
  if (bytes.length < 2) return null
  const short = bytes[1]! & 0x7f
  const more = short === 126 ? 2 : short === 127 ? 8 : 0
  const isMasked = (bytes[1]! & 0x80) !== 0
  const size = 2 + more + (isMasked ? 4 : 0)
  if (bytes.length < size) return null
  const length = more === 0 ? short : more === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return {
    isLast: (bytes[0]! & 0x80) !== 0,
    opcode: bytes[0]! & 0x0f,
    size,
    length,
    mask: isMasked ? bytes.subarray(size - 4, size) : null,
  }
}
