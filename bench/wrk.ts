// wrk, the load generator of the side-by-side figures: closed loop, one thread.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Ask } from './wire.ts'

export interface Speed {
  perSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Answers that were not 2xx, and requests without one. */
  failed: number
}

interface Load {
  port: number
  /** Asked for in turn. */
  asks: Ask[]
  connections: number
  seconds: number
}

export async function runWrk({ port, asks, connections, seconds }: Load): Promise<Speed> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  try {
    const script = join(folder, 'requests.lua')
    await writeFile(script, luaOf(asks))
    const flags = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`]
    const url = `http://127.0.0.1:${port}/`
    const wrk = spawn('wrk', [...flags, '--timeout', '10s', '--latency', '--script', script, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said, [code]] = await Promise.all([text(wrk.stdout), once(wrk, 'exit')])
    if (code !== 0) throw new Error(`wrk ended with code ${code}: ${said}`)
    return readSpeed(said)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Long brackets of Lua need no escaping, and nothing that is sent here holds their end. */
const luaOf = (asks: Ask[]) => `
local requests = {}
local turn = 0
function init()
${asks.map(({ method = 'GET', path, headers = {}, body }) => `  requests[#requests + 1] = wrk.format("${method}", "${path}", {${fields(headers, body)}}${body === undefined ? '' : `, [[${JSON.stringify(body)}]]`})`).join('\n')}
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
`

function fields(headers: Record<string, string>, body: unknown): string {
  const all = { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) }
  return Object.entries(all)
    .map(([name, value]) => `["${name}"] = "${value}"`)
    .join(', ')
}

function readSpeed(said: string): Speed {
  const figure = (pattern: RegExp) => Number(pattern.exec(said)?.[1] ?? 0)
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(said) ?? []
  const lost = errors.slice(1).reduce((sum, count) => sum + Number(count), 0)
  return {
    perSecond: figure(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(/^ +50% +(\S+)/m.exec(said)?.[1]),
    p99: milliseconds(/^ +99% +(\S+)/m.exec(said)?.[1]),
    failed: figure(/Non-2xx or 3xx responses: (\d+)/) + lost,
  }
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

function milliseconds(written = ''): number {
  const [, value, unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(written) ?? []
  return Number(value) * (UNITS[unit] ?? Number.NaN)
}
