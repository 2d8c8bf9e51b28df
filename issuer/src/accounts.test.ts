import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { withClient } from '../../standalone/src/database.ts'
import { claimsOf, ISSUER_URL, newEmail, PASSWORD, startIssuer, type TestIssuer } from '../test/issuer.ts'

let issuer: TestIssuer
before(async () => {
  issuer = await startIssuer()
})
after(() => issuer.close())

describe('sign-up and sign-in', () => {
  test('US1.1 sign-up makes the account, signs in and answers an access token', async () => {
    const email = newEmail()
    const browser = issuer.browser()
    const { status, body, headers } = await browser.signUp(email)
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'token_type', 'user'])
    assert.equal(body.user.email, email)
    assert.equal(body.user.name, email.split('@')[0])
    assert.equal(body.token_type, 'Bearer')
    assert.equal(body.expires_in, 3600)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal((await browser.get('/get-session')).body.user.id, body.user.id)
  })

  test('US1.2 sign-in answers the same, with the redirect and url the stock client reads', async () => {
    const email = newEmail()
    await issuer.browser().signUp(email)
    const { status, body } = await issuer.browser().signIn(email.toUpperCase())
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), [
      'access_token',
      'expires_in',
      'redirect',
      'token_type',
      'user',
    ])
    assert.equal(body.redirect, false)
  })

  test('US1.3 a wrong password and an unknown email get the same 401', async () => {
    const email = newEmail()
    await issuer.browser().signUp(email)
    const wrong = await issuer.browser().signIn(email, 'quite another one')
    const unknown = await issuer.browser().signIn(newEmail(), 'quite another one')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.body.code, 'INVALID_EMAIL_OR_PASSWORD')
    assert.equal(unknown.status, 401)
    assert.equal(unknown.text, wrong.text)
    assert.deepEqual([...unknown.headers.keys()], [...wrong.headers.keys()])
  })

  test('US1.4 a taken email is said plainly, in any case of its letters and without a session', async () => {
    const email = newEmail()
    await issuer.browser().signUp(email)
    const again = await issuer.browser().signUp(email.toUpperCase(), 'another good password')
    assert.equal(again.status, 422)
    assert.equal(again.body.code, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
    assert.deepEqual(again.headers.getSetCookie(), [])
  })

  test('of sign-ups with one email at once, one makes the account and the others are told', async () => {
    const email = newEmail()
    const answers = await Promise.all(Array.from({ length: 4 }, () => issuer.browser().signUp(email)))
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 422, 422, 422])
    for (const { status, body } of answers)
      if (status === 422) assert.equal(body.code, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
  })

  test('EC-2 sign-ins of one user at once each get a session of their own', async () => {
    const email = newEmail()
    await issuer.browser().signUp(email)
    const browsers = Array.from({ length: 5 }, () => issuer.browser())
    const answers = await Promise.all(browsers.map(browser => browser.signIn(email)))
    assert.equal(new Set(answers.map(({ body }) => claimsOf(body.access_token).sid)).size, 5)
    for (const browser of browsers) assert.equal((await browser.get('/token')).status, 200)
  })

  test('signing in again in the same browser ends the session it replaces, another user’s too', async () => {
    const [one, other] = [newEmail(), newEmail()]
    await issuer.browser().signUp(other)
    const browser = issuer.browser()
    await browser.signUp(one)
    const replaced = [new Map(browser.cookies)]
    await browser.signIn(one)
    replaced.push(new Map(browser.cookies))
    await browser.signIn(other)
    for (const cookies of replaced) {
      const thief = issuer.browser()
      for (const [name, value] of cookies) thief.cookies.set(name, value)
      assert.equal((await thief.get('/token')).status, 401)
    }
    assert.equal((await browser.get('/token')).status, 200)
  })

  test('a failed sign-in leaves the session of the browser alone', async () => {
    const email = newEmail()
    const browser = issuer.browser()
    await browser.signUp(email)
    assert.equal((await browser.signIn(email, 'quite another one')).status, 401)
    assert.equal((await browser.get('/token')).status, 200)
  })
})

