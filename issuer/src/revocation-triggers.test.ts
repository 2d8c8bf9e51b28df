import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Client, withClient } from '../../standalone/src/database.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { openDatabase } from './database.ts'
import { createHousekeeping } from './housekeeping.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.drop())

describe('every end of a session is an entry in the same transaction', () => {
  test('a plain delete of more than a hundred sessions, one entry each', async () => {
    const { id, sids } = await createUser(250)
    await query('delete from auth.session where "userId" = $1', [id])
    await assertEnded(sids)
  })

  test('the cascade of an account deletion', async () => {
    const { id, sids } = await createUser(120)
    await query('delete from auth."user" where id = $1', [id])
    await assertEnded(sids)
  })

  test('a truncation', async () => {
    const { sids } = await createUser(3)
    await query('truncate auth.session')
    await assertEnded(sids)
    const { sids: more } = await createUser(3)
    await query('truncate auth."user" cascade')
    await assertEnded(more)
  })

  test('a new password, also by plain SQL; other changes of an account end nothing', async () => {
    const { id, sids } = await createUser(3)
    await query(`update auth.account set "updatedAt" = now(), password = password where "userId" = $1`, [id])
    assert.equal((await query('select from auth.session where "userId" = $1', [id])).rows.length, 3)
    await query(`update auth.account set password = 'another' where "userId" = $1`, [id])
    await assertEnded(sids)
    assert.equal((await query('select from auth.session where "userId" = $1', [id])).rows.length, 0)
  })

  test('what is rolled back leaves none', async () => {
    const { id, sids } = await createUser(2)
    await query(`begin; delete from auth.session where "userId" = '${id}'; rollback`)
    const { rows } = await query('select from auth.revocation where sid = any($1)', [sids])
    assert.equal(rows.length, 0)
  })

  test('the issuer’s role can neither write entries itself nor change them', async () => {
    for (const statement of [
      `insert into auth.revocation (sid) values ('x')`,
      `update auth.revocation set sid = 'x'`,
      'truncate auth.revocation',
      'truncate auth.session',
      'alter table auth.session disable trigger all',
    ])
      await assert.rejects(
        withClient(database.issuerUrl, client => client.query(statement)),
        { code: '42501' },
      )
  })
})

test('a delete of nothing waits for no lock', async () => {
  await withClient(database.adminUrl, async client => {
    await client.query(`begin; select pg_advisory_xact_lock(hashtext('latchkey.revocation'))`)
    await query(`set statement_timeout = 1000; delete from auth.session where id = 'nobody'`)
    await client.query('rollback')
  })
})

test('a lock that is not had in two seconds fails the deletion instead of losing the entry', async () => {
  const { id } = await createUser(1)
  await withClient(database.adminUrl, async client => {
    await client.query(`begin; select pg_advisory_xact_lock(hashtext('latchkey.revocation'))`)
    await assert.rejects(query('delete from auth.session where "userId" = $1', [id]), { code: '55P03' })
    await client.query('rollback')
  })
  assert.equal((await query('select from auth.session where "userId" = $1', [id])).rows.length, 1)
})

test('the order of seq is the order of commits: no reader ever sees a gap filled in later', async () => {
  const users = await Promise.all(Array.from({ length: 8 }, () => createUser(12)))
  const { rows } = await query('select coalesce(max(seq), 0)::int as seq from auth.revocation')
  const start: number = rows[0].seq
  let running = true
  const watching = withClient(database.issuerUrl, async client => {
    let head = start
    let seen = 0
    while (running) {
      const { rows } = await client.query(
        'select max(seq)::int as head, count(*) filter (where seq > $1)::int as n, count(*) filter (where seq > $2)::int as fresh from auth.revocation',
        [start, head],
      )
      assert.equal(rows[0].n, seen + rows[0].fresh, 'an entry appeared below the head')
      seen = rows[0].n
      head = Math.max(head, rows[0].head ?? 0)
    }
  })
  await Promise.all(
    users.map(({ sids }) =>
      withClient(database.adminUrl, async client => {
        for (const sid of sids)
          await client.query(
            `begin; delete from auth.session where id = '${sid}'; select pg_sleep(random() * 0.004); commit`,
          )
      }),
    ),
  )
  running = false
  await watching
  for (const { sids } of users) await assertEnded(sids)
})

