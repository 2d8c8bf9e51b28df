// One issuer and two APIs as processes of their own, with something on every way between them that can be cut.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ChaosPostgres, createPostgres } from '../chaos/postgres.ts'
import { type ChaosProxy, createProxy } from '../chaos/proxy.ts'
import { commandOf, createServer, type Server } from '../chaos/server.ts'
import { urlFor } from '../standalone/src/database.ts'
import { API, ISSUER } from '../standalone/src/roles.ts'
import { makeKey, makeSecret } from '../standalone/src/secrets.ts'
import { freePorts } from '../test/free-port.ts'
import { root } from '../test/product.ts'
import { type ConfigurationFault, type Deployment, LIMITS } from './deployment.ts'
import { faultyEnv, tryStart } from './faulty-start.ts'
import { publishKeyPair, readKeyFile } from './forging-keys.ts'
import { makeCertificate, terminateTls } from './tls.ts'

export interface Settings {
  name: string
  algorithm?: 'HS256' | 'EdDSA'
  tls?: boolean
  /** Another backend under the same contract; it reads the variables of ours. */
  apiCommand?: readonly string[]
  /** What it offers is the core, and the page shows just that. */
  core?: boolean
}

/** An issuer and two APIs: where each listens, where people find it, where its figures are. */
interface Places {
  ports: number[]
  urls: string[]
  metrics: number[]
  spare: number
  certificateFile: string | null
}

/** What can be cut: each server's way to the database, each API's to the feed. */
interface Links {
  databases: ChaosProxy[]
  feeds: ChaosProxy[]
}

interface Cluster {
  home: string
  settings: Settings
  postgres: ChaosPostgres
  places: Places
  links: Links
  keysFile: string
  /** Of the issuer, then of the APIs. */
  environments: NodeJS.ProcessEnv[]
  servers: Server[]
}

const ROLES = ['issuer', 'api', 'api'] as const
const FEED = '/api/auth/revocations'

export async function openServers(home: string, settings: Settings): Promise<Deployment> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  await using opened = new AsyncDisposableStack()
  const postgres = await openPostgres(home, opened)
  const places = await openPlaces(home, settings.tls === true, opened)
  const links = await openLinks(postgres, places.ports[0]!, opened)
  const files = await writeSecrets(home)
  const shared = { ...sharedEnv(settings, places), ...files }
  const environments = ROLES.map((_, index) => ({ ...shared, ...envOf(index, { postgres, places, links }) }))
  const servers = createServers(home, settings, places, environments)
  opened.defer(async () => void (await Promise.all(servers.map(server => server.stop({ force: true })))))
  await Promise.all(servers.map(server => server.start()))
  const keysFile = files.ACCESS_TOKEN_KEYS_FILE
  const cluster = { home, settings, postgres, places, links, keysFile, environments, servers }
  const keys = await prepareKeys(cluster)
  const close = opened.move()
  return { ...describe(cluster), keys, close: () => close.disposeAsync() }
}

async function openPostgres(home: string, opened: AsyncDisposableStack): Promise<ChaosPostgres> {
  const postgres = await createPostgres(home)
  await postgres.start()
  opened.defer(async () => {
    if (postgres.isRunning()) postgres.resume()
    await postgres.kill()
  })
  return postgres
}

/** With TLS, people come to doors of their own, which lead to the servers. */
async function openPlaces(home: string, tls: boolean, opened: AsyncDisposableStack): Promise<Places> {
  const [spare = 0, ...free] = await freePorts(10)
  const [ports, doors, metrics] = [free.slice(0, 3), free.slice(3, 6), free.slice(6, 9)]
  const certificate = tls ? makeCertificate(home) : null
  for (const [index, door] of certificate ? doors.entries() : []) {
    const terminator = await terminateTls(certificate!, door, ports[index]!)
    opened.defer(async () => terminator.close())
  }
  const urls = tls
    ? doors.map(door => `https://localhost:${door}`)
    : ports.map(port => `http://localhost:${port}`)
  return { ports, urls, metrics, spare, certificateFile: certificate?.file ?? null }
}

async function openLinks(
  postgres: ChaosPostgres,
  issuerPort: number,
  opened: AsyncDisposableStack,
): Promise<Links> {
  const link = async (target: Parameters<typeof createProxy>[0]) => {
    const proxy = await createProxy(target)
    opened.defer(proxy.close)
    return proxy
  }
  return {
    databases: await Promise.all(ROLES.map(() => link({ path: postgres.socket }))),
    feeds: await Promise.all([0, 1].map(() => link({ port: issuerPort }))),
  }
}

async function writeSecrets(home: string) {
  const files = { ACCESS_TOKEN_KEYS_FILE: join(home, 'keys'), AUTH_SECRET_FILE: join(home, 'auth') }
  await writeFile(files.ACCESS_TOKEN_KEYS_FILE, [makeKey(), makeKey()].join(','), { mode: 0o600 })
  await writeFile(files.AUTH_SECRET_FILE, makeSecret(), { mode: 0o600 })
  return files
}

function sharedEnv({ algorithm = 'HS256', core }: Settings, { urls }: Places): NodeJS.ProcessEnv {
  return {
    ...LIMITS,
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ISSUER_URL: urls[0],
    ACCESS_TOKEN_ALG: algorithm,
    REVOCATION_FEED_SECRET: makeSecret(),
    ...(core && { API_FEATURES: '' }),
  }
}

