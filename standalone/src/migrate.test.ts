import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { root } from '../../test/product.ts'
import { databaseOf, runOnServer, startTestServer, withDatabase } from '../../test/server.ts'
import { urlFor, withClient } from './database.ts'
import { migrate } from './migrate.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.drop())

const query = async (url: string, text: string) => (await withClient(url, client => client.query(text))).rows

/** An empty database, its administrator with no more than the documented rights. */
async function emptyDatabase() {
  const name = `empty_${randomUUID().replaceAll('-', '')}`
  const admin = `admin_${randomUUID().replaceAll('-', '')}`
  await runOnServer(database.adminUrl, `create role ${admin} login createrole password 'for-tests-only'`)
  await runOnServer(database.adminUrl, `grant latchkey_owner to ${admin} with admin option`)
  await runOnServer(database.adminUrl, `create database ${name} owner ${admin}`)
  const drop = async () => {
    await runOnServer(database.adminUrl, `drop database ${name} with (force)`)
    await runOnServer(database.adminUrl, `drop role ${admin}`)
  }
  return { url: urlFor(withDatabase(database.adminUrl, name), admin, 'for-tests-only'), drop }
}

test('several processes migrate one database at once, and each file runs once', async () => {
  const empty = await emptyDatabase()
  const command = ['node', [join(root, 'standalone/src/migrate.ts')]] as const
  const env = { PATH: process.env.PATH, DATABASE_URL: empty.url }
  const runs = Array.from({ length: 5 }, () => promisify(execFile)(...command, { env }))
  for (const { stdout } of await Promise.all(runs)) assert.equal(stdout, 'The database is up to date.\n')
  const recorded =
    'select name from latchkey_migrations.issuer union all select name from latchkey_migrations.api'
  const asServerAdmin = withDatabase(database.adminUrl, databaseOf(empty.url))
  assert.deepEqual(await query(asServerAdmin, recorded), await query(database.adminUrl, recorded))
  await empty.drop()
})

test('an administrator who is no superuser can migrate, and again', async () => {
  const empty = await emptyDatabase()
  await migrate({ adminUrl: empty.url, roleUrls: [] })
  await migrate({ adminUrl: empty.url, roleUrls: [] })
  const [row] = await query(empty.url, `select count(*) from pg_tables where schemaname in ('auth', 'todo')`)
  assert.ok(Number(row.count) > 0)
  await empty.drop()
})

test('neither login role owns anything, has a power of its own, or can become another', async () => {
  const roles = await query(
    database.adminUrl,
    `select rolname, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as has_power,
       exists (select from pg_auth_members where member = r.oid) as is_member,
       exists (select from pg_shdepend d where d.refobjid = r.oid and d.deptype = 'o'
         and d.dbid = (select oid from pg_database where datname = current_database())) as owns
     from pg_roles r where rolname in ('latchkey_issuer', 'latchkey_api') order by rolname`,
  )
  const nothing = { has_power: false, is_member: false, owns: false }
  assert.deepEqual(roles, [
    { rolname: 'latchkey_api', ...nothing },
    { rolname: 'latchkey_issuer', ...nothing },
  ])
  for (const url of [database.apiUrl, database.issuerUrl]) {
    for (const role of ['latchkey_owner', 'postgres', 'pg_read_all_data'])
      await assert.rejects(query(url, `set role ${role}`), /permission denied/)
  }
})

test('neither login role can make anything, in the database, in public or for the time of its session', async () => {
  for (const url of [database.apiUrl, database.issuerUrl]) {
    await assert.rejects(query(url, 'create schema mine'), /permission denied/)
    await assert.rejects(query(url, 'create table public.mine ()'), /permission denied/)
    await assert.rejects(query(url, 'create temporary table mine ()'), /permission denied/)
  }
})

test('the API has no right on the accounts, the issuer none on the tasks', async () => {
  await assert.rejects(query(database.apiUrl, 'select from auth."user"'), /permission denied for schema auth/)
  await assert.rejects(
    query(database.apiUrl, 'select from auth.session'),
    /permission denied for schema auth/,
  )
  await assert.rejects(
    query(database.issuerUrl, 'select from todo.task'),
    /permission denied for schema todo/,
  )
})

test('a role of ours that has powers already is refused', async () => {
  const server = await startTestServer() // Its own: all databases of a server share these roles.
  await runOnServer(server.templateUrl, 'create role bystander nologin')
  await runOnServer(server.templateUrl, 'grant bystander to latchkey_api')
  const refused = migrate({ adminUrl: server.templateUrl, roleUrls: [] })
  await assert.rejects(refused, /powers they must not have: latchkey_api$/)
  await server.stop()
})
