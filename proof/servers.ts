// One issuer and two APIs as processes of their own, with something on every way between them that can be cut.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPostgres } from '../chaos/postgres.ts'
import { createProxy } from '../chaos/proxy.ts'
import { commandOf, createServer } from '../chaos/server.ts'
import { urlFor } from '../standalone/src/database.ts'
import { API, ISSUER } from '../standalone/src/roles.ts'
import { makeKey, makeSecret } from '../standalone/src/secrets.ts'
import { freePorts, root } from '../test/product.ts'
import { type Deployment, LIMITS } from './deployment.ts'
import { faultyEnv, tryStart } from './faulty-start.ts'
import { publishKeyPair, readKeyFile } from './forging-keys.ts'
import { makeCertificate, terminateTls } from './tls.ts'

export interface Settings {
  name: string
  algorithm?: 'HS256' | 'EdDSA'
  tls?: boolean
  /** Another backend under the same contract; it reads the variables of ours. */
  apiCommand?: readonly string[]
}

const FEED = '/api/auth/revocations'

export async function openServers(home: string, settings: Settings): Promise<Deployment> {
  const { name, algorithm = 'HS256', tls = false, apiCommand = commandOf('api') } = settings
  await mkdir(home, { recursive: true, mode: 0o700 })
  await using opened = new AsyncDisposableStack()
  const postgres = await createPostgres(home)
  await postgres.start()
  opened.defer(async () => {
    if (postgres.isRunning()) postgres.resume()
    await postgres.kill()
  })
  const link = async (target: Parameters<typeof createProxy>[0]) => {
    const proxy = await createProxy(target)
    opened.defer(proxy.close)
    return proxy
  }

  const ports = await freePorts(10)
  const [issuerPort = 0, ...apiPorts] = ports.slice(0, 3)
  const [issuerDoor = 0, ...apiDoors] = tls ? ports.slice(3, 6) : ports
  const metricsPorts = ports.slice(6, 9)
  const sparePort = ports[9]!
  const certificate = tls ? makeCertificate(home) : null
  for (const [index, door] of [issuerDoor, ...apiDoors.slice(0, 2)].entries()) {
    if (!certificate) break
    const terminator = await terminateTls(certificate, door, ports[index]!)
    opened.defer(async () => terminator.close())
  }
  const urlAt = (port: number) => `${tls ? 'https' : 'http'}://localhost:${port}`
  const issuerUrl = urlAt(issuerDoor)
  const apiUrls = apiDoors.slice(0, 2).map(urlAt)

  const files = { keys: join(home, 'keys'), auth: join(home, 'auth') }
  await writeFile(files.keys, [makeKey(), makeKey()].join(','), { mode: 0o600 })
  await writeFile(files.auth, makeSecret(), { mode: 0o600 })
  const databases = await Promise.all([0, 1, 2].map(() => link({ path: postgres.socket })))
  const feeds = await Promise.all(apiPorts.map(() => link({ port: issuerPort })))
  const shared = {
    ...LIMITS,
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ISSUER_URL: issuerUrl,
    ACCESS_TOKEN_ALG: algorithm,
    ACCESS_TOKEN_KEYS_FILE: files.keys,
    AUTH_SECRET_FILE: files.auth,
    REVOCATION_FEED_SECRET: makeSecret(),
  }
  const logs = { logFile: join(home, 'log'), wordsFile: join(home, 'words') }
  const issuerEnv = {
    ...shared,
    API_URL: apiUrls[0],
    ISSUER_DATABASE_URL: postgres.urlThrough(databases[0]!.port, 'issuer'),
    METRICS_PORT: String(metricsPorts[0]),
  }
  const apiEnv = (index: number) => ({
    ...shared,
    API_URL: apiUrls[index],
    API_DATABASE_URL: postgres.urlThrough(databases[index + 1]!.port, 'api'),
    REVOCATION_FEED_URL: `http://127.0.0.1:${feeds[index]!.port}${FEED}`,
    METRICS_PORT: String(metricsPorts[index + 1]),
  })
  const issuer = createServer({
    ...logs,
    name: 'issuer',
    command: commandOf('issuer'),
    port: issuerPort,
    env: issuerEnv,
  })
  const apis = apiPorts.map((port, index) =>
    createServer({ ...logs, name: `api-${index + 1}`, command: apiCommand, port, env: apiEnv(index) }),
  )
  const servers = [issuer, ...apis]
  opened.defer(async () => void (await Promise.all(servers.map(server => server.stop({ force: true })))))
  await Promise.all(servers.map(server => server.start()))

  const { adminUrl } = postgres
  const password = new URL(postgres.urlThrough(0, 'api')).password
  const pairs =
    algorithm === 'EdDSA' ? [await publishKeyPair(adminUrl), await publishKeyPair(adminUrl)] : null
  if (pairs) for (const api of apis) api.process.signal('SIGHUP')

  async function restart(what: 'api' | 'issuer' | 'all', env?: NodeJS.ProcessEnv): Promise<void> {
    const chosen = what === 'all' ? servers : what === 'issuer' ? [issuer] : apis
    await Promise.all(chosen.map(server => server.stop()))
    await Promise.all(chosen.map(server => server.start({ env })))
  }

  const closing = opened.move()
  return {
    name,
    issuerUrl,
    apiUrls,
    audience: 'latchkey-api',
    algorithm,
    certificateFile: certificate?.file ?? null,
    keys: async () => pairs ?? (await readKeyFile(files.keys)),
    adminUrl: async () => adminUrl,
    apiRoleUrl: async () => urlFor(adminUrl, API, decodeURIComponent(password)),
    logFile: logs.logFile,
    metricsUrls: metricsPorts.map(port => `http://127.0.0.1:${port}/metrics`),
    apiPids: () => apis.map(api => api.process.pid),
    restart,
    setDatabase: async up =>
      void (await Promise.all(databases.map(proxy => proxy.set(up ? 'pass' : 'refuse')))),
    feed: {
      set: async (up, instance) => {
        const chosen = instance === undefined ? feeds : [feeds[instance]!]
        await Promise.all(chosen.map(proxy => proxy.set(up ? 'pass' : 'refuse')))
      },
      startWithout: async () => {
        await apis[0]!.stop()
        await feeds[0]!.set('refuse')
        await apis[0]!.start({ until: '/healthz' })
      },
    },
    startWith: async fault => {
      const faults = await faultyEnv(fault)
      // Nothing but an issuer has Better Auth's secret.
      const roles = fault === 'shared-secret' ? (['issuer'] as const) : (['issuer', 'api'] as const)
      const attempts: Awaited<ReturnType<typeof tryStart>>[] = []
      for (const role of roles) {
        const env = { ...(role === 'issuer' ? issuerEnv : apiEnv(0)), METRICS_PORT: undefined, ...faults }
        const command = role === 'issuer' ? commandOf('issuer') : apiCommand
        attempts.push(await tryStart({ command, port: sparePort, env, home }))
      }
      return {
        started: attempts.some(attempt => attempt.started),
        message: attempts.map(({ message }) => message).join('\n'),
      }
    },
    keysCommand: async (...args) => {
      const pids = servers.map(server => server.process.pid).join(',')
      const databaseUrl = urlFor(adminUrl, ISSUER, decodeURIComponent(password))
      const env = { ...issuerEnv, DATABASE_URL: adminUrl, ISSUER_DATABASE_URL: databaseUrl }
      const told = args[0] === 'list' ? args : [...args, '--pid', pids]
      const command = ['standalone/src/keys.ts', ...told]
      return (await promisify(execFile)(process.execPath, command, { cwd: root, env })).stdout
    },
    close: () => closing.disposeAsync(),
  }
}
