import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { openTestApi } from '../test/open-api.ts'
import { createDatabase, DatabaseUnavailable, fixed, keepInsert, keepRead } from './database.ts'
import { uuidV7 } from './uuid.ts'

const log = pino({ level: 'silent' })
let product: Awaited<ReturnType<typeof openTestApi>>

before(async () => {
  product = await openTestApi()
})
after(() => product.close())

/** A TCP relay to the real database that can fall silent, as a machine does that is cut off. */
async function startRelay() {
  const target = new URL(product.apiUrl)
  const to =
    target.hostname.startsWith('%2F') || target.hostname === ''
      ? {
          path: `${decodeURIComponent(target.hostname || target.searchParams.get('host')!)}/.s.PGSQL.${target.port || 5432}`,
        }
      : { host: target.hostname, port: Number(target.port || 5432) }
  const state = { silent: false }
  const sockets = new Set<net.Socket>()
  const relay = net.createServer(client => {
    const upstream = net.connect(to as net.NetConnectOpts)
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', bytes => state.silent || into.write(bytes))
      from.on('error', () => {})
      from.on('close', () => into.destroy())
    }
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const url = new URL(product.apiUrl)
  url.hostname = '127.0.0.1'
  url.port = String((relay.address() as AddressInfo).port)
  url.search = ''
  const close = () => {
    for (const socket of sockets) socket.destroy()
    relay.close()
  }
  return { url: url.href, state, close }
}

async function failsInTime(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  await assert.rejects(work(), DatabaseUnavailable)
  assert.ok(performance.now() - start < 2_000)
}

const count = sql`select count(*) from (select from todo.task where user_id = bound.subject limit 1) one`

describe('an outage is told within two seconds', () => {
  test('when nobody listens', async () => {
    const database = createDatabase({ url: 'postgres://x:y@127.0.0.1:1/z', log })
    await failsInTime(() => database.readAsSubject('a', count))
    await failsInTime(() => database.asSubject('a', async () => {}))
    assert.equal(await database.reachable(), false)
    await database.close()
  })
  test('when the database falls silent, for those it was serving and those who come after; then all is well', async () => {
    const relay = await startRelay()
    const database = createDatabase({ url: relay.url, log })
    assert.equal((await database.readAsSubject('a', count)).length, 1)
    relay.state.silent = true
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        failsInTime(() =>
          i % 2
            ? database.readAsSubject('a', count)
            : database.asSubject('a', run => run(fixed(sql`select 1`))),
        ),
      ),
    )
    await failsInTime(() => database.readAsSubject('a', count))
    relay.state.silent = false
    assert.equal((await database.readAsSubject('a', count)).length, 1)
    await database.close()
    relay.close()
  })
  test('when a lock is not had', async () => {
    const user = await product.addUser()
    const made = await product.request(user.tasks, {
      method: 'POST',
      token: user.token,
      body: { title: 'x' },
    })
    await product.admin.query('begin')
    await product.admin.query('select from todo.task where user_id = $1 for update', [user.id])
    const start = performance.now()
    const answer = await product.request(`${user.tasks}/${made.json.id}`, {
      method: 'DELETE',
      token: user.token,
    })
    await product.admin.query('rollback')
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '1'])
    assert.ok(performance.now() - start < 2_000)
  })
})

test('a queue that moves is no outage: 3000 reads at once that take longer than one may wait in silence', async () => {
  const database = createDatabase({ url: product.apiUrl, log })
  const slow = sql`select count(*) from (select pg_sleep(0.01) limit 1) one`
  const answers = await Promise.all(Array.from({ length: 3_000 }, () => database.readAsSubject('a', slow)))
  assert.equal(answers.length, 3_000)
  await database.close()
})

describe('a transaction', () => {
  const open = () => createDatabase({ url: product.apiUrl, log })
  const insert = (id: string) => fixed(sql`insert into todo.task (id, title) values (${id}, 'x')`)

  test('leaves nothing behind when its work fails, and its connection goes on', async () => {
    const user = await product.addUser()
    const database = open()
    for (let i = 0; i < 30; i += 1) {
      const work = database.asSubject(user.id, async run => {
        await run(insert('01a1fbb4-36b7-7000-adfb-db22defbb53d'))
        throw new Error('changed my mind')
      })
      await assert.rejects(work, /changed my mind/)
    }
    const { rowCount } = await product.admin.query('select from todo.task where user_id = $1', [user.id])
    assert.equal(rowCount, 0)
    const { rows } = await product.admin.query(
      `select count(*)::int as open from pg_stat_activity where state like 'idle in%' and application_name = 'latchkey-api' and datname = current_database()`,
    )
    assert.deepEqual(rows, [{ open: 0 }])
    await database.close()
  })
  test('is not answered as done when the database undid it', async () => {
    const user = await product.addUser()
    const database = open()
    const work = database.asSubject(user.id, async run => {
      await run(insert('01a1fbb4-36b7-7000-adfb-db22defbb53e'))
      await run(fixed(sql`select 1 / 0`)).catch(() => {})
    })
    await assert.rejects(work)
    await database.close()
  })
  test('that deadlocks is run again', async () => {
    const user = await product.addUser()
    const ids = ['01a1fbb4-36b7-7000-adfb-db22defbb531', '01a1fbb4-36b7-7000-adfb-db22defbb532']
    const database = open()
    for (const id of ids) await database.asSubject(user.id, run => run(insert(id)))
    const lock = (id: string) => fixed(sql`select from todo.task where id = ${id} for update`)
    const take = (order: string[]) =>
      database.asSubject(user.id, async run => {
        await run(lock(order[0]!))
        await new Promise(resolve => setTimeout(resolve, 100))
        await run(lock(order[1]!))
      })
    await Promise.all([take(ids), take([...ids].reverse())])
    await database.close()
  })
})

test('a kept statement has the subject and the values of each time', async () => {
  const database = createDatabase({ url: product.apiUrl, log })
  const read = keepRead<{ n: number }, { subject: string; n: number }>(
    ({ n }) => sql`select todo.subject() as subject, ${n}::int as n limit 1`,
  )
  const insert = keepInsert<{ id: string }, { user_id: string }>(
    ({ id }, bound) =>
      sql`insert into todo.task (id, title) select ${id}::uuid, 'x' from ${bound} returning user_id`,
  )
  for (const n of [1, 2]) {
    const { id: subject } = await product.addUser()
    assert.deepEqual(await database.ask(read({ subject, n })), [{ subject, n }])
    const made = await database.ask(insert({ subject, id: uuidV7(n) }))
    assert.deepEqual(made, [{ user_id: subject }])
  }
  await assert.rejects(database.ask(insert({ subject: '', id: uuidV7(3) })))
  await database.close()
})

test('numbers of 64 bits arrive as numbers', async () => {
  const database = createDatabase({ url: product.apiUrl, log })
  const rows = await database.readAsSubject(
    'a',
    sql<{ n: number }>`select max(n)::bigint as n from (select 42 as n limit 1) one`,
  )
  assert.deepEqual(rows, [{ n: 42 }])
  await database.close()
})

test('a transaction that could not begin says why, not that it was aborted', async () => {
  const database = createDatabase({ url: product.apiUrl, log })
  const work = database.asSubject('\0', run => run(fixed(sql`select 1`)))
  await assert.rejects(work, { code: '22021' })
  await database.close()
})
