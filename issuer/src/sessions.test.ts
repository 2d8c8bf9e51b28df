import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { withClient } from '../../standalone/src/database.ts'
import { type Browser, claimsOf, newEmail, PASSWORD, startIssuer, type TestIssuer } from '../test/issuer.ts'

const NEW_PASSWORD = 'amber badger window'
let issuer: TestIssuer
before(async () => {
  issuer = await startIssuer({
    env: { LIMIT_FAILURES_PER_ADDRESS: '100000', LIMIT_ATTEMPTS_PER_MINUTE: '100000' },
  })
})
after(() => issuer.close())

describe('EC-8 sessions', () => {
  test('are listed and ended one by one, by their ids', async () => {
    const { email, browser, sid } = await signedUp()
    const phone = issuer.browser()
    const { body } = await phone.signIn(email)
    const phoneSid = claimsOf(body.access_token).sid
    const { body: list } = await browser.get('/list-sessions')
    assert.deepEqual(list.map((one: { id: string }) => one.id).sort(), [sid, phoneSid].sort())
    for (const one of list) assert.equal(one.token, one.id)
    assert.equal((await browser.post('/revoke-session', { token: phoneSid })).status, 200)
    assert.equal((await phone.get('/token')).status, 401)
    assert.equal((await browser.get('/token')).status, 200)
    assert.ok(await isRevoked(phoneSid as string))
  })

  test('of another person are untouched, and neither the answer nor the log says otherwise', async () => {
    const victim = await signedUp()
    const thief = await signedUp()
    const asked = [victim.sid, victim.token, randomUUID()]
    const answers = []
    for (const token of asked) answers.push(await thief.browser.post('/revoke-session', { token }))
    for (const { status, text } of answers) {
      assert.equal(status, 200)
      assert.equal(text, answers[0]!.text)
    }
    assert.equal((await victim.browser.get('/token')).status, 200)
    const said = issuer.events('session_revoked').filter(event => event.actor === thief.id)
    assert.deepEqual(
      said.map(event => event.sid),
      [undefined, undefined, undefined],
    )
  })

  test('whatever text is sent for an id, a cookie or a password, is not logged', async () => {
    const { browser, token } = await signedUp()
    await browser.post('/revoke-session', { token: 'my password is violet' })
    assert.ok(!issuer.lines.join('').includes('violet'))
    await browser.post('/revoke-session', { token })
    assert.equal((await browser.get('/token')).status, 401)
    assert.ok(!issuer.lines.join('').includes(token))
  })

  test('all others end together; then all', async () => {
    const { email, browser } = await signedUp()
    const others = [issuer.browser(), issuer.browser(), issuer.browser()]
    for (const one of others) await one.signIn(email)
    assert.equal((await browser.post('/revoke-other-sessions')).status, 200)
    for (const one of others) assert.equal((await one.get('/token')).status, 401)
    assert.equal((await browser.get('/token')).status, 200)
    assert.equal((await browser.post('/revoke-sessions')).status, 200)
    assert.equal((await browser.get('/token')).status, 401)
  })

  test('without one, nothing can be listed or ended', async () => {
    const visitor = issuer.browser()
    assert.equal((await visitor.get('/list-sessions')).status, 401)
    for (const path of ['/revoke-session', '/revoke-sessions', '/revoke-other-sessions'])
      assert.equal((await visitor.post(path, { token: 'x' })).status, 401)
    assert.equal(
      (await visitor.post('/change-password', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }))
        .status,
      401,
    )
    assert.equal((await visitor.post('/delete-user', { password: PASSWORD })).status, 401)
  })

  test('US3.3, FR-007 sign-out ends the session, takes the cookie and may be repeated', async () => {
    const { browser, sid } = await signedUp()
    const copy = copyOf(browser)
    const { status, body } = await browser.post('/sign-out')
    assert.deepEqual([status, body.success], [200, true])
    assert.equal(browser.cookies.size, 0)
    assert.ok(await isRevoked(sid))
    assert.equal((await copy.get('/token')).status, 401)
    assert.equal((await copy.get('/get-session')).text, 'null')
    assert.equal((await copyOf(copy).post('/sign-out')).status, 200)
    assert.equal((await issuer.browser().post('/sign-out')).status, 200)
  })
})

