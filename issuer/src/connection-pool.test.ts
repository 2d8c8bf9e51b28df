import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/database.ts'
import { createConnectionPool } from './database.ts'
import { requestScope } from './request-scope.ts'

test('who ends sessions has a connection while others hold and await all common ones', async t => {
  const database = await createTestDatabase()
  t.after(database.drop)
  const pool = createConnectionPool(database.issuerUrl)
  t.after(pool.end)
  const held = await Promise.all(Array.from({ length: 10 }, () => pool.connect()))
  const waiting = pool.connect()
  assert.deepEqual(pool.figures(), { used: 10, waiting: 1 })

  const scope = { requestId: '', client: '', first: true }
  const first = await requestScope.run(scope, () => pool.connect())
  assert.equal((await first.query('select 1 as one')).rows[0].one, 1)
  assert.deepEqual(pool.figures(), { used: 11, waiting: 1 })
  for (const client of [first, ...held]) client.release()
  ;(await waiting).release()
  assert.deepEqual(pool.figures(), { used: 0, waiting: 0 })
})
