// Two issuers and three APIs on one database, each a process of its own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../standalone/src/database.ts'
import { launchBrowser, visit } from './browser.ts'
import { freePort } from './free-port.ts'
import { call, PASSWORD, tasksOf } from './in-process.ts'
import { launch, type Product } from './product.ts'
import { type Servers, startServers } from './servers.ts'

let servers: Servers
before(async () => {
  servers = await startServers({ issuers: 2, apis: 3 })
})
after(() => servers.close())

type Person = { id: string; token: string; cookie: string }

/** The page's origin is the issuers' public one, whichever of them answers. */
async function ask(issuer: Product, path: string, { cookie, body }: { cookie?: string; body: unknown }) {
  const origin = { origin: servers.issuerUrl }
  return await call(issuer, 'POST', `/api/auth${path}`, { cookie, body, headers: origin })
}

let people = 0
async function signUp(issuer: Product): Promise<Person> {
  people += 1
  const body = { email: `person-${people}@example.com`, password: PASSWORD }
  const answer = await ask(issuer, '/sign-up/email', { body })
  assert.equal(answer.status, 200, answer.text)
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!
  return { id: answer.body.user.id, token: answer.body.access_token, cookie }
}

const signOut = (issuer: Product, { cookie }: Person) => ask(issuer, '/sign-out', { cookie, body: {} })

const statusAt = async (api: Product, person: Person) =>
  (await call(api, 'GET', tasksOf(person), { token: person.token })).status

const statuses = (person: Person) => Promise.all(servers.apis.map(api => statusAt(api, person)))

test('a sign-out at one issuer kills the token at every API at once, also where another issuer is followed', async () => {
  for (const issuer of [...servers.issuers, ...servers.issuers, ...servers.issuers]) {
    const persons = await Promise.all(Array.from({ length: 5 }, () => signUp(issuer)))
    for (const person of persons) assert.deepEqual(await statuses(person), [200, 200, 200])
    await Promise.all(
      persons.map(async person => {
        assert.equal((await signOut(issuer, person)).status, 200)
        assert.deepEqual(await statuses(person), [401, 401, 401])
      }),
    )
  }
})

test('an API that starts later refuses a token that died before, from its first answer on', async () => {
  const [issuer] = servers.issuers
  const [dead, alive] = [await signUp(issuer!), await signUp(issuer!)]
  await signOut(issuer!, dead)
  const api = await servers.launchApi(1)
  const seen = new Set<number>()
  for (const end = Date.now() + 60_000; !seen.has(200) && Date.now() < end; await sleep(10)) {
    const answer = await statusAt(api, alive).catch(() => null)
    if (answer) seen.add(answer)
    const refused = await statusAt(api, dead).catch(() => 503)
    assert.ok(refused === 401 || refused === 503, `${refused}`)
  }
  assert.deepEqual(
    [...seen].filter(status => status !== 503),
    [200],
  )
  assert.equal(await statusAt(api, dead), 401)
})

test('issuers whose LISTEN connections are cut end sessions everywhere meanwhile, and connect again', async () => {
  const listening = async (text: string): Promise<number[]> => {
    const statement = `${text} from pg_stat_activity
      where datname = current_database() and application_name = 'latchkey-issuer-listen'`
    const { rows } = await withClient(servers.database.adminUrl, client => client.query(statement))
    return rows.map(row => row.pid)
  }
  const persons = await Promise.all(servers.issuers.map(signUp))
  const before = await listening('select pid')
  assert.equal(before.length, 2)
  await listening('select pid, pg_terminate_backend(pid)')
  for (const [index, person] of persons.entries()) {
    assert.equal((await signOut(servers.issuers[1 - index]!, person)).status, 200)
    assert.deepEqual(await statuses(person), [401, 401, 401])
  }
  let now: number[] = []
  for (const end = Date.now() + 30_000; now.length < 2 && Date.now() < end; await sleep(50))
    now = (await listening('select pid')).filter(pid => !before.includes(pid))
  assert.equal(now.length, 2)
})

test('several at once may call npm run migrate while everything runs', async () => {
  const { adminUrl } = servers.database
  const runs = Array.from({ length: 3 }, () => servers.migrate(adminUrl))
  for (const { stdout } of await Promise.all(runs)) assert.equal(stdout, 'The database is up to date.\n')
  assert.deepEqual(await statuses(await signUp(servers.issuers[0]!)), [200, 200, 200])
})

