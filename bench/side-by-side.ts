// The same requests over the same rows, to our API and to its peers in turn: A B A B, medians and spread.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withClient } from '../standalone/src/database.ts'
import { cpuOf, cpuOfChildren, postmasterOf } from './cpu-time.ts'
import { median } from './load.ts'
import { makePeerTables, startFastApiPeer, startHonoPeer } from './peers/peers.ts'
import { runPgbench } from './pgbench.ts'
import { type Person, type Server, type Servers, signUp } from './servers.ts'
import type { Ask } from './wire.ts'
import { runWrk, type Speed } from './wrk.ts'

const root = join(import.meta.dirname, '..')
const PEOPLE = 64
const TASKS_EACH = 200
/** Of a round in which requests failed. */
const TRIES = 3

export interface Plan {
  connections: number[]
  routes: RouteName[]
  rounds: number
  /** Of a round. */
  seconds: number
}

export interface Row {
  route: RouteName
  connections: number
  contender: string
  /** Requests a second: of all rounds, ascending. */
  rounds: number[]
  perSecond: number
  p50: number
  p99: number
  /** Microseconds of a core for each request, medians; `null` where they cannot be known. */
  cpu: Cpu
}

interface Cpu {
  server: number | null
  postgresql: number | null
}

export type RouteName = 'list' | 'read' | 'create' | 'toggle'
type Contender = { name: string; server: Server }
type Owner = Person & { task: string }

const ROUTES: Record<RouteName, (owner: Owner) => Ask> = {
  list: ({ id }) => ({ path: `/api/${id}/tasks?limit=20` }),
  read: ({ id, task }) => ({ path: `/api/${id}/tasks/${task}` }),
  create: ({ id }) => ({ method: 'POST', path: `/api/${id}/tasks`, body: { title: 'Water the plants' } }),
  toggle: ({ id, task }) => ({ method: 'PATCH', path: `/api/${id}/tasks/${task}/complete` }),
}

export async function compareSideBySide(servers: Servers, plan: Plan): Promise<Row[]> {
  const owners = await makeOwners(servers)
  await makePeerTables(servers.database.adminUrl)
  const contenders = await startContenders(servers)
  try {
    const rows: Row[] = []
    for (const route of plan.routes)
      for (const connections of plan.connections)
        rows.push(...(await compareRoute({ route, connections, owners, contenders, servers, plan })))
    return rows
  } finally {
    await Promise.all(contenders.slice(1).map(({ server }) => server.stop()))
  }
}

async function startContenders(servers: Servers): Promise<Contender[]> {
  const settings = {
    adminUrl: servers.database.adminUrl,
    key: servers.key,
    issuerUrl: servers.issuerUrl,
    audience: servers.audience,
  }
  const fastapi = await startFastApiPeer(settings)
  try {
    return [
      { name: 'ours', server: servers.api },
      { name: 'reference', server: await startReference(servers) },
      { name: 'fastapi', server: fastapi },
      { name: 'hono', server: await startHonoPeer(settings) },
    ]
  } catch (error) {
    await fastapi.stop()
    throw error
  }
}

/** reference/fastapi in place of our API, on the same tables behind the same issuer. */
async function startReference(servers: Servers): Promise<Server> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/set-up-python.mjs')])
  return await servers.startApi({}, [
    join(root, 'reference/fastapi/.venv/bin/python'),
    '-m',
    'latchkey_tasks',
  ])
}

interface Comparison {
  route: RouteName
  connections: number
  owners: Owner[]
  contenders: Contender[]
  servers: Servers
  plan: Plan
}

async function compareRoute(comparison: Comparison): Promise<Row[]> {
  const { route, connections, owners, contenders, servers, plan } = comparison
  const speeds = new Map<string, Measured[]>()
  const postmaster = await postmasterOf(servers.database.adminUrl)
  const measure = async (name: string, run: () => Promise<Speed>, pid: number | null) => {
    const metered = () => withCpu(run, { pid, postmaster, seconds: plan.seconds })
    speeds.set(name, [...(speeds.get(name) ?? []), await withoutErrors(`${name}, ${route}`, metered)])
  }
  const asks = owners.map(owner => {
    const ask = ROUTES[route](owner)
    return { ...ask, headers: { Authorization: `Bearer ${owner.token}` } }
  })
  for (const { name, server } of contenders) await checkAnswer(name, server.port, asks[0]!)
  const loadOn = ({ server: { port } }: Contender, seconds: number) =>
    runWrk({ port, asks, connections, seconds })
  // What warms caches, plans and the compiler is not counted.
  for (const contender of contenders) await loadOn(contender, Math.ceil(1.5 * plan.seconds))
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const contender of contenders)
      await measure(contender.name, () => loadOn(contender, plan.seconds), contender.server.pid)
    if (route === 'list')
      await measure('postgresql alone', () => runPgbench(servers, owners, connections, plan.seconds), null)
  }
  const rows = [...speeds].map(([contender, all]) => rowOf({ route, connections, contender }, all))
  for (const row of rows) console.log(lineOf(row, rows[0]!))
  return rows
}

