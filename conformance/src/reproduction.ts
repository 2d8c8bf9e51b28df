// A request as somebody would send it again by hand, and an answer as somebody would read it; what is secret is
// shortened, what is long is cut.
import type { Answer, Origins, Request } from './client.ts'

export interface Redaction {
  secrets: { text: string; what: string }[]
  origins: Origins
}

const LONG = 2_000

/** `curl`, or `printf | nc` for what curl will not send. */
export function commandOf(request: Request, { secrets, origins }: Redaction): string {
  const origin = new URL(origins[request.to ?? 'api']!)
  const command = isForCurl(request) ? curlOf(request, origin) : netcatOf(request, origin)
  return cut(redact(command, secrets))
}

export function answerText(answer: Answer, { secrets }: Redaction): string {
  if (answer.status === 0) return answer.timedOut ? '(no answer in time)' : '(closed without an answer)'
  return cut(redact(answer.bytes.toString('utf8'), secrets), LONG)
}

/** Tokens are known by their beginning; passwords and keys not at all. */
export function redact(text: string, secrets: Redaction['secrets']): string {
  return secrets.reduce(
    (rest, { text: secret, what }) =>
      rest.includes(secret) ? rest.replaceAll(secret, shorten(secret, what)) : rest,
    text,
  )
}

function shorten(secret: string, what: string): string {
  return /token|cookie/.test(what) ? `${secret.slice(0, 12)}…` : `(${what})`
}

function isForCurl({ bare, headers = [], method, target, body = '' }: Request): boolean {
  const names = headers.map(([name]) => name.toLowerCase())
  const parts = [method, target, ...headers.flat(), body].map(part => part.toString('latin1'))
  return !bare && new Set(names).size === names.length && !parts.some(part => hasOddBytes(part))
}

/** Control characters and bytes that are no text: a shell would not keep them. */
function hasOddBytes(text: string): boolean {
  return [...text].some(character => character < ' ' || character > '~')
}

function curlOf({ method, target, headers = [], body }: Request, origin: URL): string {
  const parts = [
    `curl -i --path-as-is -X ${quote(method)} ${quote(`${origin.origin}${target}`)}`,
    ...headers.map(([name, value]) => `-H ${quote(value.length === 0 ? `${name};` : `${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-binary ${quote(body.toString())}`]),
  ]
  return parts.join(' \\\n  ')
}

function netcatOf(request: Request, origin: URL): string {
  const port = origin.port || (origin.protocol === 'https:' ? '443' : '80')
  const connection =
    origin.protocol === 'https:'
      ? `openssl s_client -quiet -connect ${origin.hostname}:${port}`
      : `nc ${origin.hostname} ${port}`
  return `printf ${quote(cut(escapeBytes(bytesOf(request, origin.host))))} | ${connection}`
}

function bytesOf({ method, target, headers = [], body = '', bare }: Request, host: string): Buffer {
  // What was sent as raw bytes is its own text.
  if (target === RAW_TARGET) return Buffer.from(body as string)
  const lines = [...(bare ? [] : [['Host', host] as [string, string]]), ...headers]
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${head}\r\n${body}`)
}

export const RAW_TARGET = '(raw)'

function escapeBytes(bytes: Buffer): string {
  return [...bytes]
    .map(byte => {
      const character = String.fromCharCode(byte)
      if (byte === 0x0d) return '\\r'
      if (byte === 0x0a) return '\\n'
      if (character === '\\' || character === '%') return character.repeat(2)
      return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : character
    })
    .join('')
}

const quote = (text: string) => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

function cut(text: string, most = LONG * 2): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters in all)`
}
