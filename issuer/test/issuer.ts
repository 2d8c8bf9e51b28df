// A real issuer on a fresh database for a test file, and the browsers and clients that talk to it.
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import pino from 'pino'
import type { Registry } from 'prom-client'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { type App, type IssuerEnv, openIssuer, readIssuerEnv } from '../src/main.ts'

export const PASSWORD = 'violet otter ladder'
export const FEED_SECRET = randomBytes(32).toString('base64url')
export const ISSUER_URL = 'http://localhost:3000'

export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came back; the assertions say what it must be.
  body: any
}
export interface Ask {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  /** The TCP peer's address. */
  from?: string
  signal?: AbortSignal
}
export interface TestIssuer {
  app: App
  env: IssuerEnv
  database: TestDatabase
  source: NodeJS.ProcessEnv
  /** Every line that was logged, as written. */
  lines: string[]
  events(name?: string): Record<string, unknown>[]
  ask(path: string, ask?: Ask): Promise<Answer>
  /** A browser of its own, with its cookies. */
  browser(from?: string): Browser
  poll(body: unknown, ask?: Ask): Promise<Answer>
  /** Fails when a body or a log line of this issuer holds what it must not. */
  assertDiscreet(): void
  stop(): Promise<void>
  close(): Promise<void>
}
export interface Browser {
  cookies: Map<string, string>
  get(path: string, ask?: Ask): Promise<Answer>
  post(path: string, body?: unknown, ask?: Ask): Promise<Answer>
  signUp(email?: string, password?: string): Promise<Answer>
  signIn(email: string, password?: string): Promise<Answer>
}

export interface Settings {
  env?: NodeJS.ProcessEnv
  database?: TestDatabase
  pageFolder?: string
  registry?: Registry
}

export async function startIssuer({ env: given, database, ...parts }: Settings = {}): Promise<TestIssuer> {
  const ownDatabase = database ?? (await createTestDatabase())
  const source = { ...createSource(ownDatabase), ...given }
  const { env, faults } = readIssuerEnv(source)
  assert.deepEqual(faults, [])
  const lines: string[] = []
  const log = pino(
    { timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label => ({ level: label }) } },
    new Writable({ write: (line, _, done) => done(void lines.push(String(line))) }),
  )
  const app = await openIssuer(env!, { log, ...parts })
  const watch = createWatch(lines)

  async function ask(path: string, { method = 'GET', body, headers, from, signal }: Ask = {}) {
    const raw = typeof body === 'string' || body instanceof Uint8Array || body === undefined
    watch.noteSent(body)
    const request = new Request(`${env!.issuerUrl}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: (raw ? body : JSON.stringify(body)) as string | undefined,
      ...(signal && { signal }),
    } as RequestInit)
    const response = await app.fetch(request, { remoteAddress: from ?? '127.0.0.1' })
    return watch.noteAnswer(response, await response.text())
  }

  const issuer: TestIssuer = {
    app,
    env: env!,
    database: ownDatabase,
    source,
    lines,
    events: name =>
      lines.map(line => JSON.parse(line)).filter(event => name === undefined || event.event === name),
    ask,
    browser: from => createBrowser(issuer, from),
    poll: (body, more) =>
      ask('/api/auth/revocations', {
        method: 'POST',
        body,
        ...more,
        headers: { authorization: `Bearer ${FEED_SECRET}`, ...more?.headers },
      }),
    assertDiscreet: watch.assertDiscreet,
    stop: () => app.close(),
    close: async () => {
      await app.close()
      await ownDatabase.drop()
    },
  }
  return issuer
}

export function createSource(database: { issuerUrl: string }): NodeJS.ProcessEnv {
  return {
    ISSUER_URL,
    ISSUER_DATABASE_URL: database.issuerUrl,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ACCESS_TOKEN_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
    REVOCATION_FEED_SECRET: FEED_SECRET,
  }
}

function createBrowser(issuer: TestIssuer, from?: string): Browser {
  const cookies = new Map<string, string>()

  async function send(path: string, { headers, ...ask }: Ask): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await issuer.ask(path, {
      ...(from && { from }),
      ...ask,
      headers: { ...(cookie && { cookie }), ...headers },
    })
    for (const line of answer.headers.getSetCookie()) keep(line)
    return answer
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }

  const get = (path: string, ask: Ask = {}) => send(`/api/auth${path}`, ask)
  const post = (path: string, body: unknown = {}, ask: Ask = {}) =>
    send(`/api/auth${path}`, {
      method: 'POST',
      body,
      ...ask,
      headers: { origin: issuer.env.issuerUrl, ...ask.headers },
    })
  return {
    cookies,
    get,
    post,
    signUp: (email = newEmail(), password = PASSWORD) => post('/sign-up/email', { email, password }),
    signIn: (email, password = PASSWORD) => post('/sign-in/email', { email, password }),
  }
}

export function newEmail(): string {
  return `person-${randomUUID()}@example.org`
}

/** The claims of an access token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
}

/** Remembers what was secret in what went in and out. */
function createWatch(lines: string[]) {
  const cookieTokens = new Set<string>()
  const secrets = new Set<string>()
  const answers: string[] = []

  function noteSent(body: unknown): void {
    if (typeof body !== 'object' || body === null) return
    for (const [name, value] of Object.entries(body))
      if (/email|password/i.test(name) && typeof value === 'string' && value.length >= 10) secrets.add(value)
  }

  function noteAnswer(response: Response, text: string): Answer {
    answers.push(text)
    for (const line of response.headers.getSetCookie()) {
      const value = decodeURIComponent(/session_token=([^;]*)/.exec(line)?.[1] ?? '').split('.')[0]
      if (value) cookieTokens.add(value)
    }
    const body = parse(text)
    if (body?.access_token) secrets.add(body.access_token)
    return { status: response.status, headers: response.headers, text, body }
  }

  function assertDiscreet(): void {
    const log = lines.join('')
    for (const token of cookieTokens) {
      assert.ok(!answers.some(text => text.includes(token)), 'a body holds the session cookie')
      assert.ok(!log.includes(token), 'the log holds the session cookie')
    }
    for (const secret of secrets) assert.ok(!log.includes(secret), `the log holds ${secret.slice(0, 12)}…`)
    for (const line of lines) assert.match(line, /^\{.*\}\n$/)
  }

  return { noteSent, noteAnswer, assertDiscreet }
}

// biome-ignore lint/suspicious/noExplicitAny: see Answer.
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
