// The good server's reading of a body: media type, size, UTF-8, JSON; 415 and 413 before 400.
import type { IncomingMessage } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { type Exchange, Problem } from './exchange.ts'
import type { State } from './state.ts'

export const MAX_BODY = 65_536

const JSON_TYPE = /^application\/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i
const LOOSE_TYPE = /^application\/json\s*(;.*)?$/i

export async function readJson(exchange: Exchange, state: State): Promise<unknown> {
  if (state.has('inflates-before-it-refuses')) inflate(await readBytes(exchange, state), exchange, state)
  requireJson(exchange, state)
  return parseJson(decompressed(await readBytes(exchange, state), exchange, state), state)
}

function requireJson({ request }: Exchange, state: State): void {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = request.headers
  const isKnown = (state.has('ignores-the-charset') ? LOOSE_TYPE : JSON_TYPE).test(type)
  const isPlain = coding.toLowerCase() === 'identity' || state.has('inflates-bodies')
  if ((isKnown || state.has('any-media-type-is-json')) && isPlain) return
  throw new Problem(415, 'unsupported_media_type')
}

/** As operators see it; the most since they last looked. */
export function memoryOf(state: State): { bytes: number; peak: number } {
  const bytes = process.memoryUsage().arrayBuffers
  const peak = Math.max(bytes, state.peakMemory)
  state.peakMemory = 0
  return { bytes, peak }
}

const bodies = new WeakMap<IncomingMessage, Promise<Buffer>>()

/** Read once, whoever asks. */
export function readBytes({ request }: Exchange, state: State): Promise<Buffer> {
  const known = bodies.get(request)
  if (known) return known
  const bytes = state.has('reads-bodies-in-turns') ? inTurn(request, state) : collect(request, state)
  bodies.set(request, bytes)
  return bytes
}

const turns = new WeakMap<State['store'], Promise<unknown>>()

async function inTurn(request: IncomingMessage, state: State): Promise<Buffer> {
  const before = turns.get(state.store)
  const bytes = Promise.resolve(before).then(() => collect(request, state))
  turns.set(
    state.store,
    bytes.catch(() => {}),
  )
  return await bytes
}

async function collect(request: IncomingMessage, state: State): Promise<Buffer> {
  const isMeasuredLate = state.has('measures-after-it-parses')
  const isTooLarge = (size: number) => size > MAX_BODY && !state.has('no-body-limit') && !isMeasuredLate
  if (isTooLarge(Number(request.headers['content-length'] ?? 0))) throw new Problem(413, 'content_too_large')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (isTooLarge(size)) throw new Problem(413, 'content_too_large')
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (isMeasuredLate && size > MAX_BODY) {
    parseJson(bytes, state)
    throw new Problem(413, 'content_too_large')
  }
  return bytes
}

const INFLATERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
}

function decompressed(bytes: Buffer, exchange: Exchange, state: State): Buffer {
  return state.has('inflates-bodies') ? inflate(bytes, exchange, state) : bytes
}

function inflate(bytes: Buffer, { request }: Exchange, state: State): Buffer {
  const inflated = INFLATERS[request.headers['content-encoding'] ?? '']?.(bytes) ?? bytes
  state.peakMemory = Math.max(state.peakMemory, process.memoryUsage().arrayBuffers)
  return inflated
}

function parseJson(bytes: Buffer, state: State): unknown {
  try {
    const text = textOf(bytes, state)
    return JSON.parse(state.has('reads-the-first-line') ? text.trimStart().split('\n')[0]! : text)
  } catch (error) {
    const detail = state.has('repeats-what-it-could-not-parse') ? (error as Error).message : undefined
    throw new Problem(400, 'invalid_request', {}, detail)
  }
}

function textOf(bytes: Buffer, state: State): string {
  if (state.has('replaces-bad-bytes-in-bodies')) return bytes.toString('utf8')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
