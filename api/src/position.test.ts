import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApi } from '../test/open-api.ts'

const CHECK_VIOLATION = '23514'

test('the database itself holds positions of tasks and lists to their rule', async () => {
  const product = await openTestApi()
  const { id } = await product.addUser()
  await product.admin.query(`select set_config('app.subject', $1, false)`, [id])
  const insert = (table: string, name: string, position: string) =>
    product.admin.query(
      `insert into todo.${table} (id, ${name}, position) values (gen_random_uuid(), $1, $2)`,
      ['n', position],
    )
  await product.admin.query(`alter table todo.list alter color set default 'red'`)
  for (const [table, name] of [['task', 'title'] as const, ['list', 'name'] as const]) {
    for (const position of ['a0', 'Zz9', 'a'.repeat(250)]) await insert(table, name, position)
    for (const position of ['', 'a', 'a'.repeat(251), 'a-0', 'a 0', 'é0', 'a0\n'])
      await assert.rejects(insert(table, name, position), { code: CHECK_VIOLATION }, position)
  }
  await product.close()
})
