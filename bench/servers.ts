// Issuer and API as processes of their own on a fresh database, each on the core it is told.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { freePort } from '../test/free-port.ts'

const root = join(import.meta.dirname, '..')
const PASSWORD = 'violet otter ladder'

export interface Servers {
  database: TestDatabase
  issuer: StartedServer
  api: StartedServer
  /** What tokens say, and the key they are signed with, base64url. */
  issuerUrl: string
  audience: string
  key: string
  /** What session cookies are signed with. */
  authSecret: string
  startIssuer(): Promise<StartedServer>
  /** Another replica, or another command that serves like one. */
  startApi(more?: NodeJS.ProcessEnv, command?: string[]): Promise<StartedServer>
  [Symbol.asyncDispose](): Promise<void>
}

export interface Server {
  port: number
  pid: number
  /** Ends it as an operator would, and resolves with its exit code. */
  stop(): Promise<number | null>
}

export interface StartedServer extends Server {
  /** Milliseconds from its start to its first good answer at /readyz. */
  readyIn: number
  kill(): Promise<void>
}

export interface Settings {
  /** Its database is copied from this one; otherwise from that of the tests, whose server forgets what it writes. */
  templateUrl?: string
  /** Cores as taskset names them. */
  cores?: { issuer?: string; api?: string }
  /** Variables over those of a bench. */
  issuer?: Variables
  api?: Variables
}

type Variables = (database: TestDatabase) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>

export async function startServers({
  templateUrl,
  cores = {},
  issuer: forIssuer,
  api: forApi,
}: Settings = {}): Promise<Servers> {
  const database = await createTestDatabase(templateUrl)
  const shared = secrets()
  const issuerPort = await freePort()
  const issuerUrl = `http://localhost:${issuerPort}`
  const children: StartedServer[] = []

  async function start(
    name: 'issuer' | 'api',
    port: number,
    env: NodeJS.ProcessEnv,
    command = [process.execPath, 'standalone/src/serve.ts', name],
  ): Promise<StartedServer> {
    const all = { ...shared, ...env, ISSUER_URL: issuerUrl }
    const server = await startServer(command, port, all, cores[name])
    children.push(server)
    return server
  }

  const apiEnv = await forApi?.(database)
  const startApi = async (more: NodeJS.ProcessEnv = {}, command?: string[]) => {
    const port = Number(more.PORT ?? (await freePort()))
    const env = { API_DATABASE_URL: database.apiUrl, API_URL: `http://localhost:${port}` }
    return await start('api', port, { ...env, ...apiEnv, ...more }, command)
  }
  const issuerEnv = { ISSUER_DATABASE_URL: database.issuerUrl, ...(await forIssuer?.(database)) }
  const startIssuer = async () => await start('issuer', await freePort(), issuerEnv)
  const issuer = await start('issuer', issuerPort, issuerEnv)
  return {
    database,
    issuer,
    issuerUrl,
    audience: 'latchkey-api',
    authSecret: shared.AUTH_SECRET!,
    key: shared.ACCESS_TOKEN_KEYS!.split(':')[1]!,
    api: await startApi(),
    startApi,
    startIssuer,
    [Symbol.asyncDispose]: async () => {
      // Whoever waited for them is gone: nothing is left to be answered gently.
      await Promise.all(children.map(child => child.kill()))
      await database.drop()
    },
  }
}

function secrets(): NodeJS.ProcessEnv {
  const secret = () => randomBytes(32).toString('base64url')
  return {
    AUTH_SECRET: secret(),
    ACCESS_TOKEN_KEYS: `bench:${secret()}`,
    REVOCATION_FEED_SECRET: secret(),
    LIMIT_ATTEMPTS_PER_MINUTE: '1000000',
    LOG_LEVEL: 'error',
  }
}

async function startServer(
  command: string[],
  port: number,
  env: NodeJS.ProcessEnv,
  core: string | undefined,
): Promise<StartedServer> {
  const began = performance.now()
  const [program, ...args] = core === undefined ? command : ['taskset', '-c', core, ...command]
  const child = spawn(program!, args, {
    cwd: root,
    env: { PATH: process.env.PATH, ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const output of [child.stdout, child.stderr]) output.on('data', text => (said += text))
  const ended = once(child, 'exit')
  await untilReady(port, child, () => said)
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await ended
    return child.exitCode
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { port, pid: child.pid!, readyIn: performance.now() - began, stop, kill }
}

async function untilReady(port: number, child: ChildProcess, said: () => string): Promise<void> {
  while (true) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}:\n${said()}`)
    await delay(10)
  }
}

export interface Person {
  id: string
  email: string
  token: string
  cookie: string
}

export const credentials = (email: string) => ({ email, password: PASSWORD })

export async function signUp({ issuer }: Servers): Promise<Person> {
  const email = `${randomUUID()}@example.com`
  const response = await fetch(`http://localhost:${issuer.port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials(email)),
  })
  if (response.status !== 200) throw new Error(`sign-up: ${response.status} ${await response.text()}`)
  const { user, access_token: token } = (await response.json()) as {
    user: { id: string }
    access_token: string
  }
  return { id: user.id, email, token, cookie: response.headers.getSetCookie()[0]!.split(';')[0]! }
}

/** Gives a person some tasks to list. */
export async function addTasks({ api }: Servers, { id, token }: Person, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const response = await fetch(`http://localhost:${api.port}/api/${id}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ title: `Water plant number ${n}` }),
    })
    await response.body?.cancel()
    if (response.status !== 201) throw new Error(`a task: ${response.status}`)
  }
}
