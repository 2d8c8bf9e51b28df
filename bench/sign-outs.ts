// How long a sign-out waits until every replica of the API knows of it: `npm run bench:sign-outs`, with `-- --quick`
// for one and three replicas. After each answer every replica is asked with the session's token, and must refuse it.
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'
import { withServers } from './durable.ts'
import { quantile } from './load.ts'
import { below, type Part, runAlone, timed } from './part.ts'
import { fetchTokens, type Resident, settlePeople } from './people.ts'
import type { Servers } from './servers.ts'
import { openWire, requestText, type Wire } from './wire.ts'

const BAR_MS = 50
const BAR_REPLICAS = 3

interface Round {
  replicas: number
  /** Milliseconds of whole sign-outs, ascending. */
  took: number[]
  /** Milliseconds of the barrier alone, on average, by the issuer's own figures. */
  barrier: number
  errors: number
}

export const measureSignOuts = ({ quick }: { quick: boolean }): Promise<Part> =>
  timed(async () => {
    const sizes = quick ? [1, 3] : [1, 3, 20]
    const each = quick ? 20 : 300
    const metricsPort = await freePort()
    const issuer = () => ({ METRICS_PORT: String(metricsPort) })
    const rounds = await withServers({ issuer }, async servers => {
      const ports = [servers.api.port]
      const rounds: Round[] = []
      for (const replicas of sizes) {
        while (ports.length < replicas) ports.push((await servers.startApi()).port)
        // What warms the compiler is not counted.
        await signOutAll(servers, ports, await settleSignedIn(servers, 10))
        const people = await settleSignedIn(servers, each)
        const before = await readBarrier(metricsPort)
        const round = await signOutAll(servers, ports, people)
        const after = await readBarrier(metricsPort)
        rounds.push({ ...round, barrier: (1000 * (after.sum - before.sum)) / (after.count - before.count) })
      }
      return rounds
    })
    return {
      name: 'sign-outs',
      title:
        'Sign-outs, one after the other: from the request to its answer, which waits for every replica of the API',
      rows: rounds.map(rowOf),
      bars: rounds
        .filter(({ replicas }) => replicas === BAR_REPLICAS)
        .map(({ took }) =>
          below(`p99 of a sign-out with ${BAR_REPLICAS} replicas`, quantile(took, 0.99), BAR_MS, 'ms', quick),
        ),
      curves: [curveOf(rounds)],
      errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
    }
  })

async function settleSignedIn(servers: Servers, count: number): Promise<Resident[]> {
  const people = await settlePeople(servers, count, 0)
  await fetchTokens(servers, people)
  return people
}

async function signOutAll({ issuer }: Servers, ports: number[], people: Resident[]) {
  const replicas = ports.map(port => openWire(port))
  const wire = openWire(issuer.port)
  const took: number[] = []
  let errors = 0
  for (const person of people) {
    errors += await countOthers(replicas, person, 200)
    const headers = { Cookie: person.cookie, Origin: `http://localhost:${issuer.port}` }
    const began = performance.now()
    const answer = await wire.send(
      requestText({ method: 'POST', path: '/api/auth/sign-out', headers, body: {} }),
    )
    took.push(performance.now() - began)
    if (answer?.status !== 200) errors += 1
    errors += await countOthers(replicas, person, 401)
    // So that it meets the polls at any moment of theirs.
    await delay(Math.random() * 20)
  }
  for (const opened of [wire, ...replicas]) opened.end()
  return { replicas: ports.length, took: took.sort((a, b) => a - b), errors }
}

/** How many replicas do not answer a list with this status. */
async function countOthers(replicas: Wire[], { id, token }: Resident, status: number): Promise<number> {
  const request = requestText({ path: `/api/${id}/tasks`, headers: { Authorization: `Bearer ${token}` } })
  const answers = await Promise.all(replicas.map(wire => wire.send(request)))
  return answers.filter(answer => answer?.status !== status).length
}

async function readBarrier(port: number): Promise<{ sum: number; count: number }> {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(answer => answer.text())
  const [sum, count] = ['sum', 'count'].map(name =>
    Number(new RegExp(`^latchkey_issuer_barrier_wait_seconds_${name} (.+)$`, 'm').exec(text)?.[1]),
  ) as [number, number]
  return { sum, count }
}

const rowOf = ({ replicas, took, barrier, errors }: Round) => ({
  'API replicas': replicas,
  'sign-outs': took.length,
  'p50 ms': quantile(took, 0.5),
  'p99 ms': quantile(took, 0.99),
  'worst ms': quantile(took, 1),
  'barrier, mean ms': barrier,
  errors,
})

function curveOf(rounds: Round[]) {
  const shares: [string, number][] = [
    ['p50', 0.5],
    ['p99', 0.99],
    ['worst', 1],
  ]
  return {
    file: 'sign-outs',
    title: 'Sign-out with every replica knowing of it',
    x: { label: 'API replicas', isLogarithmic: true },
    y: { label: 'milliseconds' },
    curves: shares.map(([name, share]) => ({
      name,
      points: rounds.map(({ replicas, took }) => ({ x: replicas, y: quantile(took, share) })),
    })),
  }
}

if (import.meta.main) await runAlone(measureSignOuts)
