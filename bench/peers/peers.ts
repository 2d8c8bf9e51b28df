// The servers ours are compared with, as processes of their own on the same database.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { withClient } from '../../standalone/src/database.ts'
import { freePort } from '../../test/free-port.ts'
import { pythonFor } from '../python.ts'
import type { Server } from '../servers.ts'

const here = import.meta.dirname

export interface PeerSettings {
  adminUrl: string
  /** What the peer with a token verifies by. */
  key: string
  issuerUrl: string
  audience: string
}

/** Tables of their own, without row security and triggers, with what ours hold. */
export const makePeerTables = (adminUrl: string) =>
  withClient(adminUrl, async client => client.query(await readFile(join(here, 'schema.sql'), 'utf8')))

/** FastAPI, SQLModel, asyncpg and PyJWT as their documentation shows them: one worker, as ours is one process. */
export async function startFastApiPeer({ adminUrl, key, issuerUrl, audience }: PeerSettings) {
  const programs = await pythonFor(join(here, 'fastapi/requirements.txt'))
  const port = await freePort()
  const flags = ['--loop', 'uvloop', '--http', 'httptools', '--no-access-log', '--log-level', 'warning']
  return await startPeer(port, [join(programs, 'uvicorn'), 'app:app', '--port', String(port), ...flags], {
    cwd: join(here, 'fastapi'),
    env: {
      KEY: key,
      ISSUER_URL: issuerUrl,
      API_AUDIENCE: audience,
      PEER_DATABASE_URL: forSqlAlchemy(adminUrl),
    },
  })
}

/** It reads a socket's folder from the query alone. */
function forSqlAlchemy(url: string): string {
  const { username, password, hostname, port, pathname } = new URL(url)
  const host = decodeURIComponent(hostname)
  const place = host.startsWith('/')
    ? `/${pathname.slice(1)}?host=${host}`
    : `${host}:${port || 5432}${pathname}`
  return `postgresql+asyncpg://${username}:${password}@${place}`
}

/** Hono and pg with our statements, no token and no row security: as fast as this stack can be. */
export async function startHonoPeer({ adminUrl }: PeerSettings) {
  const port = await freePort()
  return await startPeer(port, [process.execPath, join(here, 'hono/server.ts')], {
    cwd: here,
    env: { PEER_DATABASE_URL: adminUrl, PORT: String(port) },
  })
}

async function startPeer(
  port: number,
  [program = '', ...args]: string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Server> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  // However we end, it ends with us.
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  void ended.then(() => process.off('exit', end))
  while (!(await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(`${program} ended with code ${child.exitCode}`)
    await delay(50)
  }
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await ended
    return child.exitCode
  }
  return { port, pid: child.pid!, stop }
}
