// The Python API beside ours and beside FastAPI as its documentation shows it, the same requests over the same rows in
// turn: `npm run bench:fastapi` (2 minutes), or with `-- --quick` (half a minute) to see that it runs.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { median } from '../../../bench/load.ts'
import { makePeerTables, startFastApiPeer } from '../../../bench/peers/peers.ts'
import { runWrk } from '../../../bench/wrk.ts'
import { withClient } from '../../../standalone/src/database.ts'
import { type Person, signUp } from '../../../test/in-process.ts'
import { startTestServer } from '../../../test/server.ts'
import { type Deployment, deploy } from './deployment.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const PEOPLE = 32
const TASKS_EACH = 200
const CONNECTIONS = 32
const ROUNDS = options.quick ? 2 : 5
const SECONDS = options.quick ? 1 : 2

interface Contender {
  name: string
  port: number
  pid: number
}

type Owner = Person & { task: string }

const ROUTES = {
  list: ({ id }: Owner) => ({ path: `/api/${id}/tasks?limit=20` }),
  read: ({ id, task }: Owner) => ({ path: `/api/${id}/tasks/${task}` }),
  create: ({ id }: Owner) => ({
    method: 'POST',
    path: `/api/${id}/tasks`,
    body: { title: 'Water the plants' },
  }),
  toggle: ({ id, task }: Owner) => ({ method: 'PATCH', path: `/api/${id}/tasks/${task}/complete` }),
}

await using opened = new AsyncDisposableStack()
const server = await startTestServer()
opened.defer(server.stop)
process.env.LATCHKEY_TEST_TEMPLATE = server.templateUrl
const deployment = await deploy({ LOG_LEVEL: 'error' })
opened.defer(deployment.close)
const owners = await makeOwners(deployment)
const contenders = await startContenders(deployment)
for (const route of Object.keys(ROUTES) as (keyof typeof ROUTES)[]) await compare(route)

async function startContenders({ theirs, ours, database, env, issuerUrl }: Deployment): Promise<Contender[]> {
  await makePeerTables(database.adminUrl)
  const key = env.ACCESS_TOKEN_KEYS!.split(':')[1]!
  const peer = await startFastApiPeer({
    adminUrl: database.adminUrl,
    key,
    issuerUrl,
    audience: 'latchkey-api',
  })
  opened.defer(async () => void (await peer.stop()))
  const portOf = ({ url }: { url: string }) => Number(new URL(url).port)
  return [
    { name: 'reference', port: portOf(theirs), pid: theirs.pid },
    { name: 'ours', port: portOf(ours), pid: ours.pid },
    { name: 'as documented', port: peer.port, pid: peer.pid },
  ]
}

async function compare(route: keyof typeof ROUTES): Promise<void> {
  const asks = owners.map(owner => ({
    ...ROUTES[route](owner),
    headers: { Authorization: `Bearer ${owner.token}` },
  }))
  const speeds = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  const costs = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  // What warms caches, plans and the compiler is not counted.
  for (const { port } of contenders) await runWrk({ port, asks, connections: CONNECTIONS, seconds: 1 })
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, port, pid } of contenders) {
      const before = cpuOf(pid)
      const { perSecond, failed } = await runWrk({ port, asks, connections: CONNECTIONS, seconds: SECONDS })
      if (failed > 0) throw new Error(`${name}, ${route}: ${failed} requests failed`)
      speeds.get(name)!.push(perSecond)
      costs.get(name)!.push((cpuOf(pid) - before) / (perSecond * SECONDS))
    }
  }
  const own = speeds.get('reference')!
  for (const [name, all] of speeds) {
    const sorted = all.toSorted((a, b) => a - b)
    const ratio = median(own.map((speed, round) => speed / all[round]!))
    const spread = `${sorted[0]!.toFixed(0)}–${sorted.at(-1)!.toFixed(0)}`
    const cost = `${median(costs.get(name)!).toFixed(0)} µs of CPU each`
    const beside = name === 'reference' ? '' : `, the reference is × ${ratio.toFixed(2)}`
    console.log(
      `${route.padEnd(6)} ${name.padEnd(13)} ${median(sorted).toFixed(0).padStart(6)}/s (${spread}), ${cost}${beside}`,
    )
  }
}

/** Microseconds of processor time it has had, of a tick's 10 ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** People with tasks of their own, made by SQL: what is compared is how they are read and written. */
async function makeOwners({ issuerUrl, database }: Deployment): Promise<Owner[]> {
  const people: Person[] = []
  for (let n = 0; n < PEOPLE; n += 1) people.push(await signUp({ url: issuerUrl } as never))
  return await withClient(database.adminUrl, async client => {
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
