// Just enough of RFC 6455 §5 to hear a client.
export interface Frame {
  opcode: number
  payload: Buffer
}

/** An unmasked frame, as servers send. */
export function frameOf(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, payload])
}

/** Frames that have arrived whole; `tooLong`: one, or the message it is a fragment of, is beyond `limit`. */
export function readFrames(bytes: Buffer, limit: number): { frames: Frame[]; rest: Buffer; tooLong: boolean } {
  const frames: Frame[] = []
  let rest = bytes
  for (;;) {
    const head = readHead(rest)
    if (!head) return { frames, rest, tooLong: rest.length > limit + 14 }
    if (head.length > limit) return { frames, rest, tooLong: true }
    if (rest.length < head.size + head.length) return { frames, rest, tooLong: false }
    const payload = Buffer.from(rest.subarray(head.size, head.size + head.length))
    for (let at = 0; head.mask && at < payload.length; at += 1) payload[at]! ^= head.mask[at % 4]!
    frames.push({ opcode: head.opcode, payload })
    rest = rest.subarray(head.size + head.length)
  }
}

function readHead(bytes: Buffer) {
  if (bytes.length < 2) return null
  const short = bytes[1]! & 0x7f
  const more = short === 126 ? 2 : short === 127 ? 8 : 0
  const masked = (bytes[1]! & 0x80) !== 0
  const size = 2 + more + (masked ? 4 : 0)
  if (bytes.length < size) return null
  const length = more === 0 ? short : more === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return { opcode: bytes[0]! & 0x0f, length, size, mask: masked ? bytes.subarray(size - 4, size) : null }
}
