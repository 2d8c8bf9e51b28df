import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../../standalone/src/database.ts'
import { startReader } from '../test/feed-reader.ts'
import { claimsOf, startIssuer, type TestIssuer } from '../test/issuer.ts'
import { openDatabase } from './database.ts'
import { createNotifications } from './notifications.ts'
import { createRevocations, LEASE_MS, PAGE, SILENCE_MS } from './revocations.ts'

let issuer: TestIssuer
let other: TestIssuer
before(async () => {
  issuer = await startIssuer()
  other = await startIssuer({ database: issuer.database })
  // A database seen for the first time is waited out once: not what these tests are about.
  await Promise.all([issuer.browser().post('/sign-out'), other.browser().post('/sign-out')])
})
after(async () => {
  await other.stop()
  await issuer.close()
})
beforeEach(() => query('delete from auth.lease'))

describe('the feed', () => {
  test('without a cursor it answers every entry at once', async () => {
    const sids = [await endSession(), await endSession()]
    const { status, body, headers } = await timed(100, () => issuer.poll({ instance: randomUUID() }))
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.deepEqual(Object.keys(body).sort(), ['entries', 'epoch', 'lease_ms', 'now', 'seq'])
    assert.equal(body.lease_ms, LEASE_MS)
    assert.ok(!body.epoch.includes('.'))
    assert.ok(Math.abs(body.now - Date.now()) < 2_000)
    const found = new Map(
      body.entries.map((entry: { sid: string; expires_at: number }) => [entry.sid, entry.expires_at]),
    )
    for (const sid of sids) assert.ok(Math.abs((found.get(sid) as number) - body.now - 4_200_000) < 5_000)
  })

  test('of very many entries it answers a part at a time, and gives no lease before the last', async () => {
    const { body: before } = await issuer.poll({ instance: randomUUID() })
    await query(`insert into auth.revocation (sid) select 'many-' || n from generate_series(1, $1::int) n`, [
      2 * PAGE + 1,
    ])
    const instance = randomUUID()
    const sizes: number[] = []
    const leases: number[] = []
    let after = `${before.epoch}.${before.seq}`
    while (leases.at(-1) !== LEASE_MS) {
      const { status, body } = await issuer.poll({ instance, after })
      assert.equal(status, 200, JSON.stringify(body))
      sizes.push(body.entries.length)
      leases.push(body.lease_ms)
      after = `${body.epoch}.${body.seq}`
    }
    assert.deepEqual(sizes, [PAGE, PAGE, 1])
    assert.deepEqual(leases, [0, 0, LEASE_MS])
    await query(
      `delete from auth.revocation where sid like 'many-%' and seq < (select max(seq) from auth.revocation)`,
    )
  })

  test('the answer names the poll it is to', async () => {
    const { body } = await issuer.poll({ instance: randomUUID(), nonce: 'this one' })
    assert.equal(body.nonce, 'this one')
    assert.equal((await issuer.poll({ instance: randomUUID(), nonce: 1 })).status, 400)
  })

  test('with a cursor it holds the poll half a second, and answers at once when a session ends', async () => {
    const instance = randomUUID()
    const { body: first } = await issuer.poll({ instance })
    const cursor = `${first.epoch}.${first.seq}`
    const started = performance.now()
    const { body: nothing } = await issuer.poll({ instance, after: cursor })
    const held = performance.now() - started
    assert.ok(held > 450, `held for ${held} ms`)
    await timed(100, () => issuer.poll({ instance, after: cursor, hold: false }))
    assert.equal((await issuer.poll({ instance, after: cursor, hold: 'no' })).status, 400)
    assert.deepEqual(nothing.entries, [])
    assert.equal(nothing.seq, first.seq)

    // The best of several: one answer may be late on a busy machine, a hold would make all of them so.
    let after = cursor
    const waits: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const poll = issuer.poll({ instance, after })
      await sleep(100)
      const sid = randomUUID()
      const ended = performance.now()
      await query('insert into auth.revocation (sid) values ($1)', [sid])
      await query('notify latchkey_revocation')
      const { body: news } = await poll
      waits.push(performance.now() - ended)
      assert.deepEqual(
        news.entries.map((entry: { sid: string }) => entry.sid),
        [sid],
      )
      after = `${news.epoch}.${news.seq}`
    }
    assert.ok(Math.min(...waits) < 200, waits.join())
  })

  test('a cursor of another epoch or beyond the head acknowledges nothing and gets the whole set', async () => {
    const { body: whole } = await issuer.poll({ instance: randomUUID() })
    const strange = [`1-1.${whole.seq}`, `${whole.epoch}.${whole.seq + 1}`, `${whole.epoch}.999999999999999`]
    for (const cursor of strange) {
      const instance = randomUUID()
      const { body } = await timed(100, () => issuer.poll({ instance, after: cursor }))
      assert.deepEqual(body.entries, whole.entries)
      assert.equal(await acknowledged(instance), -1)
    }
    const instance = randomUUID()
    await issuer.poll({ instance, after: `${whole.epoch}.${whole.seq}` })
    assert.equal(await acknowledged(instance), whole.seq)
  })

  test('what a poll acknowledges counts from its arrival, not from its answer', async () => {
    const instance = randomUUID()
    const { body } = await issuer.poll({ instance })
    const poll = issuer.poll({ instance, after: `${body.epoch}.${body.seq}` })
    await sleep(150)
    assert.equal(await acknowledged(instance), body.seq)
    await poll
  })

  test('a wrong secret is 401 and logged, a body it cannot read 400, another method 405', async () => {
    const instance = randomUUID()
    for (const authorization of ['', 'Bearer', 'Bearer wrong', 'Basic dTpw']) {
      const { status, headers } = await issuer.poll({ instance }, { headers: { authorization } })
      assert.equal(status, 401)
      assert.equal(headers.get('www-authenticate'), 'Bearer')
    }
    assert.equal(issuer.events('authn_feed_rejected').length, 4)
    const bad = [
      {},
      { instance: 1 },
      { instance: instance.toUpperCase() },
      { instance: `${instance}'` },
      { instance, after: null },
      { instance, after: 7 },
      { instance, after: '7' },
      { instance, after: "1'; drop table auth.lease.7" },
      { instance, after: '1-1.1e3' },
      { instance, after: `1-1.${'9'.repeat(16)}` },
      { instance: { toString: instance } },
    ]
    for (const body of bad) assert.equal((await issuer.poll(body)).status, 400, JSON.stringify(body))
    for (const body of ['', '[]', 'null', '{', '"x"'])
      assert.equal((await issuer.poll(body)).status, 400, body)
    assert.equal((await issuer.ask('/api/auth/revocations')).status, 405)
    assert.deepEqual((await query('select from auth.lease')).rows, [])
  })

  test('a poll whose client has gone writes no lease', async () => {
    const instance = randomUUID()
    const gone = AbortSignal.abort()
    await issuer.poll({ instance }, { signal: gone }).catch(() => {})
    assert.equal(await acknowledged(instance), undefined)
  })

  test('polls do not queue behind requests that wait for the database', async () => {
    const browser = issuer.browser()
    await browser.signUp()
    await withClient(issuer.database.adminUrl, async client => {
      await client.query('begin; lock table auth."user" in access exclusive mode')
      const refreshes = Array.from({ length: 20 }, () => browser.get('/token'))
      await sleep(200)
      await timed(500, () => issuer.poll({ instance: randomUUID() }))
      await client.query('rollback')
      for (const { status } of await Promise.all(refreshes)) assert.equal(status, 200)
    })
    await query('delete from auth.lease')
  })

  test('a sign-up holds no connection while its password is hashed', async () => {
    const browsers = Array.from({ length: 40 }, (_, at) => issuer.browser(`198.51.100.${at}`))
    let signedUp = false
    const signUps = Promise.all(browsers.map(browser => browser.signUp())).finally(() => {
      signedUp = true
    })
    const held: number[] = []
    await withClient(issuer.database.adminUrl, async client => {
      while (!signedUp) {
        const { rows } = await client.query(`select count(*)::int as n from pg_stat_activity
          where state = 'idle in transaction' and datname = current_database()`)
        held.push(rows[0].n)
        await sleep(10)
      }
    })
    await signUps
    const average = held.reduce((sum, n) => sum + n, 0) / held.length
    assert.ok(average < 4, `${average} connections held`)
  })
})

