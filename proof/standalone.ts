// `npm start` with a data folder of its own: everything in one process, with its embedded PostgreSQL.
import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { familyOf, isAlive, type Process, signalAll, startProcess } from '../chaos/processes.ts'
import { untilGood } from '../chaos/server.ts'
import { urlFor } from '../standalone/src/database.ts'
import { findLatchkey } from '../standalone/src/folder-lock.ts'
import { findPostgres } from '../standalone/src/postgres.ts'
import { API } from '../standalone/src/roles.ts'
import { secretPath } from '../standalone/src/secrets.ts'
import { freePorts } from '../test/free-port.ts'
import { postgresPid, root } from '../test/product.ts'
import { type Deployment, LIMITS } from './deployment.ts'
import { faultyEnv, tryStart } from './faulty-start.ts'
import { readKeyFile } from './forging-keys.ts'

const COMMAND = ['npm', 'start', '--silent']

export async function openStandalone(home: string): Promise<Deployment> {
  const dataDir = join(home, 'data')
  await mkdir(home, { recursive: true })
  const [port = 0, metricsPort, sparePort = 0] = await freePorts(3)
  const url = `http://localhost:${port}`
  const logFile = join(home, 'log')
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir }
  const env = { ...own, ...LIMITS, PORT: String(port), METRICS_PORT: String(metricsPort) }
  let running: Process | null = null
  let pid = 0

  async function start(more: NodeJS.ProcessEnv = {}): Promise<void> {
    const how = { env: { ...env, ...more }, logFile, wordsFile: join(home, 'words') }
    running = await startProcess(COMMAND, how)
    await untilGood('npm start', `${url}/readyz`, running)
    pid = (await findLatchkey(dataDir))!
  }

  async function stop(): Promise<void> {
    if (!running?.isRunning()) return
    // As the terminal's Ctrl-C does: npm and the server both get it.
    signalAll([-running.pid], 'SIGTERM')
    await running.exit
    while (isAlive(pid)) await sleep(5)
  }

  async function setDatabase(up: boolean): Promise<void> {
    const server = await postgresPid({ dataDir, port, url, remove: async () => {} })
    if (server) signalAll(familyOf(server), up ? 'SIGCONT' : 'SIGSTOP')
  }

  const password = (name: string) => readFile(join(dataDir, 'secrets', name), 'utf8')
  const adminUrl = async () => (await findPostgres(dataDir, await password('database-password')))!
  const keysCommand = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['standalone/src/keys.ts', ...args], {
      cwd: root,
      env: own,
    })
    return stdout
  }

  await start()
  await keysCommand('announce')
  return {
    name: 'standalone',
    issuerUrl: url,
    apiUrls: [url],
    audience: 'latchkey-api',
    algorithm: 'HS256',
    certificateFile: null,
    keys: () => readKeyFile(secretPath(dataDir, 'ACCESS_TOKEN_KEYS')),
    adminUrl,
    apiRoleUrl: async () => urlFor(await adminUrl(), API, await password('api-database-password')),
    logFile,
    metricsUrls: [`http://127.0.0.1:${metricsPort}/metrics`],
    apiPids: () => [pid],
    restart: async (_what, more) => {
      await stop()
      await start(more)
    },
    setDatabase,
    feed: null,
    startWith: async fault => {
      const faulty = { ...own, DATA_DIR: join(home, fault), ...(await faultyEnv(fault)) }
      return await tryStart({ command: COMMAND, port: sparePort, env: faulty, home })
    },
    keysCommand,
    close: async () => {
      await setDatabase(true)
      await stop()
    },
  }
}
