// The issuer or the API as a process of its own, as its steps. The database is migrated by `npm run migrate`.
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiEnv, openApi, readApiEnv } from '@latchkey/api'
import { type IssuerEnv, openIssuer, readIssuerEnv } from '@latchkey/issuer'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { waitForTable } from './database-of-env.ts'
import { isDatabaseUrl, noDatabaseUrl } from './env.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { serveMetrics } from './metrics-server.ts'
import { builtPage } from './page-folder.ts'
import { say } from './progress.ts'
import { reloadOnHangup } from './reload.ts'
import { type Running, runProcess } from './run-process.ts'
import { type App, createSite, type Site, waitUntilReady } from './site.ts'
import { StartError } from './start-error.ts'
import { aborted } from './stop-signals.ts'

/** Four times as long as deploy/haproxy.cfg takes between two looks. */
const STEP_ASIDE_MS = 2_000

/** What differs between the two: a server, and how it is opened once its database is there. */
type Server = {
  env: IssuerEnv | ApiEnv
  /** Its own origin. */
  url: string
  /** One that its migrations make. */
  table: string
  open(log: Logger, registry: Registry): Promise<Opened>
}
type Opened = { app: App; useKeysOf(source: NodeJS.ProcessEnv): Promise<void> }

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
  const registry = new Registry()
  const metrics = await serveMetrics(registry, env)
  onEnd(metrics.close)
  const { app, useKeysOf } = await open(log, registry)
  onEnd(app.close)
  opened.defer(reloadOnHangup(source, log, useKeysOf).close)
  site.open(app)
  onEnd(server.close)
  opened.defer(async () => site.beginStop())
  await waitUntilReady(site, stopping)
  onEnd(() => stepAside(site))

  say(`Latchkey's ${name} is ready: ${url}`)
  log.info({ event: 'sys_ready', url, ...address }, 'ready')
  await aborted(stopping.signal)
  say('Stopping')
  log.info({ event: 'sys_shutdown' }, 'stopping')
}

/** Not ready any more, but still answering, until whoever sends requests here has noticed. */
async function stepAside(site: Site): Promise<void> {
  site.beginStop()
  await sleep(STEP_ASIDE_MS)
}

function readServer(name: string | undefined, source: NodeJS.ProcessEnv): Server {
  if (name === 'issuer') {
    const env = withDatabase('ISSUER_DATABASE_URL', required(readIssuerEnv(source)))
    return {
      env,
      url: env.issuerUrl,
      table: 'auth.lease',
      open: async (log, registry) => {
        const app = await openIssuer(env, { log, registry, ...builtPage() })
        return { app, useKeysOf: changed => app.useKeys(required(readIssuerEnv(changed))) }
      },
    }
  }
  if (name === 'api') {
    // Its default is the API's own address, where no issuer is.
    const missing = source.ISSUER_URL ? [] : ['ISSUER_URL is missing: the API follows the issuer there.']
    const env = withDatabase('API_DATABASE_URL', required(readApiEnv(source), missing))
    return {
      env,
      url: env.apiUrl,
      table: 'todo.task',
      open: async (log, registry) => {
        const app = await openApi(env, { log, registry })
        return { app, useKeysOf: changed => app.useKeys(required(readApiEnv(changed)).keys) }
      },
    }
  }
  throw new StartError('Say which server: npm run issuer, or npm run api.')
}

function required<Env>({ env, faults }: { env: Env | null; faults: string[] }, more: string[] = []): Env {
  if (env && more.length === 0) return env
  throw new StartError([...more, ...faults].join('\n'))
}

function withDatabase<Env extends { databaseUrl: string }>(variable: string, env: Env): Env {
  if (isDatabaseUrl(env.databaseUrl)) return env
  throw new StartError(noDatabaseUrl(variable))
}
