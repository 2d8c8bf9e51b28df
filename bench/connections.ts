// What an idle connection costs the API in memory: `npm run bench:connections`. Exits with 1 above 20 kB each.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { residentBytes } from './processes.ts'
import { runBench } from './run.ts'
import { type Servers, signUp } from './servers.ts'
import { openWire, requestText, type Wire } from './wire.ts'

const BAR_BYTES = 20_000
/** Below the server's patience with idle connections, so that none is closed while it is counted. */
const OPENING_MS = 45_000

/** How many of them were held, and bytes of the API's memory for each. */
export async function weighConnections(
  servers: Servers,
  count: number,
): Promise<{ held: number; each: number }> {
  const { api } = servers
  const { id, token } = await signUp(servers)
  const request = requestText({ path: `/api/${id}/tasks`, headers: { Authorization: `Bearer ${token}` } })
  // The process grows to its working size first: what it needs anyway is not what a connection costs.
  await open(api.port, 2_000, request).then(close)
  await delay(2_000)
  const before = residentBytes(api.pid)
  const began = performance.now()
  const wires = await open(api.port, count, request)
  if (performance.now() - began > OPENING_MS) throw new Error('The machine is too busy to open them in time')
  await delay(2_000)
  const each = (residentBytes(api.pid) - before) / count
  const held = wires.filter(wire => wire.open).length
  close(wires)
  return { held, each }
}

/** Each has made one request, as the connections of people have who read what they got. */
async function open(port: number, count: number, request: string): Promise<Wire[]> {
  const wires: Wire[] = []
  while (wires.length < count) {
    const some = Array.from({ length: Math.min(100, count - wires.length) }, (_, n) =>
      openWire(port, `127.0.${Math.floor(wires.length / 1_000)}.${n + 1}`),
    )
    const answers = await Promise.all(some.map(wire => wire.send(request)))
    const other = answers.find(answer => answer?.status !== 200)
    if (other !== undefined) throw new Error(`A connection was answered ${other?.status ?? 'nothing'}`)
    wires.push(...some)
  }
  return wires
}

function close(wires: Wire[]): void {
  for (const wire of wires) wire.end()
}

async function run(): Promise<void> {
  const { values: options } = parseArgs({ options: { count: { type: 'string', default: '10000' } } })
  const count = Number(options.count)
  await runBench({}, async servers => {
    const { held, each } = await weighConnections(servers, count)
    console.log(`${held} of ${count} idle connections, each after one request: ${each.toFixed(0)} bytes each`)
    return held === count && each <= BAR_BYTES
  })
}

if (import.meta.main) await run()
