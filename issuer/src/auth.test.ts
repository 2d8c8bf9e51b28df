import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { createAuthClient } from 'better-auth/client'
import { jwtClient } from 'better-auth/client/plugins'
import { getMigrations } from 'better-auth/db/migration'
import { createLocalJWKSet, jwtVerify } from 'jose'
import pino from 'pino'
import {
  type Browser,
  claimsOf,
  createSource,
  ISSUER_URL,
  newEmail,
  PASSWORD,
  startIssuer,
  type TestIssuer,
} from '../test/issuer.ts'
import { createAccessTokens } from './access-token.ts'
import { createAuth } from './auth.ts'
import { openDatabase } from './database.ts'
import { readIssuerEnv } from './env.ts'

let issuer: TestIssuer
before(async () => {
  issuer = await startIssuer()
})
after(() => issuer.close())

test('Better Auth finds nothing to create or add: the migrations are the schema it expects', async () => {
  const db = openDatabase(issuer.database.issuerUrl)
  const { auth } = createAuth({ env: issuer.env, db, log: pino({ level: 'silent' }) })
  const { toBeCreated, toBeAdded } = await getMigrations(auth.options)
  assert.deepEqual(toBeCreated, [])
  assert.deepEqual(toBeAdded, [])
  await db.destroy()
})

test('the stock Better Auth client works unchanged', async () => {
  const browser = issuer.browser()
  const client = createAuthClient({
    baseURL: `${ISSUER_URL}/api/auth`,
    plugins: [jwtClient()],
    fetchOptions: { customFetchImpl: (input, init) => fetchAs(browser, String(input), init) },
  })
  const email = newEmail()
  const signedUp = await client.signUp.email({ email, password: PASSWORD, name: 'Ada' })
  assert.equal(signedUp.error, null)
  assert.equal((await client.signIn.email({ email, password: PASSWORD })).data?.user.email, email)
  const { data: session } = await client.getSession()
  assert.equal(session?.user.name, 'Ada')
  const { data: token } = await client.token()
  assert.equal(claimsOf(token!.token).sid, session!.session.id)

  const phone = issuer.browser()
  await phone.signIn(email)
  const { data: sessions } = await client.listSessions()
  assert.equal(sessions?.length, 2)
  const other = sessions!.find(one => one.id !== session!.session.id)!
  assert.equal((await client.revokeSession({ token: other.token })).error, null)
  assert.equal((await phone.get('/token')).status, 401)
  assert.equal((await client.revokeOtherSessions()).error, null)

  const newPassword = 'amber badger window'
  assert.equal((await client.changePassword({ currentPassword: PASSWORD, newPassword })).error, null)
  assert.equal((await client.signOut()).error, null)
  assert.equal((await client.getSession()).data, null)
  assert.equal((await client.signIn.email({ email, password: PASSWORD })).error?.status, 401)
  assert.equal((await client.signIn.email({ email, password: newPassword })).error, null)
  assert.equal((await client.deleteUser({ password: newPassword })).error, null)
  assert.equal((await client.getSession()).data, null)
})

describe('EC-7 a new AUTH_SECRET before the old one', () => {
  test('signs nobody out, and keeps a session of one sitting what it was', async () => {
    const [old, fresh] = [issuer.source.AUTH_SECRET!, randomBytes(32).toString('base64url')]
    const email = newEmail()
    const browser = issuer.browser()
    await browser.signUp(email)
    const sitting = issuer.browser()
    await sitting.post('/sign-in/email', { email, password: PASSWORD, rememberMe: false })
    assert.equal(sitting.cookies.size, 2)
    const env = { ...issuer.source, AUTH_SECRET: `${fresh},${old}` }
    const rotated = await startIssuer({ database: issuer.database, env })
    for (const [before, cookies] of [
      [1, browser.cookies],
      [2, sitting.cookies],
    ] as const) {
      const person = rotated.browser()
      for (const [name, value] of cookies) person.cookies.set(name, value)
      const { status, headers } = await person.get('/token')
      assert.equal(status, 200)
      if (before === 2) assert.ok(!headers.getSetCookie().some(cookie => /max-age/i.test(cookie)))
    }
    await rotated.stop()
    const forgotten = await startIssuer({
      database: issuer.database,
      env: { ...issuer.source, AUTH_SECRET: fresh },
    })
    const person = forgotten.browser()
    for (const [name, value] of browser.cookies) person.cookies.set(name, value)
    assert.equal((await person.get('/token')).status, 401)
    await forgotten.stop()
  })

  test('a session of one sitting does not slide, under the new secret either', async () => {
    const [old, fresh] = [issuer.source.AUTH_SECRET!, randomBytes(32).toString('base64url')]
    const email = newEmail()
    await issuer.browser().signUp(email)
    const sitting = issuer.browser()
    await sitting.post('/sign-in/email', { email, password: PASSWORD, rememberMe: false })
    const rotated = await startIssuer({
      database: issuer.database,
      env: { ...issuer.source, AUTH_SECRET: `${fresh},${old}` },
    })
    const person = rotated.browser()
    for (const [name, value] of sitting.cookies) person.cookies.set(name, value)
    const { body, headers } = await person.get('/get-session')
    assert.ok(Date.parse(body.session.expiresAt) - Date.now() <= 86_400_000)
    assert.deepEqual(headers.getSetCookie(), [])
    await rotated.stop()
  })
})

