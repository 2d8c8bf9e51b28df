// The whole API on a real database, with an issuer's stand-in.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { createTestDatabase } from '../../test/database.ts'
import { type App, openApi, readApiEnv } from '../src/main.ts'
import { AUDIENCE, base64url, FEED_SECRET, ISSUER, KEYS, mint, startFeed } from './issuer-stand-in.ts'
import { until } from './until.ts'

export const ORIGIN = 'https://app.test'

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what is in an answer.
export type Json = any

export interface Sent {
  method?: string
  token?: string | null
  body?: unknown
  headers?: Record<string, string>
}

export async function openTestApi(open: typeof openApi = openApi) {
  const database = await createTestDatabase()
  const feed = await startFeed()
  const admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: line => lines.push(JSON.parse(line)) })
  const api = await open(apiEnv({ API_DATABASE_URL: database.apiUrl, REVOCATION_FEED_URL: feed.url }), {
    log,
  })
  await until(() => api.ready())
  return {
    api,
    feed,
    admin,
    log: lines,
    apiUrl: database.apiUrl,
    addUser: () => addUser(admin),
    request: (path: string, sent: Sent = {}) => request(api, path, sent),
    close: async () => {
      await api.close()
      feed.close()
      await admin.end()
      await database.drop()
    },
  }
}

export function apiEnv(given: NodeJS.ProcessEnv) {
  const { env, faults } = readApiEnv({
    ISSUER_URL: ISSUER,
    API_URL: ISSUER,
    API_AUDIENCE: AUDIENCE,
    WEB_ORIGIN: ORIGIN,
    REVOCATION_FEED_SECRET: FEED_SECRET,
    ACCESS_TOKEN_KEYS: KEYS.map(({ kid, secret }) => `${kid}:${base64url(secret)}`).join(','),
    TRUSTED_PROXIES: '10.0.0.0/8',
    ...given,
  })
  if (!env) throw new Error(faults.join('\n'))
  return env
}

/** An account, as the issuer would have made it, and a token of its own session. */
export async function addUser(admin: pg.Client) {
  const id = randomUUID()
  const columns = 'id, name, email, "emailVerified"'
  await admin.query(`insert into auth."user" (${columns}) values ($1, 'n', $2, false)`, [
    id,
    `${id}@example.org`,
  ])
  const sid = randomUUID()
  return { id, sid, token: mint(id, { sid }), tasks: `/api/${id}/tasks` }
}

export type User = Awaited<ReturnType<typeof addUser>>

async function request(api: App, path: string, { method = 'GET', token, body, headers = {} }: Sent) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await api.fetch(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(text !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
    }),
    { remoteAddress: '127.0.0.1' },
  )
  const answered = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text: answered,
    json: (isJson && answered ? JSON.parse(answered) : null) as Json,
  }
}
