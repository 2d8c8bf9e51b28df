// The one-command start as its steps; what each opens is closed in the opposite order, however it ends.
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openApi } from '@latchkey/api'
import { createServer } from '@latchkey/api/server'
import { openIssuer } from '@latchkey/issuer'
import { type Logger, pino } from 'pino'
import { type Database, openDatabase } from './database-of-env.ts'
import { type AppEnvs, readAppEnvs, readStandaloneEnv } from './env.ts'
import { lockFolder } from './folder-lock.ts'
import { retryWhile } from './patience.ts'
import { say } from './progress.ts'
import { prepareSecrets } from './secrets.ts'
import { createSite, type Site } from './site.ts'
import { StartError } from './start-error.ts'
import { aborted, listenForStop, type Stopping } from './stop-signals.ts'

type Close = () => Promise<void>

const pageFolder = join(import.meta.dirname, '../../web/dist')

/** Resolves with the exit code when everything, PostgreSQL included, has ended. */
export async function runLatchkey(source: NodeJS.ProcessEnv): Promise<number> {
  const stopping = listenForStop()
  let isBroken = false
  const report = (error: unknown) => {
    isBroken = true
    say(error instanceof StartError ? error.message : ((error as Error).stack ?? String(error)))
  }
  // Even a defect of ours must not leave PostgreSQL behind or drop a request half done.
  process.on('uncaughtException', error => {
    report(error)
    stopping.stop()
  })
  try {
    await run(source, stopping)
  } catch (error) {
    if (error !== stopping.signal.reason) report(error)
  }
  return isBroken || stopping.forced.aborted ? 1 : 0
}

async function run(source: NodeJS.ProcessEnv, stopping: Stopping): Promise<void> {
  await using opened = new AsyncDisposableStack()
  const { env, faults } = readStandaloneEnv(source)
  await prepareFolder(env.dataDir)
  const lock = await lockFolder(env.dataDir, stopping.signal)
  opened.defer(lock.release)
  const secrets = await prepareSecrets(env.dataDir, source)
  const envs = readAppEnvs({ ...source, ...secrets.files }, faults)
  const log = createLog(envs.issuer.logLevel)
  const site = createSite()
  const server = await listen(site, envs, log, stopping)

  const database = await openDatabase(env, secrets.databasePasswords, stopping)
  opened.defer(database.close)
  stopping.signal.throwIfAborted()
  const onEnd = (close: Close) => opened.defer(() => Promise.race([close(), aborted(stopping.forced)]))
  site.open(await openApps(envs, database, log, onEnd))
  onEnd(server.close)
  opened.defer(site.beginStop)
  await waitUntilReady(site, stopping)

  say(`\nLatchkey is ready: ${envs.issuer.issuerUrl}\n`)
  log.info({ event: 'sys_ready', url: envs.issuer.issuerUrl }, 'ready')
  await Promise.race([aborted(stopping.signal), database.ended])
  if (!stopping.signal.aborted) throw new StartError(`PostgreSQL has ended: see ${env.dataDir}/postgres.log`)
  say('Stopping')
}

async function prepareFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StartError(`The data folder ${dataDir} cannot be made: ${(cause as Error).message}`, { cause })
  }
}

function createLog(level: string): Logger {
  const output = pino.destination({ dest: 1, sync: true })
  output.on('error', () => {}) // Whoever read the log has gone; that is no reason to stop.
  const formatters = { level: (label: string) => ({ level: label }) }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, output)
}

/** Takes the port before anything slow is done; until the apps are open, the answer is 503. */
async function listen(site: Site, { issuer }: AppEnvs, log: Logger, { signal }: Stopping) {
  const { host, port, issuerUrl } = issuer
  const attempt = async () => {
    const server = createServer(site.fetch, { log, https: issuerUrl.startsWith('https:') })
    await server.listen({ host, port })
    return server
  }
  const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
  try {
    return await retryWhile(error => codeOf(error) === 'EADDRINUSE', attempt, {
      signal,
      what: `Waiting for port ${port} to become free`,
      giveUp: () => `Port ${port} of ${host} is taken by another program: give another one in PORT.`,
    })
  } catch (error) {
    if (error instanceof StartError || !codeOf(error)) throw error
    throw new StartError(`Cannot listen on ${host}, port ${port}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

async function openApps(envs: AppEnvs, database: Database, log: Logger, onEnd: (close: Close) => void) {
  say('Opening issuer and API')
  const page = existsSync(pageFolder) ? { pageFolder } : {}
  const issuer = await openIssuer({ ...envs.issuer, databaseUrl: database.issuerUrl }, { log, ...page })
  onEnd(issuer.close)
  // The API follows the issuer's revocations through the same feed as any other, only without a socket.
  const self = { remoteAddress: '127.0.0.1' }
  const fetch: typeof globalThis.fetch = (input, init) => issuer.fetch(new Request(input, init), self)
  const api = await openApi({ ...envs.api, databaseUrl: database.apiUrl }, { log, fetch })
  onEnd(api.close)
  return { issuer, api }
}

async function waitUntilReady(site: Site, { signal }: Stopping): Promise<void> {
  while (!(await site.ready())) {
    signal.throwIfAborted()
    await sleep(10)
  }
}
