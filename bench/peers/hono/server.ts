// The limit of this stack: Hono, pg and the very statements of our reads, with no token and no row security.
// Written once, and not tuned.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { sql } from 'kysely'
import pg from 'pg'
import { fixed } from '../../../api/src/database.ts'
import { tasksOf } from '../../../api/src/task-json.ts'
import { pageOfTasks } from '../../../api/src/task-list.ts'

const pool = new pg.Pool({
  connectionString: process.env.PEER_DATABASE_URL,
  max: 10,
  options: '-c enable_seqscan=off',
})

const reading = (subject: string, lateral: ReturnType<typeof sql>) =>
  fixed(sql`
    select page.* from (select ${subject}::text as subject) bound
    cross join lateral (${lateral}) page`).compile()

const list = memoized((limit: number) =>
  reading('', pageOfTasks({ sort: 'newest', trash: false, limit } as never, undefined)),
)

const one = reading(
  '',
  sql`
    select row_to_json(task)::text as body from (${tasksOf(sql`
      select * from todo.task
      where user_id = bound.subject and id = ${''} and deleted_at is null limit 1`)}) task limit 1`,
)

/** The text is made once; only values travel. The subject is the first of them. */
async function ask(name: string, { sql: text, parameters }: ReturnType<typeof reading>, ...given: string[]) {
  const { rows } = await pool.query({ name, text, values: [...given, ...parameters.slice(given.length)] })
  return rows
}

const askList = (user: string, limit: number) => ask(`list-${limit}`, list(limit), user)

function memoized<Value>(make: (key: number) => Value): (key: number) => Value {
  const made = new Map<number, Value>()
  return key => {
    if (!made.has(key)) made.set(key, make(key))
    return made.get(key)!
  }
}

const insert = `
  insert into peer.task (id, user_id, title, description, completed, created_at, updated_at)
  values (gen_random_uuid(), $1, $2, $3, $4, now(), now()) returning row_to_json(task)::text as body`
const toggle = `
  update peer.task set completed = not completed, updated_at = now()
  where user_id = $1 and id = $2 returning row_to_json(task)::text as body`

const json = (body: string, status = 200) =>
  new Response(body, { status, headers: { 'content-type': 'application/json' } })

const app = new Hono()
app.get('/readyz', c => c.json({ ready: true }))
app.get('/api/:user/tasks', async c => {
  const [page] = await askList(c.req.param('user'), Number(c.req.query('limit') ?? 50))
  return json(`[${page.tasks ?? ''}]`)
})
app.get('/api/:user/tasks/:id', async c => {
  const [task] = await ask('one', one, c.req.param('user'), c.req.param('id'))
  return task ? json(task.body) : c.notFound()
})
app.post('/api/:user/tasks', async c => {
  const { title, description = null, completed = false } = await c.req.json()
  const values = [c.req.param('user'), title, description, completed]
  const { rows } = await pool.query({ name: 'insert', text: insert, values })
  return json(rows[0].body, 201)
})
app.patch('/api/:user/tasks/:id/complete', async c => {
  const values = [c.req.param('user'), c.req.param('id')]
  const { rows } = await pool.query({ name: 'toggle', text: toggle, values })
  return rows[0] ? json(rows[0].body) : c.notFound()
})

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
