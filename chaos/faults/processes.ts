import { setTimeout as sleep } from 'node:timers/promises'
import { expectGood, expectRefusals, expectSignIn, expectUnavailable, untilLeaseEnds } from '../answers.ts'
import { send, took } from '../client.ts'
import type { Api, Server } from '../deployment.ts'
import { leaseEndOf } from '../judge.ts'
import { type Fault, type World, within } from '../world.ts'

/** So long an issuer waits for an API that has fallen silent. */
const SILENCE_MS = 2_500

/** More than a pipe and a process keep, of some 200 bytes each. */
const LINES = 5_500
const STRANGERS = 8

const apiKilled: Fault = {
  name: 'api-killed',
  async run(world) {
    const api = world.random.pick(world.deployment.apis)
    await api.stop({ force: true })
    // Its lease has to run out before a sign-out may answer; the next one does not wait for it again.
    const limits = { 'sign-out': within(SILENCE_MS), 'second sign-out': SILENCE_MS - 500 }
    for (const [name, limit] of Object.entries(limits)) {
      const { account, session } = await world.traffic.reserve()
      const answer = await world.traffic.signOut(account, session)
      world.check(answer.status === 200, `a sign-out answered ${answer.status}`)
      world.measure(name, took(answer), limit)
    }
    await api.start()
  },
}

/** What it is asked while it cannot answer is judged, once it wakes, by a lease of then. */
const apiStopped: Fault = {
  name: 'api-stopped',
  async run(world) {
    const { traffic, deployment } = world
    const api = world.random.pick(deployment.apis)
    const { account, session } = await traffic.reserve()
    await traffic.list(account, session, api)
    api.process.signal('SIGSTOP')
    const end = performance.now() + Math.max(5_000, world.hold)
    // The sign-out waits for the lease of the one that is silent, then answers; its token's calls wait at the door.
    const signingOut = traffic.signOut(account, session)
    await sleep(3_500)
    const late = Array.from({ length: 20 }, () => traffic.list(account, session, api))
    await sleep(end - performance.now())
    api.process.signal('SIGCONT')
    world.measure('sign-out', took(await signingOut))
    const statuses = (await Promise.all(late)).map(answer => answer.status)
    // Null: a connection that had been kept alive for a minute by then is closed as an idle one.
    const isRefused = statuses.every(status => status === 401 || status === 503 || status === null)
    world.check(
      isRefused && statuses.some(status => status !== null),
      `${api.name} woke and said ${statuses}`,
    )
  },
}

/** Tokens work on until the lease ends; then 503, from who follows a dead issuer alone. */
const issuerKilled: Fault = {
  name: 'issuer-killed',
  async run(world) {
    const { issuers, apis } = world.deployment
    const [first, second, other] = apis
    await issuers[0].stop({ force: true })
    await Promise.all(apis.map(api => expectGood(world, api)))
    await untilLeaseEnds()
    const end = performance.now() + world.hold
    do {
      for (const api of [first, second])
        await Promise.all([expectRefusals(world, api), expectUnavailable(world, api)])
      await expectGood(world, other)
      await expectSignIn(world, issuers[1])
      await sleep(100)
    } while (performance.now() < end)
    await issuers[0].start()
  },
}

const issuersDown: Fault = {
  name: 'issuers-down',
  async run(world) {
    const { issuers, apis } = world.deployment
    await Promise.all(issuers.map(issuer => issuer.stop({ force: true })))
    await Promise.all(apis.map(api => expectGoodUnderLease(world, api)))
    const signIns = issuers.map(issuer => send(issuer.url, 'POST', '/api/auth/sign-in/email', { body: {} }))
    for (const answer of await Promise.all(signIns))
      world.check(answer.status === null, 'a stopped issuer answered')
    await untilLeaseEnds()
    const end = performance.now() + world.hold
    do {
      for (const api of apis) await Promise.all([expectRefusals(world, api), expectUnavailable(world, api)])
      await sleep(100)
    } while (performance.now() < end)
    await Promise.all(issuers.map(issuer => issuer.start()))
  },
}

/** As long as its lease runs an API goes on, though it hears of nothing. */
async function expectGoodUnderLease(world: World, api: Api): Promise<void> {
  let asked = 0
  for (; performance.now() < leaseEndOf(api) - 500; asked += 1) {
    const account = world.random.pick(world.traffic.accounts)
    const answer = await world.traffic.list(account, account.sessions[0]!, api)
    // One that took until the lease was out may be either.
    if (answer.answeredAt < leaseEndOf(api) - 250)
      world.check(answer.status === 200, `${api.name} said ${answer.status} though its lease ran`)
  }
  world.check(asked > 0, `the lease of ${api.name} was out before it could be asked`)
}

/** Nobody reads what an issuer and an API log, while strangers make them log a lot. */
const logBlocked: Fault = {
  name: 'log-consumer-blocked',
  async run(world) {
    const { issuers, apis } = world.deployment
    const servers = [issuers[1], apis[2]] as const
    for (const server of servers) {
      await server.stop()
      await server.start({ pipe: true })
    }
    const end = performance.now() + world.hold
    const told = { lines: 0 }
    const isOn = () => performance.now() < end || told.lines < LINES
    const strangers = Array.from({ length: STRANGERS }, async () => {
      while (isOn()) await makeLog(world, told)
    })
    do {
      world.measure('sign-in', await expectSignIn(world, issuers[1]), 10_000)
      await expectGood(world, apis[2])
      await expectRefusals(world, apis[2])
      await sleep(100)
    } while (isOn())
    await Promise.all(strangers)
    await expectLossTold(world, issuers[1])
    await Promise.all(servers.map(server => server.stop()))
    await Promise.all(servers.map(server => server.start()))
  },
}

/** The buffers of pipe and process are far behind: who reads again learns that lines are missing. */
async function expectLossTold(world: World, server: Server): Promise<void> {
  let text = ''
  server.process.stdout!.setEncoding('utf8').on('data', piece => {
    text += piece
  })
  const isTold = () => text.includes('sys_log_dropped')
  for (const end = performance.now() + 5_000; !isTold() && performance.now() < end; ) await sleep(20)
  world.check(isTold(), `${server.name} lost no line of its log, or did not say so`)
}

/** A visitor without a session is a line of the issuer's log, one without a token may be one of the API's. */
async function makeLog({ deployment, judge }: World, told: { lines: number }): Promise<void> {
  const refused = await send(deployment.issuers[1].url, 'GET', '/api/auth/token')
  if (refused.status === 401) told.lines += 1
  const path = '/api/x/tasks'
  if (told.lines % 20 === 0)
    judge.watch(deployment.apis[2], await send(deployment.apis[2].url, 'GET', path, { token: 'x' }), null)
}

export const processFaults = [apiKilled, apiStopped, issuerKilled, issuersDown, logBlocked]
