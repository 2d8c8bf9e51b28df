// Goodput at three times the capacity, and what sign-out and the revocation feed feel of it:
// `npm run bench:overload`. Exits with 1 when one of them misses its bars three times running: 80 % of the peak, and
// no sign-out that waits too long.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { askAtRate, quantile, type Result } from './load.ts'
import { runBench } from './run.ts'
import { type Person, type Servers, signUp } from './servers.ts'
import { openWire, requestText } from './wire.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '8' } } })
const seconds = Number(options.seconds)

/** Ten connections and ten milliseconds for every answer of the database: about 1,000 requests a second. */
const DATABASE_MS = 10
const GOODPUT_BAR = 0.8
const SIGN_OUT_BAR_MS = 1_000
const ATTEMPTS = 3

/** One server under three times what it can do. */
interface Crowd {
  name: string
  port: number
  request: string
  rates: number[]
}

const proxies: (() => void)[] = []
await runBench(
  {
    cores: { issuer: '0', api: '0' },
    issuer: async ({ issuerUrl }) => ({ ISSUER_DATABASE_URL: await startSlowProxy(issuerUrl) }),
    api: async ({ apiUrl }) => ({ API_DATABASE_URL: await startSlowProxy(apiUrl) }),
  },
  async servers => {
    const person = await signUp(servers)
    const { api, issuer } = servers
    const bearer = { Authorization: `Bearer ${person.token}` }
    const list = requestText({ path: `/api/${person.id}/tasks`, headers: bearer })
    const token = requestText({ path: '/api/auth/token', headers: { Cookie: person.cookie } })
    const crowds: Crowd[] = [
      { name: 'API: lists', port: api.port, request: list, rates: [800, 1_000, 1_200] },
      { name: 'Issuer: tokens', port: issuer.port, request: token, rates: [500, 700, 900] },
    ]
    let isGood = true
    for (const crowd of crowds) isGood = (await measureAgain(servers, crowd, person)) && isGood
    return isGood
  },
)
for (const end of proxies) end()

/** What something else on the machine fell into is measured again: a server that collapses does so each time. */
async function measureAgain(servers: Servers, crowd: Crowd, person: Person): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1)
    if (await measure(servers, crowd, person)) return true
  return false
}

async function measure(
  servers: Servers,
  { name, port, request, rates }: Crowd,
  person: Person,
): Promise<boolean> {
  const ask = (rate: number, seconds: number) => askAtRate({ port, rate, seconds, request: () => request })
  await ask(rates[0]! / 2, 2)
  console.log(`\n${name}\noffered/s  good/s   503/s  others   p50 ms   p99 ms`)
  let peak = 0
  for (const rate of rates) peak = Math.max(peak, report(rate, await ask(rate, seconds)))
  const leaving: Person[] = []
  for (let n = 0; n < seconds; n += 1) leaving.push(await signUp(servers))
  const rate = Math.round(peak * 3)
  const [result, signOuts, refusals] = await Promise.all([
    ask(rate, seconds),
    signOutOneByOne(servers, leaving),
    refuseOneByOne(servers, person),
  ])
  const share = report(rate, result) / peak
  const [median, worst] = [0.5, 1].map(share => quantile(signOuts, share)) as [number, number]
  console.log(`goodput at three times the capacity: ${(share * 100).toFixed(0)} % of the peak (bar: 80 %)`)
  console.log(
    `sign-outs meanwhile: p50 ${median.toFixed(0)}, worst ${worst.toFixed(0)} ms (bar: ${SIGN_OUT_BAR_MS})`,
  )
  const [half, most] = [0.5, 0.99].map(share => quantile(refusals, share).toFixed(1))
  console.log(`bad tokens are refused meanwhile: p50 ${half}, p99 ${most} ms`)
  return share >= GOODPUT_BAR && worst < SIGN_OUT_BAR_MS
}

function report(rate: number, { statuses, good, seconds }: Result): number {
  const goodput = good.length / seconds
  const shed = (statuses[503] ?? 0) / seconds
  const others = Object.entries(statuses).filter(([status]) => status !== '200' && status !== '503')
  const cells = [
    String(rate).padStart(9),
    goodput.toFixed(0).padStart(7),
    shed.toFixed(0).padStart(7),
    (others.map(([status, count]) => `${status}×${count}`).join(' ') || '-').padStart(7),
    quantile(good, 0.5).toFixed(0).padStart(8),
    quantile(good, 0.99).toFixed(0).padStart(8),
  ]
  console.log(cells.join(' '))
  return goodput
}

/** One a second: each ends a session, and is answered when the overloaded API knows of it. */
async function signOutOneByOne({ issuer }: Servers, people: Person[]): Promise<number[]> {
  const took: number[] = []
  for (const { cookie } of people) {
    const began = performance.now()
    const headers = { Cookie: cookie, Origin: `http://localhost:${issuer.port}` }
    const wire = openWire(issuer.port)
    const answer = await wire.send(
      requestText({ method: 'POST', path: '/api/auth/sign-out', headers, body: {} }),
    )
    wire.end()
    if (answer?.status !== 200) throw new Error(`a sign-out was answered ${answer?.status}`)
    took.push(performance.now() - began)
    await delay(Math.max(0, 900 - (performance.now() - began)))
  }
  return took.sort((a, b) => a - b)
}

/** Somebody without a valid token is told so, however long the queue of the others is. */
async function refuseOneByOne({ api }: Servers, { id }: Person): Promise<number[]> {
  const took: number[] = []
  const end = performance.now() + seconds * 1000
  const wire = openWire(api.port)
  const request = requestText({ path: `/api/${id}/tasks`, headers: { Authorization: 'Bearer a.b.c' } })
  while (performance.now() < end) {
    const began = performance.now()
    const answer = await wire.send(request)
    if (answer?.status !== 401) throw new Error(`a bad token was answered ${answer?.status}`)
    took.push(performance.now() - began)
    await delay(20)
  }
  wire.end()
  return took.sort((a, b) => a - b)
}

async function startSlowProxy(url: string): Promise<string> {
  const slow = new URL(url)
  const host = decodeURIComponent(slow.hostname) || slow.searchParams.get('host') || '127.0.0.1'
  const program = new URL('slow-proxy.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [program, host, slow.port || '5432', String(DATABASE_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  proxies.push(() => child.kill())
  const [line] = await once(child.stdout, 'data')
  slow.hostname = '127.0.0.1'
  slow.port = String(line).trim()
  slow.search = ''
  return slow.href
}
