// One connection that sends a request at a time and reads its answer: as little work for the generator as possible,
// for it shares the machine with what it measures.
import net from 'node:net'

export interface Wire {
  /** Resolves with the status of the answer, or null when the connection ended before it. */
  send(request: string): Promise<Answer | null>
  readonly open: boolean
  end(): void
}

export interface Answer {
  status: number
  head: string
  body: string
}

/** `from` is the address it comes from: any of 127.0.0.0/8. */
export function openWire(port: number, from = '127.0.0.1'): Wire {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  let received = ''
  let waiting: ((answer: Answer | null) => void) | null = null
  let open = true

  function settle(answer: Answer | null): void {
    const resolve = waiting
    waiting = null
    resolve?.(answer)
  }

  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    received += chunk
    const answer = readAnswer(received)
    if (!answer) return
    received = ''
    if (/\r\nconnection: close/i.test(answer.head)) {
      open = false
      socket.end()
    }
    settle(answer)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    open = false
    settle(null)
  })

  return {
    get open() {
      return open
    },
    send: request =>
      new Promise(resolve => {
        if (!open) return resolve(null)
        waiting = resolve
        socket.write(request)
      }),
    end: () => socket.destroy(),
  }
}

/** Of a body in chunks only where it ends: in JSON there are no line breaks like these. */
function readAnswer(text: string): Answer | null {
  const at = text.indexOf('\r\n\r\n')
  if (at < 0) return null
  const head = text.slice(0, at)
  const status = Number(head.slice(9, 12))
  if (/\r\ntransfer-encoding: chunked/i.test(head))
    return text.endsWith('\r\n0\r\n\r\n') ? { status, head, body: text.slice(at + 4) } : null
  const stated = /\r\ncontent-length: (\d+)/i.exec(head)
  const length = status === 204 || status === 304 || !stated ? 0 : Number(stated[1])
  return text.length < at + 4 + length ? null : { status, head, body: text.slice(at + 4, at + 4 + length) }
}

export interface Ask {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: unknown
}

export function requestText({ method = 'GET', path, headers = {}, body }: Ask): string {
  const text = body === undefined ? '' : JSON.stringify(body)
  const fields: Record<string, string> = {
    Host: 'localhost',
    ...headers,
    ...(body !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(text)),
    }),
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
}
