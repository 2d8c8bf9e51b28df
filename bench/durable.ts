// Servers over a PostgreSQL as the product runs it. That of the tests forgets what it writes when the power goes, and
// so answers a sign-out faster than anybody may promise.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../standalone/src/postgres.ts'
import { startTestServer } from '../test/server.ts'
import { type Servers, type Settings, startServers } from './servers.ts'

/** Starts all of it, works, and stops it however that went; a signal ends the work with an error. */
export async function withServers<Result>(
  settings: Settings,
  work: (servers: Servers) => Promise<Result>,
): Promise<Result> {
  await using postgres = await startDurablePostgres()
  await using servers = await startServers({ ...settings, templateUrl: postgres.templateUrl })
  const interrupted = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'].map(async name => {
    await once(process, name, { signal: interrupted.signal })
    throw new Error(`Stopped by ${name}`)
  })
  for (const signal of signals) signal.catch(() => {})
  try {
    return await Promise.race([work(servers), ...signals])
  } finally {
    interrupted.abort()
  }
}

async function startDurablePostgres() {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  const settings = { max_connections: '300' }
  const postgres = await startPostgres({ dataDir, password: randomUUID(), settings })
  const { templateUrl } = await startTestServer(postgres.url)
  return {
    templateUrl,
    [Symbol.asyncDispose]: async () => {
      await postgres.stop({ force: true })
      await rm(dataDir, { recursive: true })
    },
  }
}
