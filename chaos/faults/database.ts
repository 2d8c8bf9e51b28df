import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectIssuerUnavailable, expectRefusals, expectSaidSo, expectUnavailable } from '../answers.ts'
import { isGood, send, took } from '../client.ts'
import { createSmallDisk } from '../small-disk.ts'
import { type Fault, PROMISED, type World, within } from '../world.ts'

/** What is stated for as long as the database cannot be asked, however that came about. */
async function expectOutage(world: World): Promise<void> {
  const { apis, issuers } = world.deployment
  const end = performance.now() + world.hold
  const signIns = issuers.map(issuer => expectIssuerUnavailable(world, issuer))
  do {
    await Promise.all(
      apis.map(api => Promise.all([expectRefusals(world, api), expectUnavailable(world, api)])),
    )
    await sleep(200)
  } while (performance.now() < end)
  await Promise.all(signIns)
}

async function setDatabase(world: World, mode: 'pass' | 'refuse' | 'freeze'): Promise<void> {
  await Promise.all(world.deployment.servers.map(server => server.database.set(mode)))
}

const stopped: Fault = {
  name: 'database-stopped',
  async run(world) {
    await world.deployment.postgres.stop()
    await expectOutage(world)
    await world.deployment.postgres.start()
  },
}

const killed: Fault = {
  name: 'database-killed',
  async run(world) {
    await world.deployment.postgres.kill()
    await expectOutage(world)
    await world.deployment.postgres.start()
  },
}

const frozen: Fault = {
  name: 'database-frozen',
  async run(world) {
    world.deployment.postgres.pause()
    await expectOutage(world)
    world.deployment.postgres.resume()
  },
}

const unreachable: Fault = {
  name: 'database-unreachable',
  async run(world) {
    await setDatabase(world, 'refuse')
    await expectOutage(world)
    await setDatabase(world, 'pass')
  },
}

const silent: Fault = {
  name: 'database-silent',
  async run(world) {
    await setDatabase(world, 'freeze')
    await expectOutage(world)
    await setDatabase(world, 'pass')
  },
}

const cut: Fault = {
  name: 'database-connections-cut',
  async run(world) {
    for (let time = 0; time < 5; time += 1) {
      for (const server of world.deployment.servers) server.database.cut()
      await sleep(world.random.between(100, 500))
    }
  },
}

/** An error, the cookie stays, and nothing is pretended: the session is as alive as before. */
const signOutWithout: Fault = {
  name: 'sign-out-without-database',
  async run(world) {
    const { issuers } = world.deployment
    const reserved = await Promise.all(issuers.map(() => world.traffic.reserve()))
    await setDatabase(world, 'refuse')
    for (const [number, issuer] of issuers.entries()) {
      const { account, session } = reserved[number]!
      const answer = await world.traffic.signOut(account, session, issuer)
      expectSaidSo(world, issuer, 'a sign-out', answer)
    }
    await setDatabase(world, 'pass')
    for (const [number, issuer] of issuers.entries()) {
      const { account, session } = reserved[number]!
      const read = async () => await send(issuer.url, 'GET', '/api/auth/token', { cookie: session.cookie })
      let answer = await read()
      for (const end = performance.now() + 5_000; !isGood(answer) && performance.now() < end; )
        answer = await read()
      world.check(isGood(answer), `the session of a sign-out that failed is gone: ${answer.status}`)
      const again = await world.traffic.signOut(account, session, issuer)
      world.check(isGood(again), `its second sign-out answered ${again.status}`)
    }
  },
}

const diskFull: Fault = {
  name: 'disk-full',
  async run(world) {
    const { postgres, apis, home } = world.deployment
    const usual = postgres.folder
    await mkdir(`${home}/disk`, { recursive: true })
    await postgres.stop()
    await using disk = await createSmallDisk(`${home}/disk`, usual)
    await postgres.moveTo(disk.folder)
    await postgres.start()
    await sleep(500)
    await disk.fill()
    const end = performance.now() + world.hold
    let refused = 0
    while (performance.now() < end || refused === 0) {
      const account = world.random.pick(world.traffic.accounts)
      const answer = await world.traffic.create(account, account.sessions[0]!, world.random.pick(apis))
      if (answer.status === 503) refused += 1
      if (answer.status === 503) world.measure('503', took(answer), within(PROMISED.unavailable))
      await Promise.all(apis.map(api => expectRefusals(world, api)))
      if (performance.now() > end + 60_000) break
    }
    world.check(refused > 0, 'the disk was full, and no write was refused')
    await disk.empty()
    // PostgreSQL ends when it cannot write its log; whoever runs it starts it again.
    if (postgres.isRunning()) await postgres.stop()
    await postgres.moveTo(usual)
    await postgres.start()
  },
}

export const databaseFaults = [stopped, killed, frozen, unreachable, silent, cut, signOutWithout, diskFull]
