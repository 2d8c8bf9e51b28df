// What it costs to look at an access token, per request: `npm run bench:validation`, or with `-- --quick`. A list of
// twenty tasks is asked of a process of a bench, in turn with one token that it looks at not at all, one that it knows
// and ones that are new to it.
import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { withClient } from '../standalone/src/database.ts'
import { withServers } from './durable.ts'
import { askAtFullSpeed, median, quantile } from './load.ts'
import { type Bar, below, type Part, runAlone, timed } from './part.ts'
import { cpuOf } from './processes.ts'
import { addTasks, type Person, type Server, type Servers, signUp } from './servers.ts'
import { openWire, requestText } from './wire.ts'

const TRIES = 3
const CONNECTIONS = 32
/** On a busy machine an answer may be late, and is not lost. */
const PATIENCE_MS = 15_000
const BARS_US = { hot: 50, cold: 150 }
/** Above this something is broken, however busy the machine is. */
const ABSURD = { hot: 3, cold: 6 }
/** `warm`: so many lists first, until the compiler has seen enough of them. */
const FULL = { rounds: 7, seconds: 2, warm: 30_000 }
const QUICK = { rounds: 3, seconds: 0.4, warm: 4_000 }
const WAYS = ['none', 'hot', 'cold'] as const
type Way = (typeof WAYS)[number]

interface Plan {
  servers: Servers
  person: Person
  api: Server
  mint(sid?: string): string
  /** Sent every time, where it is not new ones. */
  tokens: { none: string; hot: string }
  rounds: number
  seconds: number
  warm: number
}

interface Figures {
  /** Of each round. */
  cpu: number[]
  perSecond: number[]
  /** Microseconds by Server-Timing on one connection, ascending. */
  timing: number[]
  errors: number
}
type Comparison = { revocations: number; figures: Record<Way, Figures> }

export const measureValidation = ({ quick }: { quick: boolean }): Promise<Part> =>
  timed(async () => {
    const comparisons = await withServers({}, async servers => {
      const plan = await createPlan(servers, quick ? QUICK : FULL)
      const comparisons: Comparison[] = []
      for (let asked = 0; asked < plan.warm; )
        for (const way of WAYS) asked += (await ask(plan, way, plan.seconds)).sent
      for (const revocations of [1, 100_000]) {
        await revoke(plan, revocations)
        comparisons.push({ revocations, figures: await compare(plan) })
      }
      return comparisons
    })
    const all = comparisons.flatMap(({ figures }) => Object.values(figures))
    return {
      name: 'validation',
      title:
        'Looking at the token of a list of 20: processor time of the API per request at full speed over 32 ' +
        'connections, with and without; Server-Timing over one (generator: a process of its own, raw sockets)',
      rows: comparisons.flatMap(rowsOf),
      bars: comparisons.flatMap(comparison => barsOf(comparison, quick)),
      errors: all.reduce((sum, { errors }) => sum + errors, 0),
    }
  })

async function createPlan(servers: Servers, length: typeof FULL): Promise<Plan> {
  const person = await signUp(servers)
  await addTasks(servers, person, 20)
  const mint = createMint(servers, person)
  const tokens = { none: mint(), hot: mint() }
  const api = await servers.startApi({}, [
    process.execPath,
    'bench/validation-api.ts',
    tokens.none,
    person.id,
  ])
  return { servers, person, api, mint, tokens, ...length }
}