test('the API answers exactly the page’s origin, and never with credentials', async () => {
  const [api] = servers.apis
  const person = await signUp(servers.issuers[0]!)
  const preflight = (origin: string) =>
    call(api!, 'OPTIONS', tasksOf(person), {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    })
  const allowed = await preflight(servers.issuerUrl)
  assert.equal(allowed.status, 204)
  assert.equal(allowed.headers.get('access-control-allow-origin'), servers.issuerUrl)
  assert.match(allowed.headers.get('access-control-allow-methods')!, /PATCH/)
  const list = (origin: string) =>
    call(api!, 'GET', tasksOf(person), { token: person.token, headers: { origin } })
  const listed = await list(servers.issuerUrl)
  assert.equal(listed.headers.get('access-control-allow-origin'), servers.issuerUrl)

  for (const origin of ['https://evil.example', `${servers.issuerUrl}.evil.example`, 'null', api!.url])
    for (const answer of [await preflight(origin), await list(origin)]) {
      assert.equal(answer.headers.get('access-control-allow-origin'), null, origin)
      assert.match(answer.headers.get('vary')!, /origin/i)
    }
  for (const answer of [allowed, listed, await preflight('https://evil.example')])
    assert.equal(answer.headers.get('access-control-allow-credentials'), null)
})

test('a page on one origin works with an API on another, without a violation of its policy', async () => {
  const browser = await launchBrowser()
  const there = await visit(browser, { url: servers.issuerUrl })
  try {
    const { page } = there
    const called = new Set<string>()
    page.on('request', request => called.add(new URL(request.url()).origin))
    await page.goto('/sign-up')
    await page.getByLabel('Email').fill('across@example.com')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByLabel('Add a task').fill('Water the plants')
    await page.keyboard.press('Enter')
    const task = page.getByRole('checkbox', { name: 'Water the plants' })
    await task.waitFor()
    await task.click()
    await page.waitForFunction(() => !Object.keys(sessionStorage).some(key => key.endsWith(':outbox')))
    await page.goto('/done')
    await task.waitFor()
    assert.ok(await task.isChecked())
    assert.deepEqual([...called].sort(), [servers.issuerUrl, servers.apis[0]!.url].sort())
    there.assertClean()
  } finally {
    await there.close()
    await browser.close()
  }
})

test('an API waits for its issuer: alive, not ready, and stops like any other', async () => {
  const issuerPort = await freePort()
  const port = await freePort()
  const place = { port, url: `http://localhost:${port}`, dataDir: '/nonexistent', remove: async () => {} }
  const api = launch(place, {
    command: ['node', 'standalone/src/serve.ts', 'api'],
    env: {
      ISSUER_URL: `http://localhost:${issuerPort}`,
      API_DATABASE_URL: servers.database.apiUrl,
      ACCESS_TOKEN_KEYS_FILE: servers.files.keys,
      REVOCATION_FEED_SECRET: 'only the issuer it waits for knows it',
    },
  })
  const status = async (path: string) => (await fetch(`${place.url}${path}`).catch(() => null))?.status
  while (!api.log().includes('revocation_feed_lost')) await sleep(20)
  assert.equal(await status('/healthz'), 200)
  assert.equal(await status('/readyz'), 503)
  api.kill('SIGTERM')
  assert.equal(await api.exit, 0, api.words())
})

test('at SIGTERM a server is not ready first, goes on answering, and ends with 0', async () => {
  const person = await signUp(servers.issuers[0]!)
  const [, , api] = servers.apis
  const readiness = async () => (await fetch(`${api!.url}/readyz`)).status
  api!.kill('SIGTERM')
  let answered = 0
  while ((await readiness()) !== 503) await sleep(5)
  for (; answered < 5; answered += 1) assert.equal(await statusAt(api!, person), 200)
  assert.equal(await api!.exit, 0, api!.words())
})

test('what is wrong with the environment is a line each, and the exit code is not 0', async () => {
  const place = { port: await freePort(), url: '', dataDir: '/nonexistent', remove: async () => {} }
  const refused = async (args: string[], env: NodeJS.ProcessEnv) => {
    const server = launch(place, { command: ['node', 'standalone/src/serve.ts', ...args], env })
    assert.equal(await server.exit, 1)
    return server.words().trim().split('\n')
  }
  const names = ['ISSUER_URL', 'API_DATABASE_URL', 'ACCESS_TOKEN_KEYS', 'REVOCATION_FEED_SECRET']
  const lines = await refused(['api'], {})
  assert.deepEqual(
    lines.map(line => line.split(' ')[0]),
    names,
  )
  assert.match((await refused([], {}))[0]!, /^Say which server/)
  const good = {
    ISSUER_URL: servers.issuerUrl,
    ACCESS_TOKEN_KEYS_FILE: servers.files.keys,
    REVOCATION_FEED_SECRET: 'long enough to be a secret of the feed',
  }
  assert.deepEqual(await refused(['api'], { ...good, API_DATABASE_URL: 'no address' }), [
    'API_DATABASE_URL must read postgres://user:password@host:5432/database.',
  ])
  const nobody = `postgres://ada:secret@127.0.0.1:${await freePort()}/latchkey`
  const waited = await refused(['api'], { ...good, API_DATABASE_URL: nobody })
  assert.match(waited.at(-1)!, /^The database ada@127\.0\.0\.1:\d+\/latchkey cannot be used: .*ECONNREFUSED/)
})
