// The one-command start with the FastAPI reference in place of our API: its core, and no features beyond it.
import { openIssuer } from '@latchkey/issuer'
import { Registry } from 'prom-client'
import { openDatabase } from './database-of-env.ts'
import { findLonelyUrls, readAppEnvs, readStandaloneEnv } from './env.ts'
import { lockFolder } from './folder-lock.ts'
import { prepareFolder } from './latchkey.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { serveMetrics } from './metrics-server.ts'
import { builtPage } from './page-folder.ts'
import { say } from './progress.ts'
import { type PythonApi, startPythonApi } from './python-api.ts'
import { reloadOnHangup } from './reload.ts'
import { type Running, runProcess } from './run-process.ts'
import { prepareSecrets } from './secrets.ts'
import { createSite, waitUntilReady } from './site.ts'
import { StartError } from './start-error.ts'
import { aborted } from './stop-signals.ts'

/** Resolves with the exit code when everything, Python and PostgreSQL included, has ended. */
export function runWithFastApi(source: NodeJS.ProcessEnv): Promise<number> {
  return runProcess(running => run(source, running))
}

async function run(given: NodeJS.ProcessEnv, { stopping, opened, onEnd }: Running): Promise<void> {
  const source = withApiUrl(given)
  const { env, faults } = readStandaloneEnv(source)
  await prepareFolder(env.dataDir)
  const lock = await lockFolder(env.dataDir, stopping.signal)
  opened.defer(lock.release)
  const secrets = await prepareSecrets(env.dataDir, source)
  const withFiles = { ...source, ...secrets.files }
  const features = { API_FEATURES: '' }
  const { issuer: issuerEnv } = readAppEnvs(withFiles, [...faults, ...findLonelyUrls(env)], features)
  const log = createLog(issuerEnv.logLevel)
  const site = createSite()
  const { host, port, issuerUrl } = issuerEnv
  const server = await listen(site, { host, port, https: issuerUrl.startsWith('https:') }, log, stopping)

  const database = await openDatabase(env, secrets.databasePasswords, stopping)
  opened.defer(database.close)
  stopping.signal.throwIfAborted()
  const registry = new Registry()
  const metrics = await serveMetrics(registry, issuerEnv)
  onEnd(metrics.close)
  say('Opening issuer and the API in Python')
  const databaseUrl = database.issuerUrl
  const issuer = await openIssuer({ ...issuerEnv, databaseUrl }, { log, registry, ...builtPage() })
  onEnd(issuer.close)
  const apiPort = portOf(source.API_URL!, port)
  const api = startPythonApi(apiEnv(withFiles, database.apiUrl, { issuerUrl, port, apiPort }), apiPort)
  onEnd(api.close)
  const useKeysOf = async (changed: NodeJS.ProcessEnv) => {
    const { issuer: keys } = readAppEnvs(changed, [], features)
    await api.reload()
    await issuer.useKeys(keys)
  }
  opened.defer(reloadOnHangup(withFiles, log, useKeysOf).close)
  site.open({
    fetch: issuer.fetch,
    ready: async () => (await Promise.all([issuer.ready(), api.ready()])).every(Boolean),
  })
  onEnd(server.close)
  opened.defer(async () => site.beginStop())
  await Promise.race([waitUntilReady(site, stopping), ended(api)])

  say(`\nLatchkey is ready: ${issuerUrl}, with the API in Python at ${source.API_URL}\n`)
  log.info({ event: 'sys_ready', url: issuerUrl }, 'ready')
  await Promise.race([aborted(stopping.signal), database.ended, ended(api)])
  if (!stopping.signal.aborted) throw new StartError(`PostgreSQL has ended: see ${env.dataDir}/postgres.log`)
  say('Stopping')
  log.info({ event: 'sys_shutdown' }, 'stopping')
}

/** Beside the page's port, unless somebody says where. */
function withApiUrl(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const port = Number(source.PORT || 3000)
  return { ...source, API_URL: source.API_URL || `http://localhost:${port + 1}` }
}

/** A public address is somebody else's who sends what comes there on to the port beside the page's. */
function portOf(apiUrl: string, port: number): number {
  const { protocol, port: named } = new URL(apiUrl)
  return protocol === 'http:' && named ? Number(named) : port + 1
}

interface Where {
  issuerUrl: string
  port: number
  apiPort: number
}

/** What the API's process is given: what everybody knows, its own, and nothing that is the issuer's alone. */
function apiEnv(
  source: NodeJS.ProcessEnv,
  databaseUrl: string,
  { issuerUrl, port, apiPort }: Where,
): NodeJS.ProcessEnv {
  const { AUTH_SECRET, AUTH_SECRET_FILE, DATABASE_URL, ISSUER_DATABASE_URL, ...rest } = source
  return {
    ...rest,
    ISSUER_URL: issuerUrl,
    PORT: String(apiPort),
    API_DATABASE_URL: databaseUrl,
    REVOCATION_FEED_URL: source.REVOCATION_FEED_URL || `http://127.0.0.1:${port}/api/auth/revocations`,
  }
}

async function ended(api: PythonApi): Promise<never> {
  await api.ended
  throw new StartError('The API in Python has ended: its log says why.')
}