describe('a password change', () => {
  test('ends every other session whatever the client asks for, and signs this browser in anew', async () => {
    const { email, browser, sid } = await signedUp()
    const old = copyOf(browser)
    const phone = issuer.browser()
    await phone.signIn(email)
    const { status, body } = await browser.post('/change-password', {
      currentPassword: PASSWORD,
      newPassword: NEW_PASSWORD,
      revokeOtherSessions: false,
    })
    assert.equal(status, 200)
    assert.notEqual(claimsOf(body.access_token).sid, sid)
    assert.equal(body.token, undefined)
    assert.equal((await browser.get('/token')).status, 200)
    for (const one of [old, phone]) assert.equal((await one.get('/token')).status, 401)
    assert.equal((await issuer.browser().signIn(email)).status, 401)
    assert.equal((await issuer.browser().signIn(email, NEW_PASSWORD)).status, 200)
  })

  test('needs the current password, and one that may be a password', async () => {
    const { browser, email } = await signedUp()
    const refused = [
      [{ currentPassword: 'quite another one', newPassword: NEW_PASSWORD }, 'INVALID_PASSWORD'],
      [{ currentPassword: PASSWORD, newPassword: 'short' }, 'PASSWORD_TOO_SHORT'],
      [{ currentPassword: PASSWORD, newPassword: 'password1234' }, 'PASSWORD_TOO_COMMON'],
      [{ currentPassword: PASSWORD, newPassword: `${email.split('@')[0]}` }, 'PASSWORD_CONTAINS_ACCOUNT'],
      [{ newPassword: NEW_PASSWORD }, undefined],
      [{ currentPassword: PASSWORD }, undefined],
      [{ currentPassword: { a: 1 }, newPassword: NEW_PASSWORD }, undefined],
    ] as const
    for (const [sent, code] of refused) {
      const { status, body } = await browser.post('/change-password', sent)
      assert.equal(status, 400, JSON.stringify(sent))
      if (code) assert.equal(body.code, code)
    }
    assert.equal((await browser.get('/token')).status, 200)
  })

  test('leaves no session of the old password, whenever its sign-in was under way', async () => {
    let refused = 0
    // Sign-ins spread ever wider, until on this machine some of them were overtaken by the change.
    for (let round = 0; round < 12 || (refused === 0 && round < 60); round += 1) {
      const { email, browser } = await signedUp()
      const late = Array.from({ length: 4 }, () => issuer.browser())
      const signIns = late.map(async (one, at) => {
        await new Promise(resolve => setTimeout(resolve, at * 10 * (1 + (round % 6))))
        return await one.signIn(email)
      })
      const { status } = await browser.post('/change-password', {
        currentPassword: PASSWORD,
        newPassword: NEW_PASSWORD,
      })
      assert.equal(status, 200)
      const answers = await Promise.all(signIns)
      for (const [at, answer] of answers.entries()) {
        assert.equal((await late[at]!.get('/token')).status, 401, `round ${round}, sign-in ${at}`)
        if (answer.status === 200) continue
        assert.equal(answer.status, 401)
        assert.deepEqual(answer.headers.getSetCookie(), [])
        refused += 1
      }
      assert.equal((await browser.get('/token')).status, 200)
    }
    assert.ok(refused > 0)
  })

  test('of two at once one wins, and its password is the one that works', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { email, browser } = await signedUp()
      const other = issuer.browser()
      await other.signIn(email)
      const passwords = ['first new password', 'second new password']
      const answers = await Promise.all(
        [browser, other].map((one, at) =>
          one.post('/change-password', { currentPassword: PASSWORD, newPassword: passwords[at] }),
        ),
      )
      const won = answers.flatMap(({ status }, at) => (status === 200 ? [passwords[at]!] : []))
      assert.equal(won.length, 1, answers.map(answer => answer.text).join())
      for (const password of passwords) {
        const expected = password === won[0] ? 200 : 401
        assert.equal((await issuer.browser().signIn(email, password)).status, expected)
      }
    }
  })

  test('is written once: a hash set by an administrator meanwhile is not written over', async () => {
    const { id, browser } = await signedUp()
    // Better Auth's own write would come second; a trigger stands in for the administrator between the two.
    await query(`create function auth.between() returns trigger language plpgsql as $$ begin
        update auth.account set password = 'set by an administrator' where id = new.id and password = new.password;
        return null; end $$`)
    await query(`create trigger between after update on auth.account for each row
      when (old.password like '$argon2id$%' and new.password like '$argon2id$%') execute function auth.between()`)
    await browser.post('/change-password', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD })
    await query('drop trigger between on auth.account; drop function auth.between')
    const { rows } = await query('select password from auth.account where "userId" = $1', [id])
    assert.equal(rows[0].password, 'set by an administrator')
    assert.equal((await browser.get('/token')).status, 401)
  })
})

