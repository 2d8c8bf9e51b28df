import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../../standalone/src/database.ts'
import { createTestDatabase } from '../../test/database.ts'
import { createProxy } from '../test/proxy.ts'
import { createNotifications } from './notifications.ts'

test('a database that is away is asked for again once in a while, and heard again when it is back', async t => {
  const database = await createTestDatabase()
  const proxy = await createProxy(database.issuerUrl)
  const notifications = createNotifications(proxy.url)
  t.after(async () => {
    await notifications.close()
    proxy.close()
  })
  await notifications.connect()
  assert.ok(await hears(), 'before')

  const before = proxy.asked
  proxy.cut()
  await sleep(1_600)
  const tries = proxy.asked - before
  assert.ok(tries >= 3 && tries <= 8, `${tries} tries`)
  proxy.mend()
  await sleep(600)
  assert.ok(await hears(), 'after')

  await notifications.close()
  const atEnd = proxy.asked
  await sleep(600)
  assert.equal(proxy.asked, atEnd)

  async function hears(): Promise<boolean> {
    const started = performance.now()
    const woken = notifications.next('latchkey_revocation', 2_000)
    await withClient(database.adminUrl, client => client.query('notify latchkey_revocation'))
    await woken
    return performance.now() - started < 1_000
  }
})