describe('EdDSA', () => {
  test('tokens have the same profile, verify by the JWKS, and outlive a rotation of AUTH_SECRET', async () => {
    const source = { ACCESS_TOKEN_ALG: 'EdDSA', ACCESS_TOKEN_KEYS: '' }
    const first = await startIssuer({ env: source })
    const { body } = await first.browser().signUp()
    const { body: jwks } = await first.ask('/api/auth/jwks')
    assert.deepEqual(Object.keys(jwks.keys[0]).sort(), ['alg', 'crv', 'kid', 'kty', 'x'])
    await first.stop()
    const AUTH_SECRET = `${randomBytes(32).toString('base64url')},${first.source.AUTH_SECRET}`
    const second = await startIssuer({ database: first.database, env: { ...first.source, AUTH_SECRET } })
    const { body: again } = await second.browser().signUp()
    const { body: jwksAgain } = await second.ask('/api/auth/jwks')
    assert.deepEqual(jwksAgain, jwks)
    for (const { access_token } of [body, again]) {
      const options = { issuer: ISSUER_URL, audience: 'latchkey-api', typ: 'at+jwt', algorithms: ['EdDSA'] }
      const { payload, protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(jwks), options)
      assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ'])
      assert.deepEqual(Object.keys(payload).sort(), [
        'aud',
        'email',
        'exp',
        'iat',
        'iss',
        'jti',
        'sid',
        'sub',
        'user_id',
      ])
      assert.equal(payload.exp! - payload.iat!, 3600)
    }
    await second.close()
  })

  test('under HS256 there is no JWKS', async () => {
    assert.equal((await issuer.ask('/api/auth/jwks')).status, 404)
  })
})

test('FR-020 the lifetime is what was configured', async () => {
  const short = await startIssuer({ database: issuer.database, env: { ACCESS_TOKEN_TTL: '60' } })
  const { body } = await short.browser().signUp()
  const { iat, exp } = claimsOf(body.access_token) as { iat: number; exp: number }
  assert.deepEqual([body.expires_in, exp - iat], [60, 60])
  await short.stop()
})

test('EC-7 of several keys the first signs', async () => {
  const [fresh, old] = [randomBytes(32), randomBytes(32)].map(key => key.toString('base64url'))
  const rotated = await startIssuer({
    database: issuer.database,
    env: { ACCESS_TOKEN_KEYS: `k2:${fresh},k1:${old}` },
  })
  const { body } = await rotated.browser().signUp()
  const { protectedHeader } = await jwtVerify(body.access_token, Buffer.from(fresh!, 'base64url'))
  assert.equal(protectedHeader.kid, 'k2')
  await rotated.stop()
})

test('the self-test refuses a jwt plugin that signs otherwise', async () => {
  // An altered copy: `algorithm: 'HS256'` in the place of the sign callback, which Better Auth takes and ignores.
  const text = readFileSync(new URL('./access-token.ts', import.meta.url), 'utf8')
  const altered = text
    .replace('sign: payload => signHs256(payload)', `algorithm: 'HS256'`)
    .replace('{ jwks: NO_JWKS }', `{ jwks: { keyPairConfig: { alg: 'EdDSA' } } }`)
  assert.notEqual(altered, text)
  const { writeFileSync, rmSync } = await import('node:fs')
  const copy = new URL(`./access-token.altered-${process.pid}.ts`, import.meta.url)
  writeFileSync(copy, altered)
  try {
    const { createAccessTokens: createAltered } = (await import(copy.href)) as {
      createAccessTokens: typeof createAccessTokens
    }
    const { env } = readIssuerEnv(createSource(issuer.database))
    const db = openDatabase(issuer.database.issuerUrl)
    const { auth } = createAuth({ env: env!, db, log: pino({ level: 'silent' }) })
    const context = { context: await auth.$context } as never
    await assert.rejects(createAltered(env!).selfTest(context, async () => ({ keys: [] })))
    await createAccessTokens(env!).selfTest(context, async () => ({ keys: [] }))
    await db.destroy()
  } finally {
    rmSync(copy)
  }
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())

async function fetchAs(browser: Browser, url: string, init: RequestInit = {}): Promise<Response> {
  const path = url.slice(`${ISSUER_URL}/api/auth`.length)
  const body = init.body ? JSON.parse(String(init.body)) : {}
  const { status, text, headers } =
    init.method === 'POST' ? await browser.post(path, body) : await browser.get(path)
  return new Response(text, { status, headers })
}