describe('EC-5 deleting the account', () => {
  test('needs the password, and ends every session with it', async () => {
    const { id, email, browser, sid } = await signedUp()
    await query(`select set_config('app.subject', '${id}', false);
      insert into todo.task (id, title, updated_at, revision) values (gen_random_uuid(), 't', now(), 1)`)
    const phone = issuer.browser()
    await phone.signIn(email)
    for (const body of [
      {},
      { password: '' },
      { password: 'quite another one' },
      { token: 'x' },
      { password: PASSWORD, token: 'x' },
    ])
      assert.equal((await browser.post('/delete-user', body)).status, 400, JSON.stringify(body))
    assert.equal((await browser.get('/token')).status, 200)
    const { status } = await browser.post('/delete-user', { password: PASSWORD })
    assert.equal(status, 200)
    assert.equal(browser.cookies.size, 0)
    assert.equal((await phone.get('/token')).status, 401)
    assert.ok(await isRevoked(sid))
    for (const table of ['"user"', 'session', 'account'])
      assert.equal(
        (await query(`select from auth.${table} where ${table === '"user"' ? 'id' : '"userId"'} = $1`, [id]))
          .rows.length,
        0,
      )
    assert.equal((await query('select from todo.task where user_id = $1', [id])).rows.length, 0)
    assert.equal((await issuer.browser().signIn(email)).status, 401)
  })

  test('the email may be registered again, as another person', async () => {
    const { id, email, browser } = await signedUp()
    await browser.post('/delete-user', { password: PASSWORD })
    const { body } = await issuer.browser().signUp(email)
    assert.notEqual(body.user.id, id)
  })

  test('leaves nothing of a sign-in under way, which is told the credentials are wrong', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id, email, browser } = await signedUp()
      const late = Array.from({ length: 4 }, () => issuer.browser())
      const signIns = late.map(async (one, at) => {
        await new Promise(resolve => setTimeout(resolve, at * 10))
        return await one.signIn(email)
      })
      assert.equal((await browser.post('/delete-user', { password: PASSWORD })).status, 200)
      for (const { status } of await Promise.all(signIns))
        assert.ok([200, 401].includes(status), String(status))
      for (const one of late) assert.equal((await one.get('/token')).status, 401)
      assert.equal((await query('select from auth.session where "userId" = $1', [id])).rows.length, 0)
    }
  })
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())

async function signedUp() {
  const email = newEmail()
  const browser = issuer.browser()
  const { body } = await browser.signUp(email)
  const { sid } = claimsOf(body.access_token) as { sid: string }
  const token = decodeURIComponent([...browser.cookies.values()][0]!).split('.')[0]!
  return { id: body.user.id as string, email, browser, sid, token }
}

function copyOf(browser: Browser): Browser {
  const copy = issuer.browser()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

async function isRevoked(sid: string): Promise<boolean> {
  return (await query('select from auth.revocation where sid = $1', [sid])).rows.length === 1
}

function query(text: string, values?: unknown[]) {
  return withClient(issuer.database.adminUrl, client => client.query(text, values))
}
