// Two API replicas behind HAProxy, restarted one after the other under steady traffic: `npm run bench:restart`.
// Exits with 1 when one request is not answered 2xx, or a write is lost or done twice.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'
import { askAtRate, quantile } from './load.ts'
import { runBench } from './run.ts'
import { type Person, type Servers, signUp } from './servers.ts'
import { requestText } from './wire.ts'

const RATE = 200
const SECONDS = 20
const WRITE_EVERY = 5
/** On a busy machine an answer may be late, and is not lost. */
const LATE_MS = 15_000

requireHaproxy()
await runBench({ api: () => ({ TRUSTED_PROXIES: '127.0.0.1' }) }, measure)

async function measure(servers: Servers): Promise<boolean> {
  const replicas = [servers.api, await servers.startApi()]
  const port = await freePort()
  const ports = replicas.map(api => api.port)
  const proxy = startProxy(port, await freePort(), servers.issuer.port, ports)
  try {
    await untilAnswering(port, proxy)
    const person = await signUp(servers)
    const [result] = await Promise.all([
      askAtRate({
        port,
        rate: RATE,
        seconds: SECONDS,
        request: n => requestOf(person, n),
        patienceMs: LATE_MS,
      }),
      restartInTurn(servers, replicas),
    ])
    const written = await countTasks(port, person)
    const asked = Math.ceil(result.sent / WRITE_EVERY)
    console.log(
      `${result.sent} requests at ${RATE}/s, both replicas restarted: ${JSON.stringify(result.statuses)}`,
    )
    console.log(
      `p50 ${quantile(result.good, 0.5).toFixed(1)}, p99 ${quantile(result.good, 0.99).toFixed(1)} ms`,
    )
    console.log(`${written} tasks are there of ${asked} that were written`)
    return result.good.length === result.sent && written === asked
  } finally {
    proxy.kill()
  }
}

async function restartInTurn(servers: Servers, replicas: Servers['api'][]): Promise<void> {
  for (const replica of replicas) {
    await delay(2_000)
    const code = await replica.stop()
    if (code !== 0) throw new Error(`A replica ended with code ${code}`)
    await servers.startApi({ PORT: String(replica.port) })
  }
}

function requestOf({ id, token }: Person, n: number): string {
  const headers = { Authorization: `Bearer ${token}` }
  const path = `/api/${id}/tasks`
  if (n % WRITE_EVERY > 0) return requestText({ path, headers })
  return requestText({ method: 'POST', path, headers, body: { title: `Number ${n}` } })
}

async function countTasks(port: number, { id, token }: Person): Promise<number> {
  let count = 0
  let next: string | null = `/api/${id}/tasks?limit=100`
  while (next) {
    const response: Response = await fetch(`http://127.0.0.1:${port}${next}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    count += ((await response.json()) as unknown[]).length
    next = /<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? null
  }
  return count
}

function startProxy(port: number, accounts: number, issuer: number, apis: number[]): ChildProcess {
  const [first, second] = apis
  return spawn('haproxy', ['-f', join(import.meta.dirname, '../deploy/haproxy.cfg')], {
    env: {
      PATH: process.env.PATH,
      ACCOUNTS: `127.0.0.1:${accounts}`,
      TASKS: `127.0.0.1:${port}`,
      ISSUER_1: `127.0.0.1:${issuer}`,
      ISSUER_2: `127.0.0.1:${issuer}`,
      API_1: `127.0.0.1:${first}`,
      API_2: `127.0.0.1:${second}`,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function untilAnswering(port: number, proxy: ChildProcess): Promise<void> {
  while (proxy.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await delay(50)
  }
  throw new Error('HAProxy has ended')
}

function requireHaproxy(): void {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' })
  } catch {
    if (process.getuid?.() !== 0) throw new Error('HAProxy is missing: apt-get install haproxy')
    execFileSync('apt-get', ['install', '-y', '-qq', 'haproxy'], { stdio: 'ignore' })
  }
}
