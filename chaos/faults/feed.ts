import { setTimeout as sleep } from 'node:timers/promises'
import { expectGood, expectRefusals, expectUnavailable, untilLeaseEnds } from '../answers.ts'
import { askPatiently } from '../client.ts'
import type { Mode } from '../proxy.ts'
import type { Fault, World } from '../world.ts'

async function setFeed(world: World, mode: Mode, delayMs = 0): Promise<void> {
  await Promise.all(world.deployment.apis.map(api => api.feed.set(mode, { delayMs })))
}

/** 503 once the lease is out, never 200 and never 401; sign-outs meanwhile are known before the first 200. */
function lost(name: string, mode: Mode, delayMs = 0): Fault {
  return {
    name,
    async run(world) {
      const reserved = await Promise.all([world.traffic.reserve(), world.traffic.reserve()])
      await setFeed(world, mode, delayMs)
      await untilLeaseEnds()
      const signOuts = reserved.map(({ account, session }) => world.traffic.signOut(account, session))
      const end = performance.now() + world.hold
      do {
        for (const api of world.deployment.apis)
          await Promise.all([expectRefusals(world, api), expectUnavailable(world, api)])
        await sleep(100)
      } while (performance.now() < end)
      for (const answer of await Promise.all(signOuts))
        world.check(answer.status === 200, `a sign-out answered ${answer.status}: ${answer.text}`)
      await setFeed(world, 'pass')
    },
  }
}

/** A nuisance and no outage: everything goes on, sign-outs too. */
function nuisance(name: string, modes: readonly Mode[], delayMs = 0): Fault {
  return {
    name,
    async run(world) {
      for (const mode of modes) {
        await setFeed(world, mode, delayMs)
        await sleep(500)
        const end = performance.now() + world.hold / modes.length
        do {
          const { account, session } = await world.traffic.reserve()
          const answer = await askPatiently(() => world.traffic.signOut(account, session))
          world.check(answer.status === 200, `a sign-out answered ${answer.status}: ${answer.text}`)
          for (const api of world.deployment.apis) await expectGood(world, api)
        } while (performance.now() < end)
      }
      await setFeed(world, 'pass')
    },
  }
}

export const feedFaults = [
  lost('feed-unreachable', 'refuse'),
  lost('feed-silent', 'freeze'),
  lost('feed-too-slow', 'slow', 1_500),
  lost('feed-cut-in-mid-body', 'cut-mid-body'),
  lost('feed-replayed', 'replay-answers'),
  nuisance('feed-slow', ['slow'], 150),
  nuisance('feed-duplicated', ['duplicate-requests', 'duplicate-answers']),
]
