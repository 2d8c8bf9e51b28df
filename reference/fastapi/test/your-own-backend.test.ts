// The snippets of docs/your-own-backend.md, taken out of the page and run as they stand.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { withClient } from '../../../standalone/src/database.ts'
import { freePort } from '../../../test/free-port.ts'
import { call, type Person, signOut, signUp } from '../../../test/in-process.ts'
import { launch, type Product } from '../../../test/product.ts'
import { type Deployment, deploy } from './deployment.ts'
import { folder, python } from './python.ts'

const run = promisify(execFile)
const root = join(folder, '../..')
const page = readFileSync(join(root, 'docs/your-own-backend.md'), 'utf8')
const snippets = new Map(
  [...page.matchAll(/^```\w+ ([\w.]+)\n([\s\S]+?)^```$/gm)].map(([, name, code]) => [name!, code!]),
)
/** Made by scripts/set-up-python.mjs with what the project itself does not have: nothing is fetched here. */
const workshop = join(folder, '.own-backend')

let deployment: Deployment
before(async () => {
  deployment = await deploy()
  for (const [name, code] of snippets) writeFileSync(join(workshop, name), code)
})
after(async () => await deployment?.close())

test('the page has a snippet for every language', () => {
  const names = ['wall.sql', 'try.sh', 'latchkey.ts', 'hono.ts', 'express.ts', 'notes.py', 'main.go']
  assert.deepEqual([...snippets.keys()], names)
})

test('Hono', () => backend(['node', join(workshop, 'hono.ts')]))

test('Express', () => backend(['node', join(workshop, 'express.ts')]))

test('FastAPI', () =>
  backend(port => [python, '-m', 'uvicorn', '--app-dir', workshop, '--port', String(port), 'notes:app']))

test('Go', async () => {
  const program = join(workshop, 'notes')
  writeFileSync(join(workshop, 'go.mod'), 'module notes\n\ngo 1.19\n')
  await run('go', ['vet', '.'], { cwd: workshop, env: goEnv() })
  await run('go', ['build', '-o', program, '.'], { cwd: workshop, env: goEnv() })
  await backend([program])
})

test('the wall of the page holds when a query forgets the account', async () => {
  await withClient(deployment.database.adminUrl, async client => {
    const role = `notes_api_${randomUUID().replaceAll('-', '')}`
    await client.query(snippets.get('wall.sql')!.replaceAll('notes_api', role))
    const bodiesOf = async (subject: string) => {
      await client.query('begin')
      await client.query(`set local role ${role}`)
      await client.query(`select set_config('app.subject', $1, true)`, [subject])
      await client.query('insert into note (body) values ($1)', [`of ${subject}`])
      const { rows } = await client.query('select body from note')
      await client.query('commit')
      return rows.map(({ body }) => body)
    }
    assert.deepEqual(await bodiesOf('ada'), ['of ada'])
    assert.deepEqual(await bodiesOf('bob'), ['of bob'])
    await client.query('drop table note')
    await client.query(`drop role ${role}`)
  })
})

const goEnv = () => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  GOCACHE: join(workshop, 'go-cache'),
  GOFLAGS: '-mod=mod',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
})

type Command = string[]

/** Runs a backend and asks of it what the page promises. */
async function backend(how: Command | ((port: number) => Command)): Promise<void> {
  const port = await freePort()
  const command = typeof how === 'function' ? how(port) : how
  const place = { port, url: `http://localhost:${port}`, dataDir: workshop, remove: async () => {} }
  const product = launch(place, { command, env: deployment.env })
  try {
    const person = await signUp({ url: deployment.issuerUrl } as never)
    await until(async () => (await statusOf(product, person)) === 200, product)
    await trySnippet(product)
    await refusesForgeries(product, person)
    assert.equal((await signOut({ url: deployment.issuerUrl } as never, person)).status, 200)
    assert.equal(await patiently(() => statusOf(product, person)), 401)
    await waitsForTheIssuer(product)
  } finally {
    product.kill('SIGKILL')
    await product.exit
  }
}

async function trySnippet({ url }: Product): Promise<void> {
  const env = {
    PATH: process.env.PATH,
    API: url,
    ISSUER: deployment.issuerUrl,
    EMAIL: `${randomUUID()}@example.com`,
  }
  // On a busy machine a lease can run out: then once more, as somebody else.
  for (;;) {
    const { stdout } = await run('bash', ['-euc', snippets.get('try.sh')!], { cwd: workshop, env })
    if (!stdout.includes('503')) return assert.equal(stdout, '200\n404\n401\n401\n')
    env.EMAIL = `${randomUUID()}@example.com`
  }
}

/** Each between two that are accepted: whoever refuses everything proves nothing. */
async function refusesForgeries(product: Product, person: Person): Promise<void> {
  const [header = {}, claims = {}] = person.token.split('.').slice(0, 2).map(decoded)
  const now = Math.floor(Date.now() / 1000)
  const forged = [
    sign({ ...header, alg: 'none' }, claims),
    sign({ ...header, typ: 'JWT' }, claims),
    sign({ ...header, kid: 'other' }, claims),
    sign({ ...header, crit: ['exp'] }, claims),
    sign(header, claims, Buffer.alloc(32)),
    sign(header, { ...claims, sub: 'bob' }),
    sign(header, { ...claims, user_id: 'bob' }),
    sign(header, { ...claims, iss: 'https://evil.example' }),
    sign(header, { ...claims, aud: 'other' }),
    sign(header, { ...claims, exp: String(now + 60) }),
    sign(header, { ...claims, exp: now + 315_360_000 }),
    sign(header, { ...claims, exp: now - 1 }),
    sign(header, { ...claims, iat: now + 60, exp: now + 120 }),
    sign(header, { ...claims, nbf: now + 60 }),
    sign(header, { ...claims, sid: undefined }),
    `${person.token}=`,
    `${person.token}.x`,
  ]
  assert.equal(await patiently(() => statusOf(product, { ...person, token: sign(header, claims) })), 200)
  for (const token of forged) {
    assert.equal(await patiently(() => statusOf(product, { ...person, token })), 401, token)
    assert.equal(await patiently(() => statusOf(product, person)), 200)
  }
}

const decoded = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString())

function sign(header: object, claims: object, secret?: Buffer): string {
  const key = secret ?? Buffer.from(deployment.env.ACCESS_TOKEN_KEYS!.split(':')[1]!, 'base64url')
  const input = [header, claims]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

/** While the issuer is silent nothing is accepted, and bad tokens stay bad. */
async function waitsForTheIssuer(product: Product): Promise<void> {
  const person = await signUp({ url: deployment.issuerUrl } as never)
  await until(async () => (await statusOf(product, person)) === 200, product)
  deployment.issuer.kill('SIGSTOP')
  try {
    await until(async () => (await statusOf(product, person)) === 503, product)
    assert.equal(await statusOf(product, { ...person, token: `${person.token}x` }), 401)
  } finally {
    deployment.issuer.kill('SIGCONT')
  }
  await until(async () => (await statusOf(product, person)) === 200, product)
}

async function statusOf(product: Product, { id, token }: Person): Promise<number> {
  return (await call(product, 'GET', `/api/${id}/notes`, { token })).status
}

async function patiently(ask: () => Promise<number>): Promise<number> {
  for (;;) {
    const status = await ask()
    if (status !== 503) return status
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function until(condition: () => Promise<boolean>, product: Product): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await condition().catch(() => false)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail(`it did not come to that within 30 s: ${product.log()} ${product.words()}`)
}
