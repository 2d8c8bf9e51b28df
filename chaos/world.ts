// What a fault is given to work with, and what is looked at after every one of them.
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../standalone/src/database.ts'
import { send, took } from './client.ts'
import type { Deployment } from './deployment.ts'
import { findDisagreements } from './journal.ts'
import type { Judge } from './judge.ts'
import { usageOf } from './processes.ts'
import type { Random } from './random.ts'
import type { Traffic } from './traffic.ts'

export interface World {
  deployment: Deployment
  traffic: Traffic
  judge: Judge
  random: Random
  /** How long a fault lasts: some seconds, or longer in a long run. */
  hold: number
  /** Notes one measured time under a name and holds it against a limit; the worst of a name is reported. */
  measure(name: string, ms: number, limit?: number): void
  check(ok: boolean, sentence: string): void
}

export interface Fault {
  /** The row of the table in docs/operations.md. */
  name: string
  /** Applies it, holds the answers against what is stated, and mends it. */
  run(world: World): Promise<void>
}

/** What a promise in seconds is allowed on a machine that is busy with all of it at once, in milliseconds. */
export const PROMISED = { refusal: 500, unavailable: 2_000, issuerUnavailable: 5_000, recovery: 5_000 }
/** Nine processes and the runner share two cores: a hang is caught by it, some late milliseconds are only reported. */
const RUNNER_SLACK = 2_000
const SPARE_DESCRIPTORS = 40
const SPARE_MEMORY = 150 * 2 ** 20

export const within = (promise: number) => promise + RUNNER_SLACK

/** Waits until every server answers as if nothing had been, and notes how long that took. */
export async function recover(world: World): Promise<void> {
  const healed = performance.now()
  const { apis, issuers } = world.deployment
  const waits = [
    ...apis.map(api => async () => {
      const account = world.random.pick(world.traffic.accounts)
      return (await world.traffic.list(account, account.sessions[0]!, api)).status === 200
    }),
    ...issuers.map(issuer => async () => {
      const { cookie } = world.random.pick(world.traffic.accounts).sessions[0]!
      return (await send(issuer.url, 'GET', '/api/auth/token', { cookie })).status === 200
    }),
  ]
  const times = await Promise.all(waits.map(isWell => timeUntil(isWell, healed)))
  world.measure('recovery', Math.max(...times), within(PROMISED.recovery))
}

async function timeUntil(isWell: () => Promise<boolean>, since: number): Promise<number> {
  while (!(await isWell())) {
    if (performance.now() - since > 60_000) return Number.POSITIVE_INFINITY
    await sleep(20)
  }
  return performance.now() - since
}

/** Everything acknowledged is there, nothing else is, and nobody's crossed. Returns how many rows were read. */
export async function checkJournal({ traffic, judge }: World): Promise<number> {
  await traffic.settle()
  let rows = 0
  for (const account of traffic.accounts) {
    const found = await traffic.readAll(account)
    rows += found.length
    for (const sentence of findDisagreements(account, found)) judge.fault(sentence)
  }
  return rows
}

export interface Usage {
  descriptors: Record<string, number>
  memory: Record<string, number>
  connections: number
}

export async function readUsage({ servers, postgres }: Deployment): Promise<Usage> {
  const usages = servers.map(server => [server.name, usageOf(server.process.pid)] as const)
  const connections = await withClient(postgres.adminUrl, async client => {
    const { rows } = await client.query(
      `select count(*)::int as count from pg_stat_activity where usename like 'latchkey%'`,
    )
    return rows[0].count as number
  })
  return {
    descriptors: Object.fromEntries(usages.map(([name, usage]) => [name, usage.descriptors])),
    memory: Object.fromEntries(usages.map(([name, usage]) => [name, usage.memory])),
    connections,
  }
}

export function higher(one: Usage, other: Usage): Usage {
  const most = (a: Record<string, number>, b: Record<string, number>) =>
    Object.fromEntries(Object.keys(a).map(name => [name, Math.max(a[name]!, b[name] ?? 0)]))
  return {
    descriptors: most(one.descriptors, other.descriptors),
    memory: most(one.memory, other.memory),
    connections: Math.max(one.connections, other.connections),
  }
}

/** Connections, sockets and memory are back where they were: idle ones may take their time to be let go. */
export async function checkUsage(world: World, baseline: Usage): Promise<void> {
  const deadline = performance.now() + 20_000
  while (true) {
    const excesses = findExcesses(await readUsage(world.deployment), baseline)
    if (excesses.length === 0) return
    if (performance.now() > deadline) return excesses.forEach(world.judge.fault)
    await sleep(250)
  }
}

function findExcesses(usage: Usage, baseline: Usage): string[] {
  const excesses: string[] = []
  if (usage.connections > baseline.connections + SPARE_DESCRIPTORS)
    excesses.push(`PostgreSQL has ${usage.connections} connections, before ${baseline.connections}`)
  for (const [name, count] of Object.entries(usage.descriptors))
    if (count > baseline.descriptors[name]! + SPARE_DESCRIPTORS)
      excesses.push(`${name} holds ${count} files and sockets, before ${baseline.descriptors[name]}`)
  for (const [name, bytes] of Object.entries(usage.memory))
    if (bytes > baseline.memory[name]! + SPARE_MEMORY)
      excesses.push(`${name} holds ${mebi(bytes)} MiB, before ${mebi(baseline.memory[name]!)} MiB`)
  return excesses
}

const mebi = (bytes: number) => Math.round(bytes / 2 ** 20)

/** Sign-outs one after the other while nothing is broken: how long they take, and how long the token lived on. */
export async function measureSignOuts(
  { traffic, deployment }: World,
  count: number,
): Promise<{ times: number[]; lags: number[] }> {
  const times: number[] = []
  const lags: number[] = []
  for (let number = 0; number < count; number += 1) {
    const { account, session } = await traffic.reserve()
    const asked = performance.now()
    const ending = traffic.signOut(account, session)
    const lived = await Promise.all(
      deployment.apis.map(async api => {
        while (true) {
          const answer = await traffic.list(account, session, api)
          if (answer.status === 401) return answer.sentAt - asked
        }
      }),
    )
    times.push(took(await ending))
    lags.push(Math.max(...lived))
  }
  return { times, lags }
}