function envOf(
  index: number,
  { postgres, places, links }: Pick<Cluster, 'postgres' | 'places' | 'links'>,
): NodeJS.ProcessEnv {
  const database = links.databases[index]!.port
  const METRICS_PORT = String(places.metrics[index])
  if (index === 0)
    return {
      METRICS_PORT,
      API_URL: places.urls[1],
      ISSUER_DATABASE_URL: postgres.urlThrough(database, 'issuer'),
    }
  return {
    METRICS_PORT,
    API_URL: places.urls[index],
    API_DATABASE_URL: postgres.urlThrough(database, 'api'),
    REVOCATION_FEED_URL: `http://127.0.0.1:${links.feeds[index - 1]!.port}${FEED}`,
  }
}

const serverCommand = (role: 'issuer' | 'api', { apiCommand }: Settings) =>
  role === 'api' && apiCommand ? apiCommand : commandOf(role)

function createServers(
  home: string,
  settings: Settings,
  { ports }: Places,
  environments: readonly NodeJS.ProcessEnv[],
): Server[] {
  return ROLES.map((role, index) =>
    createServer({
      name: `${role} ${index}`,
      command: serverCommand(role, settings),
      port: ports[index]!,
      env: environments[index]!,
      logFile: join(home, 'log'),
      wordsFile: join(home, 'words'),
    }),
  )
}

/** HS256: those of the file. EdDSA: throw-away pairs that the APIs have read. */
async function prepareKeys({ settings, postgres, keysFile, servers }: Cluster): Promise<Deployment['keys']> {
  if (settings.algorithm !== 'EdDSA') return () => readKeyFile(keysFile)
  const pairs = [await publishKeyPair(postgres.adminUrl), await publishKeyPair(postgres.adminUrl)]
  for (const api of servers.slice(1)) api.process.signal('SIGHUP')
  return async () => pairs
}

function describe(cluster: Cluster): Omit<Deployment, 'keys' | 'close'> {
  const { home, settings, postgres, places, links, servers } = cluster
  const [issuer, ...apis] = servers as [Server, ...Server[]]
  const { adminUrl } = postgres
  const password = decodeURIComponent(new URL(postgres.urlThrough(0, 'api')).password)

  async function restart(what: 'api' | 'issuer' | 'all', env?: NodeJS.ProcessEnv): Promise<void> {
    const chosen = what === 'all' ? servers : what === 'issuer' ? [issuer] : apis
    await Promise.all(chosen.map(server => server.stop()))
    await Promise.all(chosen.map(server => server.start({ env })))
  }

  async function keysCommand(...args: string[]): Promise<string> {
    const pids = servers.map(server => server.process.pid).join(',')
    const command = ['standalone/src/keys.ts', ...args, ...(args[0] === 'list' ? [] : ['--pid', pids])]
    const direct = { DATABASE_URL: adminUrl, ISSUER_DATABASE_URL: urlFor(adminUrl, ISSUER, password) }
    const env = { ...cluster.environments[0], ...direct }
    return (await promisify(execFile)(process.execPath, command, { cwd: root, env })).stdout
  }

  return {
    name: settings.name,
    issuerUrl: places.urls[0]!,
    apiUrls: places.urls.slice(1),
    audience: 'latchkey-api',
    algorithm: settings.algorithm ?? 'HS256',
    certificateFile: places.certificateFile,
    adminUrl: async () => adminUrl,
    apiRoleUrl: async () => urlFor(adminUrl, API, password),
    logFile: join(home, 'log'),
    metricsUrls: places.metrics.map(port => `http://127.0.0.1:${port}/metrics`),
    apiPids: () => apis.map(api => api.process.pid),
    restart,
    setDatabase: up => setAll(links.databases, up),
    feed: {
      set: (up, instance) => setAll(instance === undefined ? links.feeds : [links.feeds[instance]!], up),
      startWithout: async () => {
        await apis[0]!.stop()
        await links.feeds[0]!.set('refuse')
        await apis[0]!.start({ until: '/healthz' })
      },
    },
    startWith: fault => startWith(cluster, fault),
    keysCommand,
  }
}

async function setAll(proxies: readonly ChaosProxy[], up: boolean): Promise<void> {
  await Promise.all(proxies.map(proxy => proxy.set(up ? 'pass' : 'refuse')))
}

async function startWith({ home, settings, places, environments }: Cluster, fault: ConfigurationFault) {
  // Nothing but an issuer knows all the secrets, so nothing else can see that two are the same.
  const roles = fault === 'shared-secret' ? (['issuer'] as const) : (['issuer', 'api'] as const)
  const attempts: Awaited<ReturnType<typeof tryStart>>[] = []
  for (const role of roles) {
    const env = { ...environments[ROLES.indexOf(role)], METRICS_PORT: undefined, ...(await faultyEnv(fault)) }
    attempts.push(await tryStart({ command: serverCommand(role, settings), port: places.spare, env, home }))
  }
  return {
    started: attempts.some(attempt => attempt.started),
    message: attempts.map(({ message }) => message).join('\n'),
  }
}
