// The issuer or the API as a process of its own, as its steps. The database is migrated by `npm run migrate`.
import { type ApiEnv, openApi, readApiEnv } from '@latchkey/api'
import { type IssuerEnv, openIssuer, readIssuerEnv } from '@latchkey/issuer'
import type { Logger } from 'pino'
import { waitForTable } from './database-of-env.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { builtPage } from './page-folder.ts'
import { say } from './progress.ts'
import { type Running, runProcess } from './run-process.ts'
import { type App, createSite, waitUntilReady } from './site.ts'
import { StartError } from './start-error.ts'
import { aborted } from './stop-signals.ts'

/** What differs between the two: a server, and how it is opened once its database is there. */
type Server = {
  env: IssuerEnv | ApiEnv
  /** Its own origin. */
  url: string
  /** One that its migrations make. */
  table: string
  open(log: Logger): Promise<App>
}

/** Resolves with the exit code when every request that was received is answered. */
export function runServer(name: string | undefined, source: NodeJS.ProcessEnv): Promise<number> {
  return runProcess(running => run(name, source, running))
}

async function run(
  name: string | undefined,
  source: NodeJS.ProcessEnv,
  { stopping, opened, onEnd }: Running,
): Promise<void> {
  const { env, url, table, open } = readServer(name, source)
  const log = createLog(env.logLevel).child({ service: name })
  const site = createSite()
  const https = url.startsWith('https:')
  const server = await listen(site, { host: env.host, port: env.port, https }, log, stopping)
  const address = { host: env.host, port: server.port }
  say(`Latchkey's ${name} listens on ${address.host}, port ${address.port}`)

  await waitForTable(env.databaseUrl, table, stopping)
  const app = await open(log)
  onEnd(app.close)
  site.open(app)
  onEnd(server.close)
  opened.defer(async () => site.beginStop())
  await waitUntilReady(site, stopping)

  say(`Latchkey's ${name} is ready: ${url}`)
  log.info({ event: 'sys_ready', url, ...address }, 'ready')
  await aborted(stopping.signal)
  say('Stopping')
  log.info({ event: 'sys_shutdown' }, 'stopping')
}

function readServer(name: string | undefined, source: NodeJS.ProcessEnv): Server {
  if (name === 'issuer') {
    const env = required(readIssuerEnv(source))
    return {
      env,
      url: env.issuerUrl,
      table: 'auth.lease',
      open: log => openIssuer(env, { log, ...builtPage() }),
    }
  }
  if (name === 'api') {
    // Its default is the API's own address, where no issuer is.
    const missing = source.ISSUER_URL ? [] : ['ISSUER_URL is missing: the API follows the issuer there.']
    const env = required(readApiEnv(source), missing)
    return { env, url: env.apiUrl, table: 'todo.task', open: log => openApi(env, { log }) }
  }
  throw new StartError('Say which server: npm run issuer, or npm run api.')
}

function required<Env>({ env, faults }: { env: Env | null; faults: string[] }, more: string[] = []): Env {
  if (env && more.length === 0) return env
  throw new StartError([...more, ...faults].join('\n'))
}
