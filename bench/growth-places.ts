// One PostgreSQL as the product starts it, and on it a database for each size with an issuer and an API of its own.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withClient } from '../standalone/src/database.ts'
import { startPostgres } from '../standalone/src/postgres.ts'
import { startTestServer } from '../test/server.ts'
import { seedTasks, TASKS_EACH } from './growth-data.ts'
import { type Person, type Servers, signUp, startServers } from './servers.ts'

export interface Sizes {
  /** Tasks altogether, ascending. */
  totals: number[]
  /** So many people are asked for at each size, each with 200 tasks. */
  people: number
  /** Tasks of one person each, in the largest. */
  owned: number[]
}

export interface Place {
  total: number
  servers: Servers
  people: Person[]
  owners: Person[]
}

/** With its indexes, the log of their making and what sorting them takes. */
const BYTES_EACH = 1_500

export async function openPlaces({ totals, people, owned }: Sizes) {
  await checkDisk(totals)
  await using stack = new AsyncDisposableStack()
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-growth-'))
  stack.defer(() => rm(dataDir, { recursive: true }))
  const postgres = await startPostgres({ dataDir, password: randomUUID() })
  stack.defer(() => postgres.stop({ force: true }))
  const { templateUrl } = await startTestServer(postgres.url)
  const places: Place[] = []
  for (const total of totals) {
    const servers = stack.use(await startServers({ templateUrl }))
    const owners = total === totals.at(-1) ? owned.length : 0
    places.push({
      total,
      servers,
      people: await signUpAll(servers, people),
      owners: await signUpAll(servers, owners),
    })
  }
  await inAHurry(postgres.url, async () => {
    for (const place of places) await seedPlace(place, owned)
  })
  const started = stack.move()
  return {
    places,
    adminUrl: postgres.url,
    logFile: join(dataDir, 'postgres.log'),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

async function checkDisk(totals: number[]): Promise<void> {
  const needed = totals.reduce((sum, total) => sum + total, 0) * BYTES_EACH
  const { bavail, bsize } = await statfs(tmpdir())
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`
  if (bavail * bsize < needed)
    throw new Error(`${tmpdir()} has ${gigabytes(bavail * bsize)} free; growth needs ${gigabytes(needed)}`)
}

async function signUpAll(servers: Servers, count: number): Promise<Person[]> {
  const people: Person[] = []
  while (people.length < count) people.push(await signUp(servers))
  return people
}

async function seedPlace({ total, servers, people, owners }: Place, owned: number[]): Promise<void> {
  const began = performance.now()
  const said = (what: string) =>
    console.log(`  ${what} after ${((performance.now() - began) / 1000).toFixed(0)} s`)
  console.log(`Making ${total.toLocaleString('en')} tasks`)
  await seedTasks({
    adminUrl: servers.database.adminUrl,
    total,
    residents: [
      ...people.map(({ id }) => ({ id, tasks: TASKS_EACH })),
      ...owners.map(({ id }, n) => ({ id, tasks: owned[n]! })),
    ],
    tell: share => total >= 1_000_000 && said(`${Math.round(share * 100)} % of the rows`),
  })
  said('With indexes and statistics')
}

const HURRY = [
  'set fsync = off',
  'set full_page_writes = off',
  'set autovacuum = off',
  `set max_wal_size = '4GB'`,
]

/** What is made now need not outlive a power cut. What is measured later is the product, with its settings. */
async function inAHurry(adminUrl: string, work: () => Promise<void>): Promise<void> {
  await configure(adminUrl, HURRY)
  await work()
  await configure(adminUrl, ['reset all'])
  await withClient(adminUrl, client => client.query('checkpoint'))
}

async function configure(adminUrl: string, settings: string[]): Promise<void> {
  await withClient(adminUrl, async client => {
    for (const setting of settings) await client.query(`alter system ${setting}`)
    await client.query('select pg_reload_conf()')
  })
}
