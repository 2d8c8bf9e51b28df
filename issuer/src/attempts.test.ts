import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../../standalone/src/database.ts'
import { newEmail, PASSWORD, startIssuer, type TestIssuer } from '../test/issuer.ts'

const WRONG = 'quite another one'
let issuer: TestIssuer
before(async () => {
  issuer = await startIssuer()
})
after(() => issuer.close())

let addresses = 0
function newAddress(): string {
  addresses += 1
  return `198.51.${Math.floor(addresses / 250)}.${addresses % 250}`
}

function guess(email: string, from: string, password = WRONG, headers = {}) {
  return issuer.ask('/api/auth/sign-in/email', { method: 'POST', body: { email, password }, from, headers })
}

/** As many failures of others as it takes, without the argon2 of each. */
async function fail(email: string, times: number, from: () => string): Promise<void> {
  await Promise.all(Array.from({ length: times }, () => guess(email, from(), 'x'.repeat(200))))
}

async function person() {
  const email = newEmail()
  const home = newAddress()
  await issuer.browser(newAddress()).signUp(email)
  return { email, home }
}

describe('failed sign-ins', () => {
  test('ten from one account and address, then 429 with Retry-After, the right password too', async () => {
    const { email, home } = await person()
    for (let attempt = 0; attempt < 10; attempt += 1) assert.equal((await guess(email, home)).status, 401)
    const { status, body, headers } = await guess(email, home, PASSWORD)
    assert.equal(status, 429)
    assert.equal(body.code, 'TOO_MANY_ATTEMPTS')
    const seconds = Number(headers.get('retry-after'))
    assert.ok(seconds > 880 && seconds <= 900, String(seconds))
    assert.equal((await guess(email, newAddress(), PASSWORD)).status, 200)
    assert.equal(issuer.events('excess_rate_limit_exceeded').at(-1)!.client, home)
  })

  test('an account nobody has is limited alike', async () => {
    const [email, home] = [newEmail(), newAddress()]
    const statuses = []
    for (let attempt = 0; attempt < 11; attempt += 1) statuses.push((await guess(email, home)).status)
    assert.deepEqual(statuses, [...Array(10).fill(401), 429])
  })

  test('guesses at once do not slip through', async () => {
    const { email, home } = await person()
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess(email, home)))
    assert.equal(answers.filter(({ status }) => status === 401).length, 10)
    assert.equal(answers.filter(({ status }) => status === 429).length, 20)
  })

  test('other spellings of the email are the same account', async () => {
    const { email, home } = await person()
    for (let attempt = 0; attempt < 10; attempt += 1)
      await guess(attempt % 2 ? email.toUpperCase() : email, home, 'x'.repeat(200))
    assert.equal((await guess(email.replace('p', 'P'), home)).status, 429)
  })

  test('a success takes its failures back', async () => {
    const { email, home } = await person()
    await fail(email, 9, () => home)
    assert.equal((await guess(email, home, PASSWORD)).status, 200)
    await fail(email, 9, () => home)
    assert.equal((await guess(email, home, PASSWORD)).status, 200)
  })

  test('a hundred from one address, over any accounts; a forged X-Forwarded-For is no other address', async () => {
    const { email } = await person()
    const from = newAddress()
    for (let part = 0; part < 10; part += 1) await fail(newEmail(), 10, () => from)
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'x-latchkey-client'])
      assert.equal((await guess(email, from, PASSWORD, { [name]: newAddress() })).status, 429)
    assert.equal((await guess(email, newAddress(), PASSWORD)).status, 200)
  })

  test('a hundred of one account from everywhere; its owner still gets in from an address of before', async () => {
    const { email, home } = await person()
    assert.equal((await guess(email, home, PASSWORD)).status, 200)
    await fail(email, 101, newAddress)
    assert.equal((await guess(email, newAddress(), PASSWORD)).status, 429)
    assert.equal((await guess(email, home, PASSWORD)).status, 200)
    assert.equal((await guess(email, home)).status, 401)
  })

  test('a network of IPv6 counts as one address', async () => {
    const { email } = await person()
    for (let attempt = 0; attempt < 10; attempt += 1)
      await guess(email, `2001:db8:1:2::${attempt}`, 'x'.repeat(200))
    assert.equal((await guess(email, '2001:db8:1:2:ffff::1', PASSWORD)).status, 429)
    assert.equal((await guess(email, '2001:db8:1:3::1', PASSWORD)).status, 200)
  })

  test('are forgotten when their window is over', async () => {
    const { email, home } = await person()
    await fail(email, 10, () => home)
    assert.equal((await guess(email, home, PASSWORD)).status, 429)
    await withClient(issuer.database.adminUrl, client =>
      client.query(`update auth.attempt set window_ends = now() - interval '1 s'`),
    )
    assert.equal((await guess(email, home, PASSWORD)).status, 200)
  })

  test('no email and no address is kept to count them', async () => {
    const { email, home } = await person()
    await guess(email, home)
    const { rows } = await withClient(issuer.database.adminUrl, client =>
      client.query(`select key from auth.attempt union all select key from auth.familiar_address`),
    )
    assert.ok(rows.length > 3)
    for (const { key } of rows) assert.match(key, /^[a-z]+:[\w-]{43}$/)
  })
})

