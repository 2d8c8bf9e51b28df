// Sends one request to both APIs, byte by byte as written, and says what of their answers must be the same.
import { once } from 'node:events'
import net from 'node:net'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** What differs between two answers to one request by any server, or is the server's own business. */
const OWN = ['date', 'x-request-id', 'server-timing']

/** Sends text or bytes, and reads so many answers; fewer when the connection ends. */
export async function sendRaw(url: string, sent: string | Uint8Array, answers = 1): Promise<Answer[]> {
  const { hostname, port } = new URL(url)
  const socket = net.connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(sent)
  const read: Answer[] = []
  let text: Buffer = Buffer.of()
  const bodiless = /^HEAD /.test(Buffer.from(sent).toString('latin1'))
  const timer = setTimeout(() => socket.destroy(new Error('no answer in 20 s')), 20_000)
  try {
    for await (const chunk of socket) {
      text = Buffer.concat([text, chunk])
      for (let found = cut(text, bodiless); found; found = cut(text, bodiless)) {
        text = found.rest
        if (found.answer.status !== 100) read.push(found.answer)
      }
      if (read.length >= answers) break
    }
  } catch (error) {
    if (read.length === 0) throw error
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
  return read
}

function cut(text: Buffer, bodiless: boolean): { answer: Answer; rest: Buffer } | null {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...fields] = text.subarray(0, end).toString('latin1').split('\r\n')
  const headers: Record<string, string> = {}
  for (const field of fields) {
    const at = field.indexOf(':')
    headers[field.slice(0, at).toLowerCase()] = field.slice(at + 1).trim()
  }
  const length = bodiless ? 0 : Number(headers['content-length'] ?? 0)
  const start = end + 4
  if (text.length < start + length) return null
  const body = text.subarray(start, start + length).toString()
  return {
    answer: { status: Number(line.split(' ')[1]), headers, body },
    rest: text.subarray(start + length),
  }
}

/** Ids, times and revisions are another task's; what the core does not know of is left out. */
export function comparable({ status, headers, body }: Answer) {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)))
  const said = comparableBody(body)
  // Of another length for what is left out.
  if (said !== body) delete kept['content-length']
  if (kept.location) kept.location = withoutIds(kept.location)
  if (kept.etag) kept.etag = '…'
  if (kept.link) kept.link = kept.link.replace(/&sort=newest/, '').replace(/cursor=[^>]+/, 'cursor=…')
  return { status, headers: kept, body: said }
}

const CORE = ['id', 'user_id', 'title', 'description', 'completed', 'created_at', 'updated_at', 'revision']

function comparableBody(body: string): unknown {
  if (!/^(\[|\{"id")/.test(body)) return body
  const parsed = JSON.parse(body)
  return (Array.isArray(parsed) ? parsed : [parsed]).map(task =>
    Object.fromEntries(CORE.map(name => [name, OF_ANOTHER.has(name) ? typeof task[name] : task[name]])),
  )
}

const OF_ANOTHER = new Set(['id', 'created_at', 'updated_at', 'revision'])

function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')
}