/** Tokens as the issuer signs them, of a session each. */
function createMint({ key, issuerUrl, audience }: Servers, { id, email }: Person): Plan['mint'] {
  const secret = Buffer.from(key, 'base64url')
  const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = coded({ alg: 'HS256', kid: 'bench', typ: 'at+jwt' })
  const iat = Math.floor(Date.now() / 1000)
  const about = { sub: id, user_id: id, email, iss: issuerUrl, aud: audience, iat, exp: iat + 3600 }
  return (sid = randomUUID()) => {
    const text = `${header}.${coded({ ...about, sid, jti: sid })}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
}

/** Ends sessions until the feed holds so many, and waits until the APIs know the last of them. */
async function revoke({ servers, person, api, mint }: Plan, count: number): Promise<void> {
  const last = randomUUID()
  await withClient(servers.database.adminUrl, async client => {
    const { rows } = await client.query('select count(*)::int as known from auth.revocation')
    await client.query(
      'insert into auth.revocation (sid) select gen_random_uuid() from generate_series(2, $1::int)',
      [count - rows[0].known],
    )
    await client.query('insert into auth.revocation (sid) values ($1)', [last])
  })
  const request = listWith(person, mint(last))
  const wire = openWire(api.port)
  while ((await wire.send(request))?.status !== 401) await delay(50)
  wire.end()
}

async function compare(plan: Plan): Promise<Comparison['figures']> {
  const figures = { none: noFigures(), hot: noFigures(), cold: noFigures() }
  for (let round = 0; round < plan.rounds; round += 1)
    for (const way of WAYS) {
      const { cpu, perSecond, errors } = await askAgain(plan, way, plan.seconds)
      figures[way].cpu.push(cpu)
      figures[way].perSecond.push(perSecond)
      figures[way].errors += errors
    }
  for (const way of WAYS) figures[way].timing = await readTimings(plan, way, plan.rounds * 150)
  return figures
}

const noFigures = (): Figures => ({ cpu: [], perSecond: [], timing: [], errors: 0 })

/** At full speed a server may have to refuse: such a round says nothing of a token's cost, and is done again. */
async function askAgain(plan: Plan, way: Way, seconds: number) {
  let round = await ask(plan, way, seconds)
  for (let times = 1; times < TRIES && round.errors > 0; times += 1) round = await ask(plan, way, seconds)
  return round
}

async function ask(plan: Plan, way: Way, seconds: number) {
  const { port, pid } = plan.api
  const request = createRequests(plan, way)
  const before = cpuOf(pid)
  const load = { port, request, connections: CONNECTIONS, seconds, patienceMs: PATIENCE_MS }
  const { good, sent, statuses } = await askAtFullSpeed(load)
  if (good.length < sent) console.log(`${way}: ${JSON.stringify(statuses)}`)
  const cpu = (cpuOf(pid) - before) / sent
  return { cpu, sent, perSecond: good.length / seconds, errors: sent - good.length }
}

/** A token is made for every request, also where another is sent: the generator has the same work each way. */
function createRequests({ person, mint, tokens }: Plan, way: Way): () => string {
  return () => {
    const cold = mint()
    return listWith(person, way === 'cold' ? cold : tokens[way])
  }
}

const listWith = ({ id }: Person, token: string) =>
  requestText({ path: `/api/${id}/tasks?limit=20`, headers: { Authorization: `Bearer ${token}` } })

async function readTimings(plan: Plan, way: Way, count: number): Promise<number[]> {
  const request = createRequests(plan, way)
  const wire = openWire(plan.api.port)
  const timings: number[] = []
  while (timings.length < count) {
    const answer = await wire.send(request())
    const milliseconds = /\r\nserver-timing: auth;dur=([\d.]+)/i.exec(answer?.head ?? '')?.[1]
    if (milliseconds === undefined)
      throw new Error(`A list was answered ${answer?.status} without its timing`)
    timings.push(Number(milliseconds) * 1000)
  }
  wire.end()
  return timings.sort((a, b) => a - b)
}

/** Microseconds more than without. */
const costOf = (figures: Comparison['figures'], way: Way) =>
  median(figures[way].cpu) - median(figures.none.cpu)

function rowsOf({ revocations, figures }: Comparison): Part['rows'] {
  return WAYS.map(way => ({
    token: way === 'none' ? 'not looked at' : way,
    revocations,
    'lists/s': Math.round(median(figures[way].perSecond)),
    'CPU µs/list': median(figures[way].cpu),
    'more than without': costOf(figures, way),
    'Server-Timing p50 µs': Math.round(quantile(figures[way].timing, 0.5)),
    'p99 µs': Math.round(quantile(figures[way].timing, 0.99)),
  }))
}

function barsOf({ revocations, figures }: Comparison, quick: boolean): Bar[] {
  return (['hot', 'cold'] as const).flatMap(way => {
    const name = `a ${way} token, ${revocations} revoked`
    const ratio = median(figures[way].cpu) / median(figures.none.cpu)
    const timing = quantile(figures[way].timing, 0.5)
    return [
      below(`${name}: processor time`, costOf(figures, way), BARS_US[way], 'µs', quick),
      below(`${name}: Server-Timing, p50`, timing, BARS_US[way], 'µs', quick),
      below(`${name}: processor time of a list, times that without`, ratio, ABSURD[way], '', false),
    ]
  })
}

if (import.meta.main) await runAlone(measureValidation)
