// One HTTP/1.1 answer out of the bytes of a connection.

export interface Message {
  status: number
  reason: string
  headers: [name: string, value: string][]
  body: Buffer
  bytes: Buffer
  /** What follows it. */
  extra: Buffer
}

export interface Read {
  /** Null while bytes are missing, or when they are no answer. */
  message: Message | null
  informational: number[]
}

const END_OF_HEAD = Buffer.from('\r\n\r\n')

/** `ended`: no more bytes will come, which ends a body without a length. */
export function readMessage(bytes: Buffer, method: string, ended: boolean): Read {
  const informational: number[] = []
  let start = 0
  for (;;) {
    const end = bytes.indexOf(END_OF_HEAD, start)
    if (end < 0) return { message: null, informational }
    const head = readHead(bytes.subarray(start, end).toString('latin1'))
    if (!head) return { message: null, informational }
    const bodyStart = end + END_OF_HEAD.length
    if (head.status >= 200 || head.status === 101) {
      const body = readBody(bytes.subarray(bodyStart), head, method, ended)
      if (!body) return { message: null, informational }
      const length = bodyStart + body.length
      const message = {
        ...head,
        body: body.content,
        bytes: bytes.subarray(start, length),
        extra: bytes.subarray(length),
      }
      return { message, informational }
    }
    informational.push(head.status)
    start = bodyStart
  }
}

interface Head {
  status: number
  reason: string
  headers: [string, string][]
}

function readHead(text: string): Head | null {
  const [statusLine, ...lines] = text.split('\r\n')
  const match = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine!)
  if (!match) return null
  const headers = lines.map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string]
  })
  return { status: Number(match[1]), reason: match[2]!, headers }
}

/** The content, and how many bytes it took. */
function readBody(rest: Buffer, head: Head, method: string, ended: boolean) {
  const headerOf = (name: string) => head.headers.find(([key]) => key.toLowerCase() === name)?.[1]
  if (method === 'HEAD' || head.status === 204 || head.status === 304 || head.status === 101) {
    return { content: Buffer.alloc(0), length: 0 }
  }
  if (headerOf('transfer-encoding')?.toLowerCase().includes('chunked')) return readChunks(rest)
  const declared = headerOf('content-length')
  if (declared !== undefined) {
    const length = Number(declared)
    return rest.length >= length ? { content: rest.subarray(0, length), length } : null
  }
  return ended ? { content: rest, length: rest.length } : null
}

function readChunks(rest: Buffer): { content: Buffer; length: number } | null {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const line = rest.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(rest.subarray(at, line).toString('latin1'), 16)
    if (Number.isNaN(size)) return null
    at = line + 2
    if (size === 0) {
      const end = rest.subarray(at, at + 2).equals(Buffer.from('\r\n')) ? at + 2 : endOfTrailers(rest, at)
      return end < 0 ? null : { content: Buffer.concat(chunks), length: end }
    }
    if (rest.length < at + size + 2) return null
    chunks.push(rest.subarray(at, at + size))
    at += size + 2
  }
}

function endOfTrailers(rest: Buffer, at: number): number {
  const end = rest.indexOf(END_OF_HEAD, at)
  return end < 0 ? -1 : end + END_OF_HEAD.length
}
