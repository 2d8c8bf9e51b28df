import { setTimeout as sleep } from 'node:timers/promises'
import { askPatiently, bodyOf, isGood, send } from '../client.ts'
import type { Api } from '../deployment.ts'
import type { Account, Session } from '../journal.ts'
import { createFakeClock, type FakeClock } from '../processes.ts'
import { claimsOf, signToken } from '../token.ts'
import { type Fault, type World, within } from '../world.ts'

const HOURS = 3_600
/** An API whose own clock was set gives up its lease until its next poll; an issuer looks at the database's twice a second. */
const GOOD_AGAIN_MS = 1_500

type Whose = 'api' | 'issuer' | 'database'

/** A fresh token is good everywhere at once, and one that is out is out, whoever's clock is wrong. */
function apart(whose: Whose): Fault {
  return {
    name: `${whose}-clock-apart`,
    async run(world) {
      for (const seconds of [30, -30]) {
        await withClock(world, whose, seconds, async () => {
          const tokens = await signTokens(world)
          const end = performance.now() + world.hold / 2
          do {
            await expectFreshTokens(world)
            await tokens.check()
            await sleep(200)
          } while (performance.now() < end)
        })
      }
    },
  }
}

/** Two hours forward and back, or back and forward: dead tokens stay dead, live ones live no longer. */
function jumps(whose: Whose): Fault {
  return {
    name: `${whose}-clock-jumps`,
    async run(world) {
      const first = world.random.pick([2, -2])
      for (const hours of [first, -first]) {
        await withClock(world, whose, 0, async clock => {
          const tokens = await signTokens(world)
          await tokens.check()
          // A database from the future ends what was signed before; nobody else's clock ends anything.
          world.judge.deathsAllowed = whose === 'database'
          for (const seconds of [hours * HOURS, 0]) {
            await clock.set(seconds)
            await watch(world, tokens)
          }
          await renewSessions(world)
          world.judge.deathsAllowed = false
        })
      }
    },
  }
}

async function watch(world: World, tokens: Tokens): Promise<void> {
  const end = performance.now() + Math.max(4_000, world.hold)
  while (performance.now() < end) {
    await tokens.check()
    await refreshAll(world)
    await sleep(100)
  }
}

/** Restarts whoever it is with a clock of its own, and again without one. */
async function withClock(
  world: World,
  whose: Whose,
  seconds: number,
  work: (clock: FakeClock) => Promise<void>,
): Promise<void> {
  const { home, postgres, apis, issuers } = world.deployment
  const clock = await createFakeClock(`${home}/clock`, seconds)
  if (!clock) throw new Error('libfaketime is missing: apt-get install faketime')
  const server = whose === 'database' ? postgres : whose === 'api' ? apis[0] : issuers[0]
  const restart = async (env: NodeJS.ProcessEnv) => {
    await server.stop()
    await (server === postgres ? postgres.start(env) : (server as (typeof apis)[0]).start({ env }))
    await waitUntilGood(world)
  }
  await restart(clock.env)
  try {
    await work(clock)
  } finally {
    await restart({})
  }
}

async function waitUntilGood(world: World): Promise<void> {
  const account = world.traffic.accounts[0]!
  const isGood = async () => {
    const statuses = await Promise.all(
      world.deployment.apis.map(api => world.traffic.list(account, account.sessions[0]!, api)),
    )
    return statuses.every(({ status }) => status === 200 || (status === 401 && world.judge.deathsAllowed))
  }
  for (const end = performance.now() + 20_000; !(await isGood()) && performance.now() < end; ) await sleep(50)
}

/** Signs in at each issuer and uses the token at once, everywhere. */
async function expectFreshTokens(world: World): Promise<void> {
  for (const issuer of world.deployment.issuers) {
    const account = world.random.pick(world.traffic.accounts)
    let session: Session | null = null
    const answer = await askPatiently(async () => {
      const signedIn = await world.traffic.signIn(account, issuer)
      session = signedIn.session
      return signedIn.answer
    })
    world.check(session !== null, `${issuer.name} answered a sign-in with ${answer.status}`)
    if (!session) continue
    for (const api of world.deployment.apis) {
      const { status, text } = await askPatiently(() => world.traffic.list(account, session!, api))
      world.check(status === 200, `${api.name} said ${status} to a fresh token of ${issuer.name}: ${text}`)
    }
    await world.traffic.signOut(account, session)
  }
}

/** Everyone asks everywhere until all is good: that may take a moment, which is measured, and no longer. */
async function refreshAll(world: World): Promise<void> {
  const start = performance.now()
  const calls = world.traffic.accounts.flatMap(account =>
    world.deployment.apis.map(api => ({ account, api })),
  )
  for (const { account, api } of calls) {
    while (!(await isGoodAfterRefresh(world, account, api))) {
      if (performance.now() - start > 4 * GOOD_AGAIN_MS) break
      await sleep(20)
    }
  }
  world.measure('good again', performance.now() - start, within(GOOD_AGAIN_MS))
}

/** Whoever is refused fetches a new token with the cookie, as the page does. */
async function isGoodAfterRefresh({ traffic, deployment, random }: World, account: Account, api: Api) {
  const session = account.sessions[0]!
  const { status } = await traffic.list(account, session, api)
  if (status !== 401) return status === 200
  const issuer = random.pick(deployment.issuers)
  const answer = await send(issuer.url, 'GET', '/api/auth/token', { cookie: session.cookie })
  if (isGood(answer)) session.token = bodyOf(answer).token
  return false
}

/** Everyone with one new session: the tokens of the others died with the clock that was set. */
async function renewSessions({ traffic }: World): Promise<void> {
  for (const account of traffic.accounts) {
    const old = account.sessions
    account.sessions = [(await traffic.reserve(account)).session]
    for (const session of old) session.endAskedAt = performance.now()
  }
}

interface Tokens {
  check(): Promise<void>
}

/**
 * Tokens of a live session that went out at some time of the last hours, and some that go out soon: each is dead
 * from then on, by time that passes, whatever a clock says meanwhile.
 */
async function signTokens(world: World): Promise<Tokens> {
  const { deployment, traffic, judge } = world
  const { account, session } = await traffic.reserve()
  // By the time of the issuers, which may be ahead of this machine's since a clock was set.
  const now = claimsOf(session.token).iat
  const start = performance.now()
  const lives = [-115 * 60, -90 * 60, -40 * 60, -60, -5, 3, 6, 10]
  const tokens = lives.map(seconds => ({
    // Half a second of grace for who reads which clock first, and no more.
    deadAt: start + seconds * 1000 + 1_500,
    session: signed(world, account, session, now + seconds),
  }))
  return {
    async check() {
      for (const { deadAt, session: token } of tokens)
        for (const api of deployment.apis) {
          const answer = await traffic.list(account, token, api)
          if (answer.status === 200 && answer.sentAt > deadAt)
            judge.fault(`${api.name} accepted a token ${Math.round(answer.sentAt - deadAt)} ms after its end`)
        }
    },
  }
}

function signed({ deployment }: World, account: Account, session: Session, exp: number): Session {
  const token = signToken(deployment, account, session, { iat: exp - 3_000, exp })
  // Its end is no surprise.
  return { ...session, token, endAskedAt: 0 }
}

export const clockFaults = (['api', 'issuer', 'database'] as const).flatMap(whose => [
  apart(whose),
  jumps(whose),
])
