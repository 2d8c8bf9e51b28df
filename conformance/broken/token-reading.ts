// From the text of a token to header, claims and signature, each in its one spelling.
import { createDecipheriv } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { State } from './state.ts'

// biome-ignore lint/suspicious/noExplicitAny: nothing is known of them until they were looked at.
export type Members = Record<string, any>

export interface Parts {
  header: Members
  claims: Members
  /** The encoded header and payload, as they were signed. */
  signed: string
  signature: Buffer
}

const MAX_SIZE = 4096

export function readToken(token: string, state: State): Parts | null {
  if (token.length > MAX_SIZE && !state.has('no-size-limit')) return null
  const segments = segmentsOf(token, state)
  if (segments.length === 5 && state.has('decrypts-tokens-too')) return decrypt(segments, state)
  if (segments.length !== 3 || !segments.every((segment, at) => isCanonical(segment, at, state))) return null
  const [first, second, third] = segments as [string, string, string]
  const header = readObject(bytesOf(first), state)
  if (!header) return null
  const payload = bytesOf(second)
  const inflates = state.has('inflates-compressed-tokens') && header.zip === 'DEF'
  const claims = readObject(inflates ? inflateRawSync(payload) : payload, state)
  if (!claims) return null
  return { header, claims, signed: `${first}.${second}`, signature: bytesOf(third) }
}

function segmentsOf(token: string, state: State): string[] {
  const segments = (state.has('reads-json-serialisation') ? compactOf(token) : token).split('.')
  return state.has('ignores-further-segments') ? segments.slice(0, 3) : segments
}

/** RFC 7515 §7.2, flattened and general. */
function compactOf(token: string): string {
  if (!token.startsWith('{')) return token
  const { payload, signatures = [], ...flattened } = JSON.parse(token)
  const [{ protected: header, signature }] = [...signatures, flattened]
  return `${header}.${payload}.${signature}`
}

function isCanonical(segment: string, at: number, state: State): boolean {
  let text = segment
  if (text === '' && at === 2 && acceptsUnsigned(state)) return true
  if (state.has('pads-segments-by-itself')) text = text.replace(/=+$/, '')
  if (state.has('decodes-both-alphabets')) text = text.replaceAll('+', '-').replaceAll('/', '_')
  if (state.has('skips-unknown-characters')) text = text.replace(/[^\w-]/g, '')
  if (!/^[\w-]+$/.test(text)) return false
  return state.has('ignores-trailing-bits') || bytesOf(text).toString('base64url') === text
}

function acceptsUnsigned(state: State): boolean {
  const faults = ['accepts-alg-none', 'verifies-signatures-that-are-there', 'leaves-key-pairs-to-the-gateway']
  return faults.some(state.has)
}

/** Node's decoder is the lenient one: what it must not see was refused before. */
function bytesOf(segment: string): Buffer {
  return Buffer.from(segment.replace(/[^\w+/-]/g, ''), 'base64url')
}

export function readObject(bytes: Buffer, state: State): Members | null {
  if (state.has('parses-outside-the-try')) return parse(textOf(bytes, state), state)
  try {
    const value = parse(textOf(bytes, state), state)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function textOf(bytes: Buffer, state: State): string {
  if (state.has('replaces-bad-bytes')) return bytes.toString('utf8')
  if (state.has('guesses-the-encoding'))
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

/** As `json.loads` of Python does with bytes, but for UTF-32. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff || bytes[1] === 0) return 'utf-16le'
  return bytes[0] === 0xfe || bytes[0] === 0 ? 'utf-16be' : 'utf-8'
}

function parse(text: string, state: State): Members {
  const value = JSON.parse(text)
  if (state.has('takes-the-first-of-duplicates')) return { ...value, ...firstMembers(text, value) }
  if (!state.has('ignores-the-case-of-names')) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]))
}

/** A scanner that stops at the first member of a name. */
function firstMembers(text: string, last: Members): Members {
  const pairs = [...text.matchAll(/"(\w+)"\s*:\s*"([^"\\]*)"/g)].map(([, name, value]) => [name!, value!])
  const texts = pairs.filter(([name]) => typeof last[name!] === 'string')
  return Object.fromEntries(texts.reverse())
}

/** RFC 7516 with `dir`: what decrypts with our key must be ours. */
function decrypt(segments: string[], state: State): Parts | null {
  const [first, , iv, text, tag] = segments as [string, string, string, string, string]
  const { secret } = state.keys[0]!
  try {
    const cipher = createDecipheriv('aes-256-gcm', secret!.subarray(0, 32), bytesOf(iv))
    cipher.setAAD(Buffer.from(first)).setAuthTag(bytesOf(tag))
    const claims = JSON.parse(Buffer.concat([cipher.update(bytesOf(text)), cipher.final()]).toString())
    return { header: { encrypted: true }, claims, signed: '', signature: Buffer.alloc(0) }
  } catch {
    return null
  }
}
