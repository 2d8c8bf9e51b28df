// The kit's control hooks (conformance/src/hooks.ts), as whoever runs our servers would do them.
import { readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFakeClock, type FakeClock, usageOf } from '../chaos/processes.ts'
import type { HookCalls, HookFunctions } from '../conformance/src/hooks.ts'
import { type Client, quoteText, withClient } from '../standalone/src/database.ts'
import type { Deployment } from './deployment.ts'
import { auditRole, listTables } from './role-audit.ts'
import { tryAsApi } from './row-security.ts'

const PATIENCE_MS = 120_000
/** As many sessions as end at once on a day that is not good. */
const BATCH = 50_000

export function createHooks(deployment: Deployment, home: string): HookFunctions {
  const { feed, logFile, metricsUrls } = deployment
  const asAdmin = async <Result>(work: (client: Client) => Promise<Result>) =>
    await withClient(await deployment.adminUrl(), work)

  let clock: FakeClock | null = null

  async function readMetrics(): Promise<string> {
    const answers = await Promise.all(metricsUrls.map(url => fetch(url).then(answer => answer.text())))
    return answers.join('\n')
  }

  /** The database keeps the machine's: what it has once seen, no clock of ours takes back (decision 0007). */
  async function startClock(offset: number): Promise<void> {
    const had = clock !== null
    clock = offset === 0 ? null : await createFakeClock(join(home, 'clock'), offset)
    if (offset !== 0 && !clock) throw new Error('libfaketime is missing: apt-get install faketime')
    if (clock || had) await deployment.restart('all', clock?.env)
  }

  const hooks: HookFunctions = {
    async restart({ what }) {
      await deployment.restart(what)
      return { ready: true }
    },
    async 'start-with'({ fault }) {
      return await deployment.startWith(fault)
    },
    async clock({ offset }) {
      // One that runs already is set while they run.
      if (clock && offset !== 0) await clock.set(offset)
      else await startClock(offset)
      return {}
    },
    async database({ up }) {
      await deployment.setDatabase(up)
      return {}
    },
    async log({ after = 0 }) {
      return await readLog(logFile, after)
    },
    async metrics() {
      return { text: await readMetrics() }
    },
    async memory() {
      return takePeak(deployment.apiPids()[0]!)
    },
    async 'end-session'({ how, sid }) {
      if (how === 'ban') return { done: false }
      if (how === 'sql')
        await asAdmin(client => client.query('delete from auth.session where id = $1', [sid]))
      else await asAdmin(client => expire(client, sid))
      return { done: true }
    },
    async 'rotate-keys'({ step }) {
      return await rotate(deployment, step)
    },
    async rows({ user }) {
      return { rows: await asAdmin(client => countRows(client, user)) }
    },
    async 'revoke-many'({ count }) {
      const before = memoryOf(deployment)
      await asAdmin(client => revokeMany(client, count, readMetrics))
      const grown = memoryOf(deployment).map((bytes, index) => bytes - before[index]!)
      await asAdmin(forgetMadeUp)
      // So much to delete keeps the database busy, and the feed with it.
      await until('every API holds a lease', async () => {
        const ages = figures(await readMetrics(), 'latchkey_api_lease_age_seconds')
        return ages.length > 0 && ages.every(age => age < 1)
      })
      return { bytes: Math.max(...grown) }
    },
    async break({ broken }) {
      const [from, to] = broken ? ['task', 'task_elsewhere'] : ['task_elsewhere', 'task']
      await asAdmin(client => client.query(`alter table todo.${from} rename to ${to}`))
      return {}
    },
    async 'row-security'(asks) {
      return await tryAsApi(await deployment.apiRoleUrl(), asks)
    },
    async 'role-audit'() {
      return await auditRole(await deployment.adminUrl())
    },
  }
  if (!feed) return hooks
  return {
    ...hooks,
    async feed({ up, instance }) {
      await feed.set(up, instance)
      return {}
    },
    async 'start-without-feed'() {
      await feed.startWithout()
      return { listening: true }
    },
  }
}

