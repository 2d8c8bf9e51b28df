import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { openTestApi, type User } from '../test/open-api.ts'
import { ListQuery } from './contract.ts'
import { fixed, NO_TABLE_SCANS } from './database.ts'
import { pageOfTasks } from './task-list.ts'
import { uuidV7 } from './uuid.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let user: User
let api: pg.Client
const LIST = uuidV7(Date.now())

/** One account among others, each with some thousand tasks: enough that a plan which reads them all shows. */
before(async () => {
  product = await openTestApi()
  user = await product.addUser()
  const others = [await product.addUser(), await product.addUser()]
  for (const { id } of [user, ...others]) {
    await product.admin.query('begin')
    await product.admin.query(`select set_config('app.subject', $1, true)`, [id])
    await product.admin.query(`insert into todo.list (id, name, color) values ($1, 'l', 'red')`, [LIST])
    await product.admin.query(
      `insert into todo.task (id, title, due, list_id, completed, priority)
       select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 'task ' || n,
         case when n % 4 > 0 then to_char(date '2026-01-01' + n % 700, 'YYYY-MM-DD') end,
         case when n % 3 = 0 then $1::uuid end, n % 5 = 0, 1 + n % 4
       from generate_series(1, 2000) n`,
      [LIST],
    )
    await product.admin.query(`insert into todo.tag (id, name, key) values ($1, 'tag', 'tag')`, [LIST])
    await product.admin.query(
      `insert into todo.task_tag (task_id, tag_id) select id, $1 from todo.task where user_id = todo.subject() and priority = 2`,
      [LIST],
    )
    await product.admin.query(
      `update todo.task set deleted_at = now() where user_id = todo.subject() and completed and priority = 3`,
    )
    await product.admin.query('commit')
  }
  await product.admin.query('analyze')
  api = new pg.Client({ connectionString: product.apiUrl, options: NO_TABLE_SCANS })
  await api.connect()
})
after(async () => {
  await api.end()
  await product.close()
})

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}

/** The plan PostgreSQL runs for a query of the list, as the role of the API. */
async function planOf(query: string): Promise<Node[]> {
  const parsed = ListQuery.parse(Object.fromEntries(new URLSearchParams(query)))
  const page = pageOfTasks(parsed, undefined)
  const { sql: text, parameters } = fixed(sql`
    select page.* from (select set_config('app.subject', ${user.id}, true) as subject) bound
    cross join lateral (${page}) page`).compile()
  const { rows } = await api.query({
    text: `explain (analyze, format json) ${text}`,
    values: [...parameters],
  })
  return flat(rows[0]['QUERY PLAN'][0].Plan)
}

const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]

const INDEXED: Record<string, string> = {
  '': 'task_newest',
  'completed=false': 'task_newest',
  'completed=false&sort=due': 'task_due',
  'completed=false&due_before=2026-02-01&sort=due': 'task_due',
  'completed=false&due_after=2026-02-01&due_before=2026-03-01&sort=due&parent=none': 'task_due',
  [`completed=false&list=${LIST}&sort=position`]: 'task_list',
  'completed=false&list=inbox&parent=none&sort=position': 'task_list',
  'completed=true&sort=completed': 'task_done',
  'trash=true&sort=deleted': 'task_trash',
  [`parent=${LIST}&sort=position`]: 'task_parent',
}
const BOUNDED = [
  'sort=priority',
  'sort=position',
  'sort=due',
  'priority=1',
  'tag=tag',
  'tag=tag&completed=false&sort=due',
  'q=task%201',
  'q=nothing&sort=due',
  `list=${LIST}&completed=true`,
  'due_before=2026-03-01&priority=2&tag=tag&q=task',
  'trash=true&q=task&tag=tag&sort=priority',
]

/** What a list or some days hold may as well be sorted: it is little. */
describe('each view of the page reads its index, in its order', () => {
  for (const [query, index] of Object.entries(INDEXED))
    test(query || 'the list as it is by default', async () => {
      const nodes = await planOf(query)
      assert.ok(
        nodes.some(node => node['Index Name'] === index),
        JSON.stringify(nodes.map(node => node['Index Name'] ?? node['Node Type'])),
      )
      const sorts = nodes.some(node => /Sort/.test(node['Node Type']))
      assert.ok(/due_|list=|trash/.test(query) || !sorts, JSON.stringify(nodes))
    })
})

test('whatever is asked, no row of another account is looked at', async () => {
  const { rows } = await product.admin.query(
    'select count(*)::int as own from todo.task where user_id = $1',
    [user.id],
  )
  for (const query of [...Object.keys(INDEXED), ...BOUNDED]) {
    for (const node of (await planOf(query)).filter(node => node['Relation Name'])) {
      const looked = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
      assert.ok(looked <= 2 * rows[0].own, `${query}: ${JSON.stringify(node)}`)
      assert.ok(
        node['Index Name'] !== 'task_expiry' && !/Seq Scan/.test(node['Node Type']),
        `${query}: ${JSON.stringify(node)}`,
      )
    }
  }
})