describe('the access token', () => {
  test('FR-018, FR-019 it has exactly the claims of the profile, signed with the first key', async () => {
    const { body } = await issuer.browser().signUp()
    const [header = '', payload = '', signature] = body.access_token.split('.')
    assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), {
      alg: 'HS256',
      kid: 'k1',
      typ: 'at+jwt',
    })
    const claims = claimsOf(body.access_token)
    const names = ['aud', 'email', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub', 'user_id']
    assert.deepEqual(Object.keys(claims).sort(), names)
    assert.equal(claims.sub, body.user.id)
    assert.equal(claims.user_id, body.user.id)
    assert.equal(claims.email, body.user.email)
    assert.equal(claims.iss, ISSUER_URL)
    assert.equal(claims.aud, 'latchkey-api')
    assert.equal((claims.exp as number) - (claims.iat as number), 3600)
    const { secret } = issuer.env.keys[0]!
    const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
    assert.equal(signature, expected)
  })

  test('refresh answers token and access_token alike, of the same session', async () => {
    const browser = issuer.browser()
    const { body: first } = await browser.signUp()
    const { status, body, headers } = await browser.get('/token')
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'token', 'token_type'])
    assert.equal(body.token, body.access_token)
    assert.equal(claimsOf(body.token).sid, claimsOf(first.access_token).sid)
    assert.notEqual(claimsOf(body.token).jti, claimsOf(first.access_token).jti)
    assert.equal(headers.get('cache-control'), 'no-store')
  })

  test('it never outlives its session', async () => {
    const browser = issuer.browser()
    const { body } = await browser.signUp()
    await onDatabase(
      `update auth.session set "expiresAt" = now() + interval '100 s', "createdAt" = now() - interval '30 days' + interval '100 s' where "userId" = $1`,
      [body.user.id],
    )
    const { body: token } = await browser.get('/token')
    assert.ok(token.expires_in <= 101 && token.expires_in > 90, String(token.expires_in))
  })

  test('many refreshes at once make no other session', async () => {
    const browser = issuer.browser()
    const { body } = await browser.signUp()
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.get('/token')))
    const sids = new Set(answers.map(answer => claimsOf(answer.body.access_token).sid))
    assert.deepEqual([...sids], [claimsOf(body.access_token).sid])
  })

  test('without a session, or with a forged cookie, there is no token', async () => {
    assert.equal((await issuer.browser().get('/token')).status, 401)
    const browser = issuer.browser()
    await browser.signUp()
    const [[name, value]] = [...browser.cookies] as [[string, string]]
    browser.cookies.set(name, value.slice(0, -6))
    assert.equal((await browser.get('/token')).status, 401)
  })
})

describe('the session cookie', () => {
  test('is HttpOnly, lax, for the whole origin and seven days', async () => {
    const { headers } = await issuer.browser().signUp()
    const [cookie = '', ...others] = headers.getSetCookie()
    assert.deepEqual(others, [])
    const [pair = '', ...attributes] = cookie.split('; ')
    assert.match(pair, /^latchkey\.session_token=[^=]+$/)
    assert.deepEqual(attributes.sort(), ['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax'])
  })

  test('under https it is bound to the host by its name, and sign-out can take it away', async () => {
    const secure = await startIssuer({ env: { ISSUER_URL: 'https://todo.example.org' } })
    try {
      const browser = secure.browser()
      const { headers } = await browser.signUp()
      const [pair = '', ...attributes] = headers.getSetCookie()[0]!.split('; ')
      assert.match(pair, /^__Host-latchkey\.session_token=/)
      assert.deepEqual(attributes.sort(), ['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure'])
      assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{8}/)
      for (const path of ['/nowhere', '/sign-out', '/revocations']) {
        const { headers } = await secure.browser().get(path)
        assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{8}/, path)
      }
      const out = await browser.post('/sign-out')
      assert.match(
        out.headers.getSetCookie()[0]!,
        /^__Host-latchkey\.session_token=; Max-Age=0; Path=\/;.*Secure/,
      )
      assert.equal(browser.cookies.size, 0)
    } finally {
      await secure.close()
    }
  })

  test('slides while it is used, but no session lives longer than 30 days', async () => {
    const browser = issuer.browser()
    const { body } = await browser.signUp()
    const age = (created: string, expires: string) =>
      onDatabase(
        `update auth.session set "createdAt" = now() - $2::interval, "expiresAt" = now() + $3::interval where "userId" = $1`,
        [body.user.id, created, expires],
      )
    await age('2 days', '5 days')
    const slid = await browser.get('/get-session')
    assert.equal(slid.headers.getSetCookie().length, 1)
    assert.ok(Date.parse(slid.body.session.expiresAt) - Date.now() > 6.9 * 86_400_000)
    await age('29 days', '5 days')
    const bounded = await browser.get('/get-session')
    assert.ok(Date.parse(bounded.body.session.expiresAt) - Date.now() < 86_400_000 + 1000)
    await onDatabase(
      `alter table auth.session disable trigger session_age_bounded;
       update auth.session set "expiresAt" = now() - interval '1 s';
       alter table auth.session enable trigger session_age_bounded`,
    )
    assert.equal((await browser.get('/get-session')).text, 'null')
    assert.equal((await browser.get('/token')).status, 401)
  })
})