async function readLog(file: string, after: number): Promise<HookCalls['log']['answers']> {
  const log = await open(file)
  try {
    const { size } = await log.stat()
    const bytes = Buffer.alloc(Math.max(0, size - after))
    await log.read(bytes, 0, bytes.length, after)
    // A line that is being written is the next reader's.
    const end = bytes.lastIndexOf(0x0a) + 1
    return { text: bytes.subarray(0, end).toString(), end: after + end }
  } finally {
    await log.close()
  }
}

/** Its time has come; the issuer's housekeeping removes it within a minute. */
async function expire(client: Client, sid: string): Promise<void> {
  await client.query(`update auth.session set "expiresAt" = now() - interval '1 second' where id = $1`, [sid])
  await until('the expired session is removed', async () => {
    return (await client.query('select from auth.session where id = $1', [sid])).rowCount === 0
  })
}

async function rotate(
  { keysCommand, algorithm, apiPids, logFile }: Deployment,
  step: HookCalls['rotate-keys']['asks']['step'],
): Promise<{ kid?: string }> {
  const list = async () => (await keysCommand('list')).trim().split('\n')
  if (step === 'retire') {
    const reloads = () => readFileSync(logFile, 'utf8').match(RELOAD_OF_API)?.length ?? 0
    const before = reloads()
    await keysCommand('retire', '--now')
    // Told of a file, a process confirms it to the command; told of a key pair, it says so in its log.
    if (algorithm === 'EdDSA')
      await until('every API goes by it', async () => reloads() >= before + apiPids().length)
    return {}
  }
  const before = await list()
  if (step === 'announce') {
    await keysCommand(algorithm === 'EdDSA' ? 'rotate' : 'announce')
    const line = (await list()).find(line => !before.some(known => kidOf(known) === kidOf(line)))
    return { kid: kidOf(line!) }
  }
  const isWaiting = (line: string) => line.includes(algorithm === 'EdDSA' ? ' signs from ' : ' verifies')
  const kid = kidOf(before.findLast(line => isWaiting(line) && !line.includes('signs and'))!)
  if (algorithm === 'HS256') await keysCommand('sign', kid)
  // A key pair signs by itself when every API has had the time to read the key set.
  else await until('the new key signs', async () => (await list()).includes(`${kid} signs and verifies`))
  return { kid }
}

const RELOAD_OF_API = /"service":"api","event":"sys_keys_reloaded"/g

const kidOf = (line: string) => line.split(' ')[0]!

async function countRows(client: Client, user: string): Promise<number> {
  const counts = (await listTables(client)).map(
    table => `(select count(*) from ${table} where user_id = ${quoteText(user)})`,
  )
  const { rows } = await client.query(`select (${counts.join(' + ')})::int as rows`)
  return rows[0].rows
}

async function revokeMany(client: Client, count: number, readMetrics: () => Promise<string>): Promise<void> {
  const known = async () => Math.min(...figures(await readMetrics(), 'latchkey_api_revoked_sessions'))
  const before = await known()
  for (let done = 0; done < count; done += BATCH) {
    const size = Math.min(BATCH, count - done)
    await client.query(
      `with more as (
         insert into auth.revocation (sid) select 'made-up-' || gen_random_uuid() from generate_series(1, $1::int)
         returning 1
       ) select pg_notify('latchkey_revocation', '') from more limit 1`,
      [size],
    )
    await until('every API knows', async () => (await known()) >= before + done + size)
  }
}

/** As housekeeping will in an hour; the newest stays, it is the head of the feed. */
async function forgetMadeUp(client: Client): Promise<void> {
  await client.query(
    `delete from auth.revocation
     where sid like 'made-up-%' and seq < (select max(seq) from auth.revocation)`,
  )
}

function figures(metrics: string, name: string): number[] {
  return [...metrics.matchAll(new RegExp(`^${name} (\\S+)$`, 'gm'))].map(([, value]) => Number(value))
}

/** Linux keeps the most that a process has held, until it is told to begin anew (proc(5), clear_refs). */
function takePeak(pid: number): { bytes: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const peak = 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1])
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return { bytes: usageOf(pid).memory, peak }
}

const memoryOf = ({ apiPids }: Deployment) => apiPids().map(pid => usageOf(pid).memory)

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !(await isSo()); await sleep(50))
    if (performance.now() > end) throw new Error(`it did not come about that ${what}`)
}
