import { randomUUID } from 'node:crypto'
import { withClient } from '../../standalone/src/database.ts'
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
    await Promise.all(servers.map(server => server.stop({ force: true })))
    const start = performance.now()
    await Promise.all(servers.map(server => server.start()))
    world.measure('ready', performance.now() - start, within(READY_MS))
  },
}

export const floodFaults = [flood]