test('30 rounds of sign-outs, revocations of others and account deletions at once: no deadlock', async () => {
  const clients: Client[] = []
  const work = (text: string, values: unknown[]) =>
    withClient(database.issuerUrl, async client => {
      clients.push(client)
      await client.query(text, values)
    })
  for (let round = 0; round < 30; round += 1) {
    const { id, sids } = await createUser(12)
    await Promise.all([
      ...sids.slice(0, 4).map(sid => work('delete from auth.session where id = $1', [sid])),
      work('delete from auth.session where "userId" = $1 and id <> $2', [id, sids[5]]),
      work('delete from auth.session where "userId" = $1 and id <> $2', [id, sids[6]]),
      work('delete from auth."user" where id = $1', [id]),
    ])
    await assertEnded(sids)
  }
})

test('entries are pruned after the time the process has lived through, and the newest is kept as the head', async t => {
  const db = openDatabase(database.issuerUrl)
  t.after(() => db.destroy())
  let now = 0
  const { sweep } = createHousekeeping(db, 1_000, () => now)
  const { sids } = await createUser(3)
  const count = async () => Number((await query('select count(*) as n from auth.revocation')).rows[0].n)
  await query(`delete from auth.session`)
  await sweep()
  const before = await count()
  now = 999
  await sweep()
  assert.equal(await count(), before)
  await query(`insert into auth.revocation (sid, revoked_at) values ('younger', '2001-01-01')`)
  now = 1_500
  await sweep()
  assert.deepEqual((await query('select sid from auth.revocation')).rows, [{ sid: 'younger' }])
  now = 10_000
  await sweep()
  now = 20_000
  await sweep()
  assert.deepEqual((await query('select sid from auth.revocation')).rows, [{ sid: 'younger' }])
  assert.equal(sids.length, 3)
})

test('expired sessions, attempts and verifications are swept, and a swept session is revoked too', async t => {
  const db = openDatabase(database.issuerUrl)
  t.after(() => db.destroy())
  const { id, sids } = await createUser(2)
  await query(`update auth.session set "expiresAt" = now() - interval '1 s' where id = $1`, [sids[0]])
  await query(
    `insert into auth.attempt values ('old', 3, now() - interval '1 s'), ('young', 3, now() + interval '1 min')`,
  )
  await query(
    `insert into auth.verification (id, identifier, value, "expiresAt") values ('v', 'v', 'v', now() - interval '1 s')`,
  )
  await createHousekeeping(db, 1_000).sweep()
  assert.deepEqual((await query('select id from auth.session where "userId" = $1', [id])).rows, [
    { id: sids[1] },
  ])
  assert.deepEqual((await query('select key from auth.attempt')).rows, [{ key: 'young' }])
  assert.equal((await query('select from auth.verification')).rows.length, 0)
  await assertEnded([sids[0]!])
})

test('no session is stored with a life beyond 30 days from its start', async () => {
  const { sids } = await createUser(1)
  await query(`update auth.session set "expiresAt" = now() + interval '400 days' where id = $1`, [sids[0]])
  const { rows } = await query(
    `select "expiresAt" = "createdAt" + interval '30 days' as bounded from auth.session where id = $1`,
    [sids[0]],
  )
  assert.deepEqual(rows, [{ bounded: true }])
})

async function createUser(sessions: number): Promise<{ id: string; sids: string[] }> {
  const id = randomUUID()
  const sids = Array.from({ length: sessions }, () => randomUUID())
  await query(
    `with u as (insert into auth."user" (id, name, email, "emailVerified") values ($1, 'n', $1, false)),
      a as (insert into auth.account (id, "accountId", "providerId", "userId", password, "updatedAt")
        values ($1, $1, 'credential', $1, 'hash', now()))
     insert into auth.session (id, token, "userId", "expiresAt", "updatedAt")
     select sid, sid, $1, now() + interval '7 days', now() from unnest($2::text[]) as sid`,
    [id, sids],
  )
  return { id, sids }
}

async function assertEnded(sids: string[]): Promise<void> {
  const { rows } = await query('select sid from auth.revocation where sid = any($1)', [sids])
  assert.deepEqual(rows.map(row => row.sid).sort(), sids.toSorted())
}

function query(text: string, values?: unknown[]) {
  return withClient(database.adminUrl, client => client.query(text, values))
}
