import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimsOf, newEmail, PASSWORD, startIssuer, type TestIssuer } from '../test/issuer.ts'

let issuer: TestIssuer
before(async () => {
  issuer = await startIssuer({ env: { LIMIT_FAILURES_PER_ACCOUNT_AND_ADDRESS: '2' } })
})
after(() => issuer.close())

test('FR-016 each thing that happens to an account is one line with its name, person and session', async () => {
  const email = newEmail()
  const browser = issuer.browser('192.0.2.7')
  const { body } = await browser.signUp(email)
  const { sub, sid } = claimsOf(body.access_token)
  await browser.get('/token')
  await issuer.browser('192.0.2.7').get('/token')
  await issuer.browser('192.0.2.7').signUp(email)
  await browser.signIn(email, 'quite another one')
  await browser.post('/change-password', {
    currentPassword: 'quite another one',
    newPassword: 'amber badger window',
  })
  await browser.signIn(email)
  await browser.post('/change-password', { currentPassword: PASSWORD, newPassword: 'amber badger window' })
  await browser.post('/revoke-other-sessions')
  await browser.post('/delete-user', { password: PASSWORD })
  await browser.post('/delete-user', { password: 'amber badger window' })
  await browser.post('/sign-out')
  const told = issuer.events().filter(event => event.event !== 'sys_startup')
  assert.deepEqual(
    told.map(event => event.event),
    [
      'user_created',
      'authn_token_created',
      'authn_token_refused',
      'user_create_fail',
      'authn_login_fail',
      'authn_password_change_fail',
      'excess_rate_limit_exceeded',
      'excess_rate_limit_exceeded',
      'session_revoked',
      'excess_rate_limit_exceeded',
      'excess_rate_limit_exceeded',
      'session_revoked',
    ],
  )
  assert.equal(told[0]!.actor, sub)
  assert.equal(told[0]!.sid, sid)
  for (const event of told) {
    assert.match(String(event.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.ok(['info', 'warn'].includes(String(event.level)))
    assert.match(String(event.request_id), /^[0-9a-f-]{36}$/)
    assert.equal(event.client, '192.0.2.7')
    assert.equal(typeof event.status, 'number')
  }
  assert.equal(told.at(-1)!.actor, sub)
})

test('what a visitor sends forges no line and is in none', async () => {
  const forged = 'x\r\n{"level":"info","event":"authn_login_success"}\u001b[2J\u2028'
  const before = issuer.lines.length
  for (const path of ['/sign-in/email', '/sign-up/email', '/revoke-session'])
    await issuer.browser().post(path, { email: forged, password: forged, token: forged, name: forged })
  await issuer.ask(`/api/auth/sign-in/email?${encodeURIComponent(forged)}`, {
    method: 'POST',
    body: { email: forged, password: forged },
    headers: { 'user-agent': 'forged \u00ff agent' },
  })
  await issuer.poll({ instance: forged }, { headers: { authorization: 'Bearer forged' } })
  const lines = issuer.lines.slice(before)
  assert.equal(lines.length, 5)
  for (const line of lines) {
    assert.equal(line.indexOf('\n'), line.length - 1)
    assert.ok(!line.includes('authn_login_success') && !line.includes('forged'))
  }
})

test('a flood of what strangers can cause is sampled, and none is forgotten', async () => {
  const ask = () => issuer.poll({}, { headers: { authorization: 'Bearer guessed' } })
  const before = issuer.events('authn_feed_rejected').length
  await Promise.all(Array.from({ length: 500 }, ask))
  const written = () => issuer.events('authn_feed_rejected').slice(before)
  const shown = written().length
  assert.ok(shown < 500, `${shown} lines`)
  const counted = () => written().reduce((sum, { suppressed = 0 }) => sum + 1 + Number(suppressed), 0)
  let asked = 500
  for (; counted() < asked && asked < 5_000; asked += 1) {
    await sleep(20)
    await ask()
  }
  assert.equal(counted(), asked)
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())
