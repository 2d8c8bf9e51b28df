// The one-command start as its steps; what each opens is closed in the opposite order, however it ends.
import { mkdir } from 'node:fs/promises'
import { openApi } from '@latchkey/api'
import { openIssuer } from '@latchkey/issuer'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { type Database, openDatabase } from './database-of-env.ts'
import { type AppEnvs, findLonelyUrls, readAppEnvs, readStandaloneEnv } from './env.ts'
import { lockFolder } from './folder-lock.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { serveMetrics } from './metrics-server.ts'
import { builtPage } from './page-folder.ts'
import { say } from './progress.ts'
import { reloadOnHangup } from './reload.ts'
import { type Running, runProcess } from './run-process.ts'
import { prepareSecrets } from './secrets.ts'
import { createSite, joinApps, waitUntilReady } from './site.ts'
import { StartError } from './start-error.ts'
import { aborted } from './stop-signals.ts'

/** Resolves with the exit code when everything, PostgreSQL included, has ended. */
export function runLatchkey(source: NodeJS.ProcessEnv): Promise<number> {
  return runProcess(running => run(source, running))
}

async function run(source: NodeJS.ProcessEnv, { stopping, opened, onEnd }: Running): Promise<void> {
  const { env, faults } = readStandaloneEnv(source)
  await prepareFolder(env.dataDir)
  const lock = await lockFolder(env.dataDir, stopping.signal)
  opened.defer(lock.release)
  const secrets = await prepareSecrets(env.dataDir, source)
  const withFiles = { ...source, ...secrets.files }
  const envs = readAppEnvs(withFiles, [...faults, ...findLonelyUrls(env)])
  const log = createLog(envs.issuer.logLevel)
  const site = createSite()
  const { host, port, issuerUrl } = envs.issuer
  const https = issuerUrl.startsWith('https:')
  const server = await listen(site, { host, port, https }, log, stopping)

  const database = await openDatabase(env, secrets.databasePasswords, stopping)
  opened.defer(database.close)
  stopping.signal.throwIfAborted()
  const registry = new Registry()
  const metrics = await serveMetrics(registry, envs.issuer)
  onEnd(metrics.close)
  const { issuer, api } = await openApps(envs, database, { log, registry }, onEnd)
  const useKeysOf = async (changed: NodeJS.ProcessEnv) => {
    const { issuer: keys, api: verifying } = readAppEnvs(changed, [])
    await api.useKeys(verifying.keys)
    await issuer.useKeys(keys)
  }
  opened.defer(reloadOnHangup(withFiles, log, useKeysOf).close)
  site.open(joinApps(issuer, api))
  onEnd(server.close)
  opened.defer(site.beginStop)
  await waitUntilReady(site, stopping)

  say(`\nLatchkey is ready: ${issuerUrl}\n`)
  log.info({ event: 'sys_ready', url: issuerUrl }, 'ready')
  await Promise.race([aborted(stopping.signal), database.ended])
  if (!stopping.signal.aborted) throw new StartError(`PostgreSQL has ended: see ${env.dataDir}/postgres.log`)
  say('Stopping')
  log.info({ event: 'sys_shutdown' }, 'stopping')
}

export async function prepareFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StartError(`The data folder ${dataDir} cannot be made: ${(cause as Error).message}`, { cause })
  }
}

async function openApps(
  envs: AppEnvs,
  database: Database,
  parts: { log: Logger; registry: Registry },
  onEnd: Running['onEnd'],
) {
  say('Opening issuer and API')
  const issuerEnv = { ...envs.issuer, databaseUrl: database.issuerUrl }
  const issuer = await openIssuer(issuerEnv, { ...parts, ...builtPage() })
  onEnd(issuer.close)
  // The API follows the issuer's revocations through the same feed as any other, only without a socket.
  const self = { remoteAddress: '127.0.0.1' }
  const fetch: typeof globalThis.fetch = (input, init) => issuer.fetch(new Request(input, init), self)
  const api = await openApi({ ...envs.api, databaseUrl: database.apiUrl }, { ...parts, fetch })
  onEnd(api.close)
  return { issuer, api }
}