describe('who may sign up', () => {
  test('SIGN_UP=closed takes nobody, and says so', async () => {
    const closed = await startIssuer({ env: { SIGN_UP: 'closed' }, database: issuer.database })
    const { status, body } = await closed.browser().signUp()
    assert.equal(status, 403)
    assert.equal(body.code, 'SIGN_UP_CLOSED')
    await closed.stop()
  })

  test('SIGN_UP=first takes one account, however many ask at once', async () => {
    const first = await startIssuer({ env: { SIGN_UP: 'first' } })
    for (let round = 0; round < 5; round += 1) {
      const browsers = [first.browser(), first.browser(), first.browser()]
      const answers = await Promise.all(browsers.map(browser => browser.signUp()))
      assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 403, 403])
      const refused = answers.filter(answer => answer.status === 403)
      for (const { body, headers } of refused) {
        assert.equal(body.code, 'SIGN_UP_CLOSED')
        assert.equal(body.access_token, undefined)
        assert.deepEqual(headers.getSetCookie(), [])
      }
      assert.equal((await first.browser().signUp()).status, 403)
      const owner = browsers[answers.findIndex(answer => answer.status === 200)]!
      assert.equal((await owner.get('/token')).status, 200)
      assert.equal((await owner.post('/delete-user', { password: PASSWORD })).status, 200)
    }
    await first.close()
  })

  test('a name is kept as given; nothing else about a person can be chosen', async () => {
    const browser = issuer.browser()
    const named = await browser.post('/sign-up/email', {
      email: newEmail(),
      password: PASSWORD,
      name: 'Ada ✨',
    })
    assert.equal(named.body.user.name, 'Ada ✨')
    for (const field of ['id', 'emailVerified', 'image', 'createdAt', 'updatedAt', 'role']) {
      const { status, body } = await issuer
        .browser()
        .post('/sign-up/email', { email: newEmail(), password: PASSWORD, [field]: true })
      if (status === 200) assert.equal(body.user[field], undefined)
      else assert.equal(status, 400, field)
    }
  })

  test('weak passwords are refused with a code of their own', async () => {
    const refused = {
      short: 'PASSWORD_TOO_SHORT',
      password1234: 'PASSWORD_TOO_COMMON',
      ['x'.repeat(129)]: 'PASSWORD_TOO_LONG',
    }
    for (const [password, code] of Object.entries(refused)) {
      const { status, body } = await issuer.browser().signUp(newEmail(), password)
      assert.equal(status, 400)
      assert.equal(body.code, code)
    }
    const { body } = await issuer.browser().signUp('theodora.k@example.org', 'theodorak2026!')
    assert.equal(body.code, 'PASSWORD_CONTAINS_ACCOUNT')
    for (const password of [
      'twelve chars',
      'x'.repeat(64) + 'y'.repeat(64),
      'пароль очень длинный',
      '🦔🦔🦔🦦🦦🦦🐢🐢',
    ])
      assert.equal((await issuer.browser().signUp(newEmail(), password)).status, 200, password)
  })
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())

function onDatabase(text: string, values?: unknown[]): Promise<unknown> {
  return withClient(issuer.database.adminUrl, client => client.query(text, values))
}
