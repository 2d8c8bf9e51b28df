import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readIssuerEnv } from './env.ts'
import { createPage, type Page } from './page.ts'

const folder = mkdtempSync(join(tmpdir(), 'issuer-page-'))
const SECRET = 'S'.repeat(40)
let page: Page
before(() => {
  mkdirSync(join(folder, 'dist/assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'outside')
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'dist/assets/app-1.js'), 'plain')
  writeFileSync(join(folder, 'dist/assets/app-1.js.br'), 'brotli')
  writeFileSync(join(folder, 'dist/assets/app-1.js.gz'), 'gzip')
  writeFileSync(join(folder, 'dist/.env'), 'hidden')
  writeFileSync(join(folder, 'dist/notes.php'), 'no type')
  page = createPage(join(folder, 'dist'), envWith({}))
})
after(() => rmSync(folder, { recursive: true }))

function envWith(more: NodeJS.ProcessEnv) {
  const keys = `k:${Buffer.alloc(32, 1).toString('base64url')}`
  return readIssuerEnv({
    ISSUER_DATABASE_URL: 'postgres://x',
    AUTH_SECRET: SECRET,
    ACCESS_TOKEN_KEYS: keys,
    REVOCATION_FEED_SECRET: 'F'.repeat(40),
    ...more,
  }).env!
}

function ask(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Response {
  const request = new Request(`http://localhost:3000${path}`, { method, headers })
  return page.answer(request, new URL(request.url).pathname)
}

test('the routes of the page get it, any other address gets it as a 404', async () => {
  for (const path of ['/', '/sign-in', '/sign-up', '/tasks', '/account']) {
    const response = ask(path)
    assert.equal(response.status, 200, path)
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'no-cache')
  }
  for (const path of ['/nowhere', '/tasks/1', '/SIGN-IN', '/index']) {
    assert.equal(ask(path).status, 404, path)
    assert.equal(await ask(path).text(), '<!doctype html>')
  }
})

test('no address reaches a file outside, hidden or of an unknown type', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/.env',
    '/notes.php',
    '/assets/app-1.js.br',
    '/assets',
    '/assets/',
    '/index.html',
    '/__proto__.js',
    '/assets/app-1.js%00',
  ]) {
    const response = ask(path)
    assert.equal(response.status, 404, path)
    assert.ok(!/outside|hidden|no type|brotli/.test(await response.text()), path)
  }
})

test('a precompressed file is sent to who takes it, and not to who refuses it', async () => {
  const sent: [accepts: string, body: string, encoding: string | null][] = [
    ['', 'plain', null],
    ['gzip, deflate, br', 'brotli', 'br'],
    ['gzip', 'gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip', 'gzip'],
    ['gzip;q=0.0, br;q=0', 'plain', null],
    ['zebra', 'plain', null],
  ]
  for (const [accepts, body, encoding] of sent) {
    const response = ask('/assets/app-1.js', { headers: { 'accept-encoding': accepts } })
    assert.equal(await response.text(), body, accepts)
    assert.equal(response.headers.get('content-encoding'), encoding)
    assert.equal(response.headers.get('vary'), 'Accept-Encoding')
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  }
})

test('a file the browser has is 304, and HEAD has no body', async () => {
  const etag = ask('/').headers.get('etag')!
  const again = ask('/', { headers: { 'if-none-match': etag } })
  assert.deepEqual([again.status, await again.text()], [304, ''])
  assert.equal(ask('/', { headers: { 'if-none-match': '"other"' } }).status, 200)
  assert.equal(ask('/nowhere', { headers: { 'if-none-match': etag } }).status, 404)
  for (const path of ['/', '/config.json', '/nowhere', '/no.txt']) {
    const head = ask(path, { method: 'HEAD' })
    assert.equal(head.status, ask(path).status)
    assert.equal(await head.text(), '')
  }
})

test('other methods are 405', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = ask('/', { method })
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'GET, HEAD')
    assert.equal(response.headers.get('cache-control'), 'no-store')
  }
})

test('what is not there is 404 whatever is to be done with it', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    for (const path of ['/nowhere', '//api/x/tasks', '/no.txt', '/.env'])
      assert.equal(ask(path, { method }).status, 404, `${method} ${path}`)
})

test('every answer has the strict policy; only the API’s origin may be called besides its own', () => {
  for (const path of ['/', '/nowhere', '/no.txt', '/config.json', '/assets/app-1.js']) {
    const { headers } = ask(path)
    const policy = headers.get('content-security-policy')!
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/)
    assert.ok(!/unsafe|\*|https?:/.test(policy))
    assert.match(policy, /frame-ancestors 'none'.*require-trusted-types-for 'script'/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('strict-transport-security'), null)
  }
  const split = createPage(folder, envWith({ ISSUER_URL: 'https://a.example', API_URL: 'https://b.example' }))
  const { headers } = split.answer(new Request('https://a.example/'), '/')
  assert.match(headers.get('content-security-policy')!, /connect-src 'self' https:\/\/b\.example;/)
  assert.equal(headers.get('strict-transport-security'), 'max-age=63072000')
})

test('config.json tells the page what it needs, and is never kept', async () => {
  const response = ask('/config.json')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.deepEqual(await response.json(), {
    api_url: 'http://localhost:3000',
    sign_up: 'open',
    features: ['organize'],
  })
})

test('config.json says what the API offers, which may be the core alone', async () => {
  const features = async (API_FEATURES: string) => {
    const core = createPage(join(folder, 'dist'), envWith({ API_FEATURES }))
    const { body } = core.answer(new Request('http://localhost:3000/config.json'), '/config.json')
    return ((await new Response(body).json()) as { features: string[] }).features
  }
  assert.deepEqual(await features(''), [])
  assert.deepEqual(await features('organize'), ['organize'])
})

test('every view of the page has an address of its own', () => {
  const views = [
    'today',
    'upcoming',
    'inbox',
    'done',
    'trash',
    'search',
    'lists/01a1',
    'tags/caf%C3%A9',
    'tasks',
  ]
  for (const view of views) assert.equal(ask(`/${view}`).status, 200, view)
  for (const none of ['todays', 'lists', 'lists/', 'lists/a/b', 'tags', 'today/x'])
    assert.equal(ask(`/${none}`).status, 404, none)
})

test('without a built page there is none, and it is not ready', () => {
  const empty = createPage('', envWith({}))
  assert.equal(empty.ready(), false)
  assert.equal(empty.answer(new Request('http://localhost:3000/'), '/').status, 404)
  assert.equal(page.ready(), true)
})
