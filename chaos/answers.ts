// What the table in docs/operations.md states, as requests that hold the servers to it.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, askPatiently, send, took } from './client.ts'
import type { Api, Server } from './deployment.ts'
import { PROMISED, type World, within } from './world.ts'

const FORGED =
  `${btoa('{"alg":"HS256","kid":"chaos","typ":"at+jwt"}')}.${btoa('{"sub":"x"}')}.AAAA`.replaceAll('=', '')

/** Without a database, without a feed: who is not let in learns it at once. */
export async function expectRefusals(world: World, api: Api): Promise<void> {
  const path = `/api/${world.traffic.accounts[0]!.id}/tasks`
  for (const call of [{}, { token: 'nonsense' }, { token: FORGED }]) {
    const answer = await send(api.url, 'GET', path, call)
    world.judge.watch(api, answer, null)
    world.check(answer.status === 401, `${api.name} said ${answer.status} to a bad token, not 401`)
    world.measure('401', took(answer), within(PROMISED.refusal))
  }
}

/** Reads and writes, many at once: each is told 503 in time. */
export async function expectUnavailable(world: World, api: Api, parallel = 12): Promise<void> {
  const account = world.random.pick(world.traffic.accounts)
  const session = account.sessions[0]!
  const one = (number: number) =>
    number % 2 === 0 ? world.traffic.list(account, session, api) : world.traffic.create(account, session, api)
  const answers = await Promise.all(Array.from({ length: parallel }, (_, number) => one(number)))
  for (const answer of answers) {
    world.check(answer.status === 503, `${api.name} said ${answer.status}, not 503: ${answer.text}`)
    world.measure('503', took(answer), within(PROMISED.unavailable))
  }
}

export async function expectGood(world: World, api: Api): Promise<void> {
  const account = world.random.pick(world.traffic.accounts)
  const answer = await askPatiently(() => world.traffic.list(account, account.sessions[0]!, api))
  world.check(answer.status === 200, `${api.name} said ${answer.status}, not 200: ${answer.text}`)
}

/** Returns how long it took. */
export async function expectSignIn(world: World, issuer: Server): Promise<number> {
  const account = world.random.pick(world.traffic.accounts)
  const answer = await askPatiently(async () => (await world.traffic.signIn(account, issuer)).answer)
  world.check(answer.status === 200, `${issuer.name} answered a sign-in with ${answer.status}`)
  return took(answer)
}

/** Until the lease is out some answers may still be good; from then on none is. */
export async function untilLeaseEnds(): Promise<void> {
  await sleep(2_100)
}

/** An issuer that cannot do its work says so, and changes nothing: no cookie comes or goes. */
export async function expectIssuerUnavailable(world: World, issuer: Server): Promise<void> {
  const { accounts, signIn } = world.traffic
  const { answer } = await signIn(world.random.pick(accounts), issuer)
  expectSaidSo(world, issuer, 'a sign-in', answer)
}

export function expectSaidSo(world: World, issuer: Server, what: string, answer: Answer): void {
  world.check(answer.status === 503, `${issuer.name} answered ${what} with ${answer.status}: ${answer.text}`)
  world.check(answer.headers.getSetCookie().length === 0, `${issuer.name} touched the cookie in ${what}`)
  world.measure(`issuer's 503`, took(answer), within(PROMISED.issuerUnavailable))
}
