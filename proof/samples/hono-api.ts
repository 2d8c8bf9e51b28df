// Somebody else's API for the kit to judge: Hono, items in memory, the user only in the token, errors of its own.
// `SECRET` (hex) and `PORT` come from the environment; `FAULT=trusts-alg` makes the mistake the kit must find.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono, type Next } from 'hono'
import { HTTPException } from 'hono/http-exception'

interface Item {
  key: string
  text: string
  note: string | null
  done: boolean
}
type Env = { Variables: { user: string } }
type Body = Record<string, unknown>

const SECRET = Buffer.from(process.env.SECRET ?? '', 'hex')
const [ISSUER, AUDIENCE, KID] = ['https://accounts.sample.example', 'items', 'k1']
const LIFETIME = 900
const BODY_LIMIT = 100_000
const trustsAlg = process.env.FAULT === 'trusts-alg'

const itemsOf = new Map<string, Map<string, Item>>()

const now = () => Date.now() / 1000
const mac = (text: string) => createHmac('sha256', SECRET).update(text).digest()

/** The user of a good token; `expired` when nothing else is wrong with it. */
function verify(token: string): { user: string } | 'invalid' | 'expired' {
  if (token.length > 4_096 || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return 'invalid'
  const [head = '', body = '', signature = ''] = token.split('.')
  const [header, claims] = [readPart(head), readPart(body)]
  if (!header || !claims || !isCanonical(signature)) return 'invalid'
  if (trustsAlg && header.alg === 'none') return { user: String(claims.uid) }
  if (header.alg !== 'HS256' || header.kid !== KID || 'crit' in header || 'zip' in header) return 'invalid'
  if (
    `${typeof header.typ === 'string' && header.typ}`.toLowerCase().replace('application/', '') !== 'at+jwt'
  )
    return 'invalid'
  if (!isEqual(mac(`${head}.${body}`), Buffer.from(signature, 'base64url'))) return 'invalid'
  return judge(claims)
}

function judge({ iss, aud, uid, iat, nbf, exp }: Body): { user: string } | 'invalid' | 'expired' {
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (iss !== ISSUER || !audiences.includes(AUDIENCE)) return 'invalid'
  if (!audiences.every(entry => typeof entry === 'string') || typeof uid !== 'string') return 'invalid'
  if (!/^[\w-]{1,64}$/.test(uid) || !isTime(iat) || !isTime(exp)) return 'invalid'
  if (iat > now() + 5 || exp - iat > LIFETIME || exp < iat) return 'invalid'
  if (nbf !== undefined && (!isTime(nbf) || nbf > now() + 5 || nbf > exp)) return 'invalid'
  return exp <= now() ? 'expired' : { user: uid }
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
const isEqual = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)
const isCanonical = (part: string) => Buffer.from(part, 'base64url').toString('base64url') === part

function readPart(part: string): Body | null {
  try {
    if (!isCanonical(part)) return null
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const value = JSON.parse(decoder.decode(Buffer.from(part, 'base64url')))
    return typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

const REASONS: Record<number, string> = {
  400: 'bad request',
  401: 'unauthorized',
  404: 'no such thing',
  405: 'method not allowed',
  413: 'too large',
  415: 'unsupported media type',
  500: 'our fault',
}
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

function fail(status: number, headers: Record<string, string> = {}, reason = REASONS[status]!): Response {
  return Response.json({ error: { reason } }, { status, headers: { ...HEADERS, ...headers } })
}

async function requireUser(context: Context<Env>, next: Next): Promise<Response | undefined> {
  const given = context.req.header('authorization')
  if (given === undefined) return fail(401, { 'www-authenticate': 'Bearer realm="items"' })
  const verdict = verify(/^bearer +([^ ]+)$/i.exec(given)?.[1] ?? '')
  const challenge = { 'www-authenticate': 'Bearer realm="items", error="invalid_token"' }
  if (verdict === 'invalid') return fail(401, challenge)
  if (verdict === 'expired') return fail(401, challenge, 'expired')
  context.set('user', verdict.user)
  await next()
  return undefined
}

async function readBody({ req }: Context): Promise<Body> {
  const type = req.header('content-type') ?? ''
  if (!/^application\/json( *; *charset=utf-8)?$/i.test(type) || req.header('content-encoding')) refuse(415)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of req.raw.body ?? []) {
    size += chunk.length
    if (size > BODY_LIMIT) refuse(413)
    chunks.push(chunk)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
    const value = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {}
  return refuse(400)
}

function refuse(status: number): never {
  throw new HTTPException(status as 400, { res: fail(status) })
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' &&
  value.isWellFormed() &&
  !value.includes('\0') &&
  [...value].length <= longest &&
  value !== ''

/** The members an item may be given; anything else is refused. */
function readItem(body: Body, { partly }: { partly: boolean }): Partial<Item> {
  const isGood = Object.entries(body).every(([name, value]) => {
    if (name === 'text') return isText(value, 100)
    if (name === 'note') return value === null || value === '' || isText(value, 1_000)
    return name === 'done' && typeof value === 'boolean'
  })
  if (!isGood || (!partly && body.text === undefined) || Object.keys(body).length === 0) refuse(400)
  return body
}

const ofUser = (context: Context<Env>) => {
  const user = context.get('user')
  if (!itemsOf.has(user)) itemsOf.set(user, new Map())
  return itemsOf.get(user)!
}

const findItem = (context: Context<Env>) => ofUser(context).get(context.req.param('key') ?? '') ?? refuse(404)

const say = (body: unknown, status = 200, headers = {}) =>
  Response.json(body, { status, headers: { ...HEADERS, ...headers } })

const app = new Hono<Env>()
app.use('*', requireUser)
app.get('/v1/items', context => say({ items: [...ofUser(context).values()].toReversed() }))
app.post('/v1/items', async context => {
  const given = readItem(await readBody(context), { partly: false })
  const item: Item = { key: randomUUID(), text: '', note: null, done: false, ...given }
  ofUser(context).set(item.key, item)
  return say(item, 201, { location: `/v1/items/${item.key}` })
})
app.get('/v1/items/:key', context => say(findItem(context)))
app.patch('/v1/items/:key', async context => {
  const change = readItem(await readBody(context), { partly: true })
  return say(Object.assign(findItem(context), change))
})
app.delete('/v1/items/:key', context => {
  ofUser(context).delete(findItem(context).key)
  return new Response(null, { status: 204, headers: HEADERS })
})
app.all('/v1/items', () => fail(405, { allow: 'GET, HEAD, POST' }))
app.all('/v1/items/:key', () => fail(405, { allow: 'DELETE, GET, HEAD, PATCH' }))
app.notFound(() => fail(404))
app.onError(error => (error instanceof HTTPException ? error.getResponse() : fail(500)))

const listener = getRequestListener(app.fetch, { errorHandler: () => fail(400) })
const SINGULAR = ['authorization', 'content-encoding', 'content-length', 'content-type', 'host']

// RFC 9110 §5.3: of two such fields, two readers may each believe another one.
function isAmbiguous({ rawHeaders }: http.IncomingMessage): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
  return SINGULAR.some(name => names.indexOf(name) !== names.lastIndexOf(name))
}

function writeRefusal(response: http.ServerResponse): void {
  const headers = { ...HEADERS, 'content-type': 'application/json', connection: 'close' }
  response.writeHead(400, headers).end(JSON.stringify({ error: { reason: REASONS[400] } }))
}

http
  .createServer({ requestTimeout: 20_000, headersTimeout: 10_000 }, (request, response) =>
    isAmbiguous(request) ? writeRefusal(response) : void listener(request, response),
  )
  .listen(Number(process.env.PORT), '127.0.0.1')
