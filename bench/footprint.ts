// What the servers take before and while they work: `npm run bench:footprint`, or with `-- --quick`. Time to start,
// resident memory of issuer, API and PostgreSQL apart, bytes of an idle connection.
import { setTimeout as delay } from 'node:timers/promises'
import { familyOf } from '../chaos/processes.ts'
import { withClient } from '../standalone/src/database.ts'
import { createPlace, postgresPid, start } from '../test/product.ts'
import { weighConnections } from './connections.ts'
import { requireDescriptors } from './descriptors.ts'
import { withServers } from './durable.ts'
import { askAtFullSpeed, median, type Result } from './load.ts'
import { below, type Part, runAlone, timed } from './part.ts'
import { settlePeople, tokenRequest } from './people.ts'
import { parentOf, proportionalBytes, residentBytes } from './processes.ts'
import { addTasks, credentials, type Person, type Servers, type StartedServer, signUp } from './servers.ts'
import { requestText } from './wire.ts'

const BAR_BYTES = 20_000
const MB = 1e6
/** What a process still does after it is ready is not what it needs when idle. */
const settle = (quick: boolean) => delay(quick ? 1_000 : 3_000)

/** Megabytes, of each process or family of processes. */
type Memory = { issuer: number; api: number; postgres: number }

export const measureFootprint = ({ quick }: { quick: boolean }): Promise<Part> =>
  timed(async () => {
    const count = quick ? 2_000 : 10_000
    requireDescriptors(count * 1.1)
    const alone = await measureStandalone(quick)
    const apart = await withServers({}, async servers => {
      const { starts, idle } = await measureStarts(servers, quick)
      const { busy, errors } = await measureBusy(servers, quick ? 2 : 15)
      // By one that has done nothing yet: what is free after hard work would hide what a connection takes.
      const api = await servers.startApi()
      return { starts, idle, busy, errors, connections: await weighConnections({ ...servers, api }, count) }
    })
    const { starts, idle, busy, errors, connections } = apart
    const { held, each } = connections
    return {
      name: 'footprint',
      title:
        'Time from a start to the first good /readyz, files in the cache of the operating system; resident memory in ' +
        'MB, of PostgreSQL all its processes with what they share counted once',
      rows: [
        rowOf('issuer', { again: starts.issuer, idle: idle.issuer, busy: busy.issuer }),
        rowOf('API', { again: starts.api, idle: idle.api, busy: busy.api }),
        rowOf('PostgreSQL', { idle: idle.postgres, busy: busy.postgres }),
        rowOf('all of them by npm start', alone),
      ],
      bars: [
        below(`bytes of each of ${count} idle connections`, each, BAR_BYTES, 'bytes', quick),
        { name: 'connections held', value: held, bar: `${count}`, kept: held === count },
      ],
      errors,
    }
  })

interface Cells {
  /** Milliseconds. */
  first?: number
  again?: number
  idle?: number
  busy?: number
}

function rowOf(what: string, { first, again, idle, busy }: Cells): Part['rows'][number] {
  const cell = (value: number | undefined) => (value === undefined ? '-' : Math.round(value))
  return {
    what,
    'first start ms': cell(first),
    'next start ms': cell(again),
    'idle MB': cell(idle),
    'busy MB': cell(busy),
  }
}

/** The product in a folder of its own: its first start makes the database and the secrets. */
async function measureStandalone(quick: boolean): Promise<Cells> {
  const place = await createPlace()
  const startOnce = async () => {
    const began = performance.now()
    const product = await start(place, { env: { LOG_LEVEL: 'error' } })
    return { product, took: performance.now() - began }
  }
  let { product, took: first } = await startOnce()
  try {
    const next: number[] = []
    for (let n = 0; n < (quick ? 1 : 5); n += 1) {
      product.kill('SIGTERM')
      await product.exit
      const again = await startOnce()
      product = again.product
      next.push(again.took)
    }
    await settle(quick)
    const postgres = await postgresPid(place)
    const idle = residentBytes(product.pid) / MB + (postgres ? familyBytes(postgres) : 0)
    return { first, again: median(next), idle }
  } finally {
    product.kill('SIGTERM')
    await product.exit
    await place.remove()
  }
}

/** Each server is started again beside the first, whose start has filled every cache. */
async function measureStarts(servers: Servers, quick: boolean) {
  await settle(quick)
  const idle = await readMemory(servers)
  const startAgain = async (startOne: () => Promise<StartedServer>) => {
    const took: number[] = []
    for (let n = 0; n < (quick ? 1 : 5); n += 1) {
      const server = await startOne()
      took.push(server.readyIn)
      await server.kill()
    }
    return median(took)
  }
  const issuer = await startAgain(servers.startIssuer)
  return { idle, starts: { issuer, api: await startAgain(() => servers.startApi()) } }
}

/** The most that each holds while lists and creates, tokens and sign-ins are asked for as fast as they are answered. */
async function measureBusy(servers: Servers, seconds: number): Promise<{ busy: Memory; errors: number }> {
  const person = await signUp(servers)
  await addTasks(servers, person, 20)
  const most = { issuer: 0, api: 0, postgres: 0 }
  const watching = new AbortController()
  const watched = watch(servers, most, watching.signal)
  const results = await Promise.all(await loadOf(servers, person, seconds))
  watching.abort()
  await watched
  return { busy: most, errors: results.reduce((sum, { sent, good }) => sum + sent - good.length, 0) }
}

async function loadOf(servers: Servers, person: Person, seconds: number): Promise<Promise<Result>[]> {
  const { api, issuer } = servers
  const residents = await settlePeople(servers, 200, 0)
  const resident = (n: number) => residents[n % residents.length]!
  const plan = { seconds, patienceMs: 20_000 }
  const headers = { Authorization: `Bearer ${person.token}` }
  const path = `/api/${person.id}/tasks`
  const list = requestText({ path: `${path}?limit=20`, headers })
  const create = requestText({ method: 'POST', path, headers, body: { title: 'Water the plants' } })
  const signIn = ({ email }: Person) =>
    requestText({ method: 'POST', path: '/api/auth/sign-in/email', body: credentials(email) })
  return [
    askAtFullSpeed({ ...plan, port: api.port, connections: 32, request: n => (n % 10 ? list : create) }),
    askAtFullSpeed({
      ...plan,
      port: issuer.port,
      connections: 4,
      request: n => tokenRequest(resident(n).cookie),
    }),
    askAtFullSpeed({ ...plan, port: issuer.port, connections: 2, request: n => signIn(resident(n)) }),
  ]
}

async function watch(servers: Servers, most: Memory, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const now = await readMemory(servers)
    for (const name of ['issuer', 'api', 'postgres'] as const) most[name] = Math.max(most[name], now[name])
    await delay(250, undefined, { signal }).catch(() => {})
  }
}

async function readMemory({ issuer, api, database }: Servers): Promise<Memory> {
  const postgres = await withClient(database.adminUrl, async client => {
    const { rows } = await client.query('select pg_backend_pid() as pid')
    return familyBytes(parentOf(rows[0].pid))
  })
  return { issuer: residentBytes(issuer.pid) / MB, api: residentBytes(api.pid) / MB, postgres }
}

const familyBytes = (pid: number) =>
  familyOf(pid).reduce((sum, member) => sum + proportionalBytes(member), 0) / MB

if (import.meta.main) await runAlone(measureFootprint)