type Measured = Speed & { cpu: Cpu }
type Meter = { pid: number | null; postmaster: number | null; seconds: number }

async function withCpu(run: () => Promise<Speed>, { pid, postmaster, seconds }: Meter): Promise<Measured> {
  const read = () => [pid && cpuOf(pid), postmaster && cpuOfChildren(postmaster)] as const
  const before = read()
  const speed = await run()
  const after = read()
  const each = (at: 0 | 1) =>
    after[at] === null || before[at] === null
      ? null
      : ((after[at] - before[at]) * 1000) / (speed.perSecond * seconds)
  return { ...speed, cpu: { server: each(0), postgresql: each(1) } }
}

/** A machine with other work can starve a server until it refuses; a round in which it did says nothing of speed. */
async function withoutErrors(what: string, run: () => Promise<Measured>): Promise<Measured> {
  for (let left = TRIES - 1; ; left -= 1) {
    const speed = await run()
    if (speed.failed === 0) return speed
    if (left === 0) throw new Error(`${what}: ${speed.failed} requests failed`)
    console.log(`${what}: ${speed.failed} requests failed; the round is done again`)
  }
}

async function checkAnswer(name: string, port: number, { method = 'GET', path, headers, body }: Ask) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok)
    throw new Error(`${name} answers ${method} ${path}: ${answer.status} ${await answer.text()}`)
  await answer.body?.cancel()
}

function rowOf(place: Pick<Row, 'route' | 'connections' | 'contender'>, speeds: Measured[]): Row {
  const rounds = speeds.map(({ perSecond }) => perSecond).sort((a, b) => a - b)
  return {
    ...place,
    rounds,
    perSecond: median(rounds),
    p50: median(speeds.map(({ p50 }) => p50)),
    p99: median(speeds.map(({ p99 }) => p99)),
    cpu: { server: medianOf(speeds, 'server'), postgresql: medianOf(speeds, 'postgresql') },
  }
}

function medianOf(speeds: Measured[], part: keyof Cpu): number | null {
  const known = speeds.flatMap(({ cpu }) => cpu[part] ?? [])
  return known.length === 0 ? null : median(known)
}

function lineOf({ route, connections, contender, rounds, perSecond, p50, p99, cpu }: Row, ours: Row): string {
  const spread = `${rounds[0]!.toFixed(0)}–${rounds.at(-1)!.toFixed(0)}`
  const ratio = contender === 'ours' ? '' : `, ours is × ${(ours.perSecond / perSecond).toFixed(2)}`
  return `${route.padEnd(6)} ${String(connections).padStart(3)} connections  ${contender.padEnd(16)} ${perSecond.toFixed(0).padStart(6)}/s (${spread}), p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, CPU ${micro(cpu.server)} + ${micro(cpu.postgresql)} µs${ratio}`
}

const micro = (value: number | null) => value?.toFixed(0) ?? '–'

/** People with tasks of their own, made by SQL: what is compared is how they are read and written. */
async function makeOwners(servers: Servers): Promise<Owner[]> {
  const people: Person[] = []
  for (let n = 0; n < PEOPLE; n += 1) people.push(await signUp(servers))
  return await withClient(servers.database.adminUrl, async client => {
    const owners: Owner[] = []
    for (const person of people) {
      await client.query('begin')
      await client.query(`select set_config('app.subject', $1, true)`, [person.id])
      const { rows } = await client.query(
        `insert into todo.task (id, title, description)
         select uuidv7(), 'Water plant number ' || n, null from generate_series(1, $1) n returning id`,
        [TASKS_EACH],
      )
      await client.query('commit')
      owners.push({ ...person, task: rows[TASKS_EACH / 2].id })
    }
    await client.query('analyze todo.task')
    return owners
  })
}
