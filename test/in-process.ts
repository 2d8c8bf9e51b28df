// The whole product on one origin for a test: a fresh database, the real issuer, the real API, real HTTP.
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { openApi, readApiEnv } from '@latchkey/api'
import { createServer } from '@latchkey/api/server'
import { openIssuer, readIssuerEnv } from '@latchkey/issuer'
import pg from 'pg'
import pino from 'pino'
import { createSite, joinApps } from '../standalone/src/site.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export const PASSWORD = 'violet otter ladder'
const PAGE = join(import.meta.dirname, '../web/dist')

export interface Product {
  url: string
  database: TestDatabase
  env: NodeJS.ProcessEnv
  /** Every line of the log so far, parsed. */
  log: Record<string, unknown>[]
  /** Stops both servers; the database stays for another start with `settings.database`. */
  stop(): Promise<void>
  /** Stops everything and drops the database. */
  close(): Promise<void>
}

export interface Settings {
  /** Variables over the defaults of a test. */
  env?: NodeJS.ProcessEnv
  /** A product stopped before, whose database and secrets go on. */
  after?: Product
}

export async function startProduct({ env: given = {}, after }: Settings = {}): Promise<Product> {
  const database = after?.database ?? (await createTestDatabase())
  const log: Record<string, unknown>[] = []
  const logger = pino({ timestamp: pino.stdTimeFunctions.isoTime }, collect(log))
  const site = createSite()
  const server = createServer(site.fetch, { log: logger })
  const { port } = await server.listen({ host: '127.0.0.1', port: after ? Number(after.env.PORT) : 0 })
  const env: NodeJS.ProcessEnv = {
    ...secrets(),
    ...after?.env,
    PORT: String(port),
    ISSUER_URL: `http://localhost:${port}`,
    ISSUER_DATABASE_URL: database.issuerUrl,
    API_DATABASE_URL: database.apiUrl,
    ...given,
  }
  const issuer = await openIssuer(required(readIssuerEnv(env)), { log: logger, pageFolder: PAGE })
  const straight: typeof fetch = (input, init) =>
    issuer.fetch(new Request(input, init), { remoteAddress: '127.0.0.1' })
  const api = await openApi(required(readApiEnv(env)), { log: logger, fetch: straight })
  site.open(joinApps(issuer, api))
  while (!(await site.ready())) await new Promise(resolve => setTimeout(resolve, 10))

  async function stop(): Promise<void> {
    await server.close()
    await api.close()
    await issuer.close()
  }
  const url = `http://localhost:${port}`
  async function close(): Promise<void> {
    await stop()
    await database.drop()
  }
  return { url, database, env, log, stop, close }
}

function secrets(): NodeJS.ProcessEnv {
  const secret = () => randomBytes(32).toString('base64url')
  return {
    AUTH_SECRET: secret(),
    ACCESS_TOKEN_KEYS: `test-1:${secret()}`,
    REVOCATION_FEED_SECRET: secret(),
    LIMIT_ATTEMPTS_PER_MINUTE: '1000000',
  }
}

function required<Env>(reading: { env: Env | null; faults: string[] }): Env {
  if (!reading.env) throw new Error(reading.faults.join('\n'))
  return reading.env
}

function collect(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n').filter(Boolean)) lines.push(JSON.parse(line))
      done()
    },
  })
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server said.
  body: any
}
interface Call {
  token?: string | undefined
  cookie?: string | undefined
  body?: unknown
  headers?: Record<string, string>
}

/** One HTTP request, as a client outside would send it. */
export async function call(
  product: Pick<Product, 'url'>,
  method: string,
  path: string,
  { token, cookie, body, headers = {} }: Call = {},
): Promise<Answer> {
  const response = await fetch(`${product.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie && { cookie, origin: product.url }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text ? JSON.parse(text) : text,
  }
}

/** One person on one device: an account's session cookie and its latest access token. */
export interface Person {
  id: string
  email: string
  cookie: string
  token: string
}

export async function signUp(product: Product, email = `${randomUUID()}@example.com`): Promise<Person> {
  return toPerson(
    await call(product, 'POST', '/api/auth/sign-up/email', { body: { email, password: PASSWORD } }),
  )
}

/** Signs in on another device: a session of its own. */
export async function signIn(product: Product, email: string, password = PASSWORD): Promise<Person> {
  return toPerson(await call(product, 'POST', '/api/auth/sign-in/email', { body: { email, password } }))
}

function toPerson(answer: Answer): Person {
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
  const { user, access_token: token } = answer.body
  return { id: user.id, email: user.email, token, cookie: answer.headers.getSetCookie()[0]!.split(';')[0]! }
}

export async function signOut(product: Product, { cookie }: Person): Promise<Answer> {
  return await call(product, 'POST', '/api/auth/sign-out', { cookie, body: {} })
}

/** All sessions of one account are over, and nobody has told the page. */
export async function endSessions({ database }: Product, email: string): Promise<void> {
  const admin = new pg.Client(database.adminUrl)
  await admin.connect()
  await admin.query(
    'delete from auth.session where "userId" = (select id from auth."user" where email = $1)',
    [email],
  )
  await admin.end()
}

export function tasksOf({ id }: { id: string }): string {
  return `/api/${id}/tasks`
}

export async function createTask(product: Product, person: Person, title: string): Promise<Answer['body']> {
  const { status, body } = await call(product, 'POST', tasksOf(person), {
    token: person.token,
    body: { title },
  })
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** The key an HS256 product signs with now, for tests that forge. */
export function signingKey(product: Product): { kid: string; secret: Buffer } {
  const [kid = '', secret = ''] = product.env.ACCESS_TOKEN_KEYS!.split(',')[0]!.split(':')
  return { kid, secret: Buffer.from(secret, 'base64url') }
}
