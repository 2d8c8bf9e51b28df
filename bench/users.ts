// 1,000 and 10,000 people at once, each with an account, an address, a connection and a token of their own, who read
// and write while others sign in and out: `npm run bench:users`, with `-- --quick` for 1,000 only. Nobody may fail.
import { freePort } from '../test/free-port.ts'
import { arrivals, createRandom, Line, type Outcome, play } from './crowd.ts'
import { requireDescriptors } from './descriptors.ts'
import { withServers } from './durable.ts'
import { askAtFullSpeed, quantile } from './load.ts'
import { type Bar, type Part, runAlone, timed } from './part.ts'
import { fetchTokens, type Resident, settlePeople } from './people.ts'
import type { Servers } from './servers.ts'
import { ask, KINDS, type Kind, requestOf, visit } from './visits.ts'

const TASKS_EACH = 10
const VISITS_A_SECOND = 2
/** Of what the same mix of requests reaches at full speed. */
const SHARE_OF_CAPACITY = 0.15
/** Nobody's connection may be idle for as long as the server lets one be. */
const LONGEST_TURN_S = 40

interface Crowd extends Outcome {
  people: number
  /** Connections that are open to the API at the end. */
  open: number
  /** Requests a second. */
  rate: number
}

export const measureUsers = ({ quick }: { quick: boolean }): Promise<Part> =>
  timed(async () => {
    const sizes = quick ? [1_000] : [1_000, 10_000]
    requireDescriptors(Math.max(...sizes) * 1.2)
    const crowds: Crowd[] = []
    for (const size of sizes) crowds.push(await measureCrowd(size, quick ? 5 : 45))
    return {
      name: 'users',
      title:
        'People at once, each with an address, a token and an open connection: open loop, ms from when each was due ' +
        '(generator: a process of its own, raw sockets, nothing pipelined)',
      rows: crowds.flatMap(rowsOf),
      bars: crowds.flatMap(barsOf),
      errors: crowds.reduce((sum, crowd) => sum + failuresOf(crowd), 0),
    }
  })

async function measureCrowd(size: number, seconds: number): Promise<Crowd> {
  const metricsPort = await freePort()
  const api = () => ({ METRICS_PORT: String(metricsPort) })
  return await withServers({ api }, async servers => {
    const crowd = await gather(servers, size, seconds)
    if (crowd.faults.size > 0) await explain(crowd, metricsPort)
    return crowd
  })
}

/** What failed, and whether the API refused it because it had too much to do or too little of the machine. */
async function explain({ faults }: Crowd, metricsPort: number): Promise<void> {
  for (const [fault, count] of faults) console.log(`${fault}, ${count} times`)
  const text = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).then(answer => answer.text())
  const wanted = /^(latchkey_api_shed_requests_total|nodejs_eventloop_lag_(p99|max)_seconds).*$/gm
  for (const [line] of text.matchAll(wanted)) console.log(`API: ${line}`)
}

async function gather(servers: Servers, size: number, seconds: number): Promise<Crowd> {
  const people = await settlePeople(servers, size, TASKS_EACH)
  const began = performance.now()
  await fetchTokens(servers, people)
  const perSecond = size / ((performance.now() - began) / 1000)
  const rate = Math.max(await findRate(servers, people), Math.ceil(size / LONGEST_TURN_S))
  const lines = people.map(({ address }) => new Line(servers.api.port, address))
  try {
    await openAll(lines, people)
    const outcome = await play(tasksOf({ servers, people, lines, rate, seconds }))
    const open = lines.filter(line => line.open).length
    console.log(
      `${size} people: their tokens came at ${perSecond.toFixed(0)}/s, asked at ${rate}/s, ` +
        `generator late by ${quantile(outcome.late, 0.99).toFixed(1)} ms (p99)`,
    )
    return { ...outcome, people: size, open, rate }
  } finally {
    for (const line of lines) line.end()
  }
}

async function findRate({ api }: Servers, people: Resident[]): Promise<number> {
  const random = createRandom(7)
  const request = (n: number) => requestOf(pick(random), people[n % people.length]!)
  const plan = { port: api.port, request, connections: 32 }
  await askAtFullSpeed({ ...plan, seconds: 1 })
  const { good } = await askAtFullSpeed({ ...plan, seconds: 2 })
  return Math.round((good.length / 2) * SHARE_OF_CAPACITY)
}

/** Everybody connects, and reads their list. */
async function openAll(lines: Line[], people: Resident[]): Promise<void> {
  const waiting = lines.entries()
  const work = async () => {
    for (const [n, line] of waiting) {
      const answer = await line.send(requestOf('list', people[n]!))
      if (answer?.status !== 200) throw new Error(`Connection ${n + 1} was answered ${answer?.status}`)
    }
  }
  await Promise.all(Array.from({ length: 50 }, work))
}

interface Plan {
  servers: Servers
  people: Resident[]
  lines: Line[]
  rate: number
  seconds: number
}

/** Everybody in turn, in an order of no meaning; and beside them some who sign in, look and sign out. */
function tasksOf({ servers, people, lines, rate, seconds }: Plan) {
  const random = createRandom(11)
  const turns = people.map((_, n) => n).sort(() => random() - 0.5)
  const work = arrivals(rate, seconds, 13).map((due, n) => {
    const who = turns[n % turns.length]!
    return { due, who, run: ask(servers, lines[who]!, people[who]!, pick(random)) }
  })
  const visits = arrivals(VISITS_A_SECOND, seconds, 17).map((due, n) => {
    return { due, who: -1 - n, run: visit(servers, people[turns[n % turns.length]!]!) }
  })
  return [...work, ...visits].sort((a, b) => a.due - b.due)
}

function pick(random: () => number): Kind {
  let left = random()
  for (const [kind, { share }] of Object.entries(KINDS)) {
    left -= share
    if (left < 0) return kind as Kind
  }
  return 'list'
}

const failuresOf = ({ tallies }: Crowd) => [...tallies.values()].reduce((sum, { failed }) => sum + failed, 0)

function rowsOf({ people, rate, tallies }: Crowd): Part['rows'] {
  return [...tallies].map(([kind, { took, failed }]) => ({
    kind,
    people,
    'all/s': rate,
    sent: took.length,
    'p50 ms': quantile(took, 0.5),
    'p95 ms': quantile(took, 0.95),
    'p99 ms': quantile(took, 0.99),
    failed,
  }))
}

/** Both are counts, which no busy machine excuses. */
function barsOf(crowd: Crowd): Bar[] {
  const { people, open } = crowd
  const failures = failuresOf(crowd)
  return [
    { name: `failures of ${people} people`, value: failures, bar: '0', kept: failures === 0 },
    { name: 'connections open at once', value: open, bar: `${people}`, kept: open === people },
  ]
}

if (import.meta.main) await runAlone(measureUsers)
