import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { root } from '../../test/product.ts'
import { runOnServer, withDatabase } from '../../test/server.ts'
import { openAs, withClient } from './database.ts'
import { migrate } from './migrate.ts'
import { OWNER, prepareRoles } from './roles.ts'

let database: TestDatabase
let url: string

before(async () => {
  database = await createTestDatabase()
  const name = `older_${randomUUID().replaceAll('-', '')}`
  await runOnServer(database.adminUrl, `create database ${name}`)
  url = withDatabase(database.adminUrl, name)
})
after(async () => {
  await runOnServer(database.adminUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`)
  await database.drop()
})

/** The database as the first version left it: its files run, and written down as run. */
async function migrateToFirstVersion(): Promise<void> {
  await prepareRoles(url)
  const owner = openAs(OWNER, url)
  await owner.destroy()
  const files = [
    'issuer/migrations/0001_accounts.sql',
    'issuer/migrations/0002_revocations.sql',
    'issuer/migrations/0003_clock.sql',
    'api/migrations/0001_tasks.sql',
  ]
  await withClient(url, async client => {
    await client.query(`set role ${OWNER}`)
    await client.query('set row_security to off')
    await client.query('create schema latchkey_migrations')
    for (const part of ['issuer', 'api'])
      await client.query(`
        create table latchkey_migrations.${part} (name varchar(255) primary key, timestamp varchar(255) not null);
        create table latchkey_migrations.${part}_lock (id varchar(255) primary key, is_locked integer not null default 0);
        insert into latchkey_migrations.${part}_lock (id) values ('migration_lock')`)
    for (const file of files) {
      const [part = '', , migration = ''] = file.split('/')
      await client.query(`set search_path to ''`)
      await client.query(await readFile(join(root, file), 'utf8'))
      await client.query(`insert into latchkey_migrations.${part} values ($1, $2)`, [
        migration,
        new Date().toISOString(),
      ])
    }
  })
}

async function addOldTasks(): Promise<void> {
  await withClient(url, async client => {
    for (const user of ['u1', 'u2']) {
      await client.query(
        `insert into auth."user" (id, name, email, "emailVerified") values ($1, 'n', $1, false)`,
        [user],
      )
      await client.query(`select set_config('app.subject', $1, false)`, [user])
      for (let n = 0; n < 30; n += 1)
        await client.query(
          `insert into todo.task (id, title, description, completed) values ($1, $2, $3, $4)`,
          [
            `01a1fbb4-36b7-7000-adfb-db22defbb5${String(n).padStart(2, '0')}`,
            `Crème ${n}`,
            n % 2 ? 'dé\nscription' : null,
            n % 3 === 0,
          ],
        )
      await client.query(`update todo.task set title = 'changed later' where id::text like '%505'`)
      await client.query(
        `insert into todo.idempotency (key, fingerprint, task, revision) values ('k', '\\x00', '{}', 1)`,
      )
    }
  })
}

const COLUMNS = 'user_id, id, title, description, completed, created_at, updated_at, revision'

test('a database of the first version keeps every task as it was, and gets what is new', async () => {
  await migrateToFirstVersion()
  await addOldTasks()
  const read = (columns: string, from: string) =>
    withClient(url, async client => (await client.query(`select ${columns} from ${from} order by 1, 2`)).rows)
  const before = await read(COLUMNS, 'todo.task')
  const kept = [await read('*', 'todo.account'), await read('*', 'todo.idempotency')]
  assert.equal(before.length, 60)
  await migrate({ adminUrl: url, roleUrls: [] })
  await migrate({ adminUrl: url, roleUrls: [] })
  assert.deepEqual(await read(COLUMNS, 'todo.task'), before)
  assert.deepEqual([await read('*', 'todo.account'), await read('*', 'todo.idempotency')], kept)
  for (const row of await read('*', 'todo.task')) {
    assert.deepEqual(row.completed_at, row.completed ? row.updated_at : null)
    assert.match(row.position, /^g[0-9A-Za-z]{7}$/)
    assert.match(
      row.search,
      row.title === 'changed later' ? /^ changed later / : /^ creme \d+ (de scription )?$/,
    )
    assert.deepEqual(
      [row.priority, row.tags, row.due, row.list_id, row.deleted_at],
      [4, [], null, null, null],
    )
  }
  const positions = await read('position, created_at', `todo.task where user_id = 'u1'`)
  assert.deepEqual(
    positions,
    positions.toSorted((a, b) => a.created_at - b.created_at),
  )
})

test('and the schema is the one that a new database has', async () => {
  const shape = `
    select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'todo'
    union all select indexdef from pg_indexes where schemaname = 'todo'
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace = 'todo'::regnamespace
    union all select format('%s %s %s %s', relname, relrowsecurity, relforcerowsecurity, relacl) from pg_class
      where relnamespace = 'todo'::regnamespace and relkind = 'r'
    union all select format('%s %s', proname, proacl) from pg_proc where pronamespace = 'todo'::regnamespace
    union all select pg_get_triggerdef(oid) from pg_trigger where tgrelid::regclass::text like 'todo.%' and not tgisinternal
    order by 1`
  const lines = (of: string) => withClient(of, async client => (await client.query(shape)).rows)
  const migrated = await lines(url)
  assert.ok(migrated.length > 60)
  assert.deepEqual(migrated, await lines(database.adminUrl))
})