describe('the barrier', () => {
  test('an answer that ended a session waits for an instance until it acknowledges, and no longer', async () => {
    const instance = randomUUID()
    const { body: first } = await issuer.poll({ instance })
    await issuer.poll({ instance, after: `${first.epoch}.${first.seq}` })
    const browser = issuer.browser()
    await browser.signUp()
    const started = performance.now()
    let answered = 0
    const signOut = browser.post('/sign-out').then(() => {
      answered = performance.now()
    })
    await sleep(400)
    assert.equal(answered, 0)
    const { body: news } = await issuer.poll({ instance, after: `${first.epoch}.${first.seq}` })
    assert.equal(news.entries.length, 1)
    await sleep(200)
    assert.equal(answered, 0, 'delivered is not applied')
    const acknowledging = performance.now()
    const held = other.poll({ instance, after: `${news.epoch}.${news.seq}` })
    await signOut
    assert.ok(answered - acknowledging < 120, `${answered - acknowledging} ms after the acknowledgement`)
    assert.ok(answered - started > 600)
    await held
  })

  test('with a reader polling, an answer waits for a round trip only', async () => {
    const reader = await startReader(issuer)
    const elsewhere = await startReader(other)
    const times = []
    for (let round = 0; round < 10; round += 1) {
      const browser = issuer.browser()
      const { body } = await browser.signUp()
      const { sid } = claimsOf(body.access_token) as { sid: string }
      const started = performance.now()
      assert.equal((await browser.post('/sign-out')).status, 200)
      times.push(performance.now() - started)
      assert.ok(reader.ended.has(sid) && elsewhere.ended.has(sid), 'known when answered')
    }
    // The best of them: a machine may be busy, and a poll that is held would make each wait for half a second.
    assert.ok(Math.min(...times) < 150, times.join())
    await Promise.all([reader.stop(), elsewhere.stop()])
  })

  test('a dead instance costs one slow answer, at most its lease and half a second, then none', async () => {
    await issuer.poll({ instance: randomUUID() })
    await issuer.poll({ instance: randomUUID(), after: '1-1.0' })
    const slow = await duration(() => endSession())
    assert.ok(slow > SILENCE_MS - 100 && slow < SILENCE_MS + 600, `${slow} ms`)
    assert.deepEqual((await query('select from auth.lease')).rows, [])
    const quick = await duration(() => endSession())
    assert.ok(quick < 500, `${quick} ms`)
  })

  test('sign-out of a session already gone still waits for the newest entry', async () => {
    const browser = issuer.browser()
    await browser.signUp()
    await issuer.poll({ instance: randomUUID() })
    await query('delete from auth.session')
    const waited = await duration(() => browser.post('/sign-out'))
    assert.ok(waited > SILENCE_MS - 100, `${waited} ms`)
  })

  test('reads wait for nobody', async () => {
    const browser = issuer.browser()
    await browser.signUp()
    await issuer.poll({ instance: randomUUID() })
    await query(`insert into auth.revocation (sid) values ('ended by hand')`)
    for (const path of ['/token', '/get-session', '/list-sessions']) await timed(300, () => browser.get(path))
  })

  test('a LISTEN connection that was cut is made again', async () => {
    const listeners = (what: string) =>
      `${what} from pg_stat_activity
       where application_name = 'latchkey-issuer-listen' and datname = current_database()`
    const { rows } = await query(listeners('select pid, pg_terminate_backend(pid)'))
    const before = rows.map(({ pid }) => pid)
    const listening = async () => (await query(listeners('select pid'))).rows.map(({ pid }) => pid)
    let now: number[] = []
    for (const end = Date.now() + 30_000; now.length < 2 && Date.now() < end; await sleep(20))
      now = (await listening()).filter(pid => !before.includes(pid))
    assert.equal(now.length, 2)
    // The best of several, as a busy machine is late sometimes: a barrier that hears nothing looks every 100 ms.
    const reader = await startReader(issuer)
    const waits: number[] = []
    for (let round = 0; round < 5; round += 1) waits.push(await duration(() => endSession()))
    assert.ok(Math.min(...waits) < 400, waits.join())
    await reader.stop()
  })

  test('leases that cannot be read are waited out whole', async () => {
    const browser = issuer.browser()
    await browser.signUp()
    await query('revoke select on auth.lease from latchkey_issuer')
    try {
      let status = 0
      const waited = await duration(async () => {
        status = (await browser.post('/sign-out')).status
      })
      assert.equal(status, 200)
      assert.ok(waited > SILENCE_MS - 20, `${waited} ms`)
      assert.equal(issuer.events('sys_barrier_blind').length, 1)
    } finally {
      await query('grant select on auth.lease to latchkey_issuer')
    }
  })

  test('a lease polled while the leases were slow to read is not removed before it has run out', async t => {
    const db = openDatabase(issuer.database.issuerUrl)
    const notifications = createNotifications(issuer.database.issuerUrl)
    await notifications.connect()
    t.after(async () => {
      await notifications.close()
      await db.destroy()
    })
    const log = { warn() {} } as never
    const revocations = createRevocations({ db, notifications, log, retentionMs: 1 })
    const instance = randomUUID()
    const barrier = await withClient(issuer.database.adminUrl, async client => {
      await client.query('begin; lock table auth.lease in access exclusive mode')
      const waiting = revocations.barrier()
      await sleep(1_200)
      await client.query(`insert into auth.lease (instance, epoch, acknowledged) values ($1, '1-1', -1)`, [
        instance,
      ])
      await client.query('commit')
      return { waiting, polled: performance.now() }
    })
    const isThere = async () => (await acknowledged(instance)) !== undefined
    for (const end = Date.now() + 30_000; (await isThere()) && Date.now() < end; ) await sleep(20)
    assert.ok(!(await isThere()), 'removed in the end')
    const silent = performance.now() - barrier.polled
    assert.ok(silent >= LEASE_MS, `removed ${silent} ms after its poll`)
    await barrier.waiting
  })

  test('a barrier that cannot read the leases, nor learn that it cannot, waits a whole one and no longer', async () => {
    const browser = issuer.browser()
    await browser.signUp()
    let waited = 0
    await withClient(issuer.database.adminUrl, async client => {
      await client.query('begin; lock table auth.lease in access exclusive mode')
      waited = await duration(async () => assert.equal((await browser.post('/sign-out')).status, 200))
      await client.query('rollback')
    })
    assert.ok(waited >= SILENCE_MS - 20, `${waited} ms`)
    // The reading itself is given up after five seconds.
    assert.ok(waited < 4_500, `${waited} ms`)
  })

  test('the database after a restart is waited out once, as its leases may be lost', async t => {
    const db = openDatabase(issuer.database.issuerUrl)
    const notifications = createNotifications(issuer.database.issuerUrl)
    t.after(() => db.destroy())
    const log = { warn() {} } as never
    const revocations = createRevocations({ db, notifications, log, retentionMs: 1 })
    const first = await duration(() => revocations.barrier())
    assert.ok(first >= SILENCE_MS - 20, `${first} ms`)
    const second = await duration(() => revocations.barrier())
    assert.ok(second < 100, `${second} ms`)
  })
})

test('no body of this file held a session cookie, no log line a secret', () => issuer.assertDiscreet())

async function endSession(): Promise<string> {
  const browser = issuer.browser()
  const { body } = await browser.signUp()
  await browser.post('/sign-out')
  return claimsOf(body.access_token).sid as string
}

async function acknowledged(instance: string): Promise<number | undefined> {
  const { rows } = await query('select acknowledged::int from auth.lease where instance = $1', [instance])
  return rows[0]?.acknowledged
}

async function timed<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now()
  const result = await work()
  assert.ok(performance.now() - started < ms, `${performance.now() - started} ms`)
  return result
}

async function duration(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function query(text: string, values?: unknown[]) {
  return withClient(issuer.database.adminUrl, client => client.query(text, values))
}
