import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { withClient } from '../../standalone/src/database.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { createClock } from './clock.ts'
import { type Database, openDatabase } from './database.ts'

const HOURS = 3_600_000

let database: TestDatabase
let db: Database
before(async () => {
  database = await createTestDatabase()
  const name = new URL(database.adminUrl).pathname.slice(1)
  const role = new URL(database.issuerUrl).username
  // A server clock that a test can set: found before the real one by whoever looks in `fake` first.
  await query(`
    create schema fake;
    create table fake.clock (ms bigint);
    insert into fake.clock values (0);
    create function fake.clock_timestamp() returns timestamptz language sql volatile as
      $$ select pg_catalog.clock_timestamp() + ms * interval '1 millisecond' from fake.clock $$;
    grant usage on schema fake to ${role};
    grant select on fake.clock to ${role};
    alter role ${role} in database ${name} set search_path = fake, pg_catalog`)
  db = openDatabase(database.issuerUrl)
})
after(async () => {
  await db.destroy()
  await database.drop()
})
beforeEach(() => query('update fake.clock set ms = 0; update auth.clock set ahead_ms = 0, corrections = 0'))

test('the time of an issuer is the database’s', async () => {
  const clock = createClock(db)
  await clock.look()
  assertNear(clock.now(), Date.now())
})

test('a database clock that is set back moves no issuer back, nor one that starts later', async () => {
  const [one, other] = [createClock(db), createClock(db)]
  await Promise.all([one.look(), other.look()])
  await setClock(-2 * HOURS)
  await one.look()
  await other.look()
  const late = createClock(db)
  for (const clock of [one, other, late]) {
    await clock.look()
    assertNear(clock.now(), Date.now())
  }
  const [{ corrections }] = await query('select corrections::int from auth.clock')
  assert.equal(corrections, 1)
})

test('a clock that is set back and forward again leaves nothing behind', async () => {
  const clock = createClock(db)
  await clock.look()
  for (const [ms, ahead] of [
    [-2 * HOURS, 2 * HOURS],
    [0, 0],
  ] as const) {
    await setClock(ms)
    await clock.look()
    await clock.look()
    assertNear(clock.now(), Date.now())
    assertNear(await aheadMs(), ahead)
  }
})

test('a clock that is set forward is followed, and not back again', async () => {
  const clock = createClock(db)
  await clock.look()
  await setClock(2 * HOURS)
  await clock.look()
  assertNear(clock.now(), Date.now() + 2 * HOURS)
  await setClock(0)
  await clock.look()
  await clock.look()
  assertNear(clock.now(), Date.now() + 2 * HOURS)
})

test('a clock that runs slower is followed, and still never runs back', async () => {
  let elapsed = 0
  const clock = createClock(db, () => elapsed)
  await clock.look()
  const before = clock.now()
  elapsed += 400
  await clock.look()
  assert.ok(clock.now() > before)
  assert.ok(clock.now() <= before + 400)
})

async function setClock(ms: number): Promise<void> {
  await query(`update fake.clock set ms = ${ms}`)
}

async function aheadMs(): Promise<number> {
  return Number((await query('select ahead_ms from auth.clock'))[0].ahead_ms)
}

async function query(text: string) {
  return await withClient(database.adminUrl, async client => (await client.query(text)).rows)
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1_500, `${actual} is not near ${expected}`)
}