test('people who went away while they waited are in nobody’s way', async () => {
  const { email, home } = await person()
  const leaving: AbortController[] = []
  const crowd: Promise<unknown>[] = []
  let isFull = false
  // More than can stand in line, whatever the machine answers meanwhile.
  for (let part = 0; part < 60 && !isFull; part += 1) {
    const some = Array.from({ length: 20 }, async () => {
      const controller = new AbortController()
      leaving.push(controller)
      const body = { email: newEmail(), password: WRONG }
      const ask = { method: 'POST', body, from: newAddress(), signal: controller.signal }
      const { body: said } = await issuer.ask('/api/auth/sign-in/email', ask)
      if (said.code === 'BUSY') isFull = true
    })
    crowd.push(...some)
    await Promise.race([...some, sleep(50)])
  }
  for (const controller of leaving) controller.abort()
  // What a busy database still has to answer is soon over; a line of people who are not there would not be.
  let { status } = await guess(email, home, PASSWORD)
  for (let tries = 0; status === 503 && tries < 10; tries += 1) {
    await sleep(100)
    status = (await guess(email, home, PASSWORD)).status
  }
  assert.equal(status, 200)
  await Promise.all(crowd)
})

test('a sign-in that failed for other reasons than its password is no failed attempt', async () => {
  const { email, home } = await person()
  const failing = (statement: string) =>
    withClient(issuer.database.adminUrl, client => client.query(statement))
  await failing('revoke insert on auth.session from latchkey_issuer')
  const answers = []
  for (let attempt = 0; attempt < 10; attempt += 1) answers.push(await guess(email, home, PASSWORD))
  await failing('grant insert on auth.session to latchkey_issuer')
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array(10).fill(503),
  )
  assert.equal((await guess(email, home, PASSWORD)).status, 200)
})

test('changing the password and deleting the account are no way to guess it', async () => {
  for (const [path, body] of [
    ['/change-password', { currentPassword: WRONG, newPassword: 'amber badger window' }],
    ['/delete-user', { password: WRONG }],
  ] as const) {
    const email = newEmail()
    const browser = issuer.browser(newAddress())
    await browser.signUp(email)
    const statuses = []
    for (let attempt = 0; attempt < 11; attempt += 1) statuses.push((await browser.post(path, body)).status)
    assert.deepEqual(statuses, [...Array(10).fill(400), 429])
    assert.equal((await browser.get('/token')).status, 200)
  }
})

test('sixty good sign-ins at once are not limited; more than 600 attempts a minute are', async () => {
  const { email } = await person()
  const from = newAddress()
  const answers = await Promise.all(Array.from({ length: 60 }, () => guess(email, from, PASSWORD)))
  for (const { status } of answers) assert.equal(status, 200)
  await withClient(issuer.database.adminUrl, client =>
    client.query(`update auth.attempt set failures = 600 where key like 'pace:%' and failures >= 60`),
  )
  const { status, headers } = await guess(email, from, PASSWORD)
  assert.equal(status, 429)
  assert.ok(Number(headers.get('retry-after')) <= 60)
})

test('behind a trusted proxy the address is the one the proxy saw', async () => {
  const proxied = await startIssuer({ database: issuer.database, env: { TRUSTED_PROXIES: '10.0.0.0/8' } })
  const email = newEmail()
  const ask = (forwarded: string) =>
    proxied.ask('/api/auth/sign-in/email', {
      method: 'POST',
      body: { email, password: 'x'.repeat(200) },
      from: '10.1.2.3',
      headers: { 'x-forwarded-for': forwarded },
    })
  for (let attempt = 0; attempt < 10; attempt += 1) await ask(`203.0.113.${attempt}, 192.0.2.9, 10.9.9.9`)
  assert.equal((await ask('192.0.2.9')).status, 429)
  assert.equal((await ask('192.0.2.10')).status, 400)
  await proxied.stop()
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())
