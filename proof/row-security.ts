import type { HookCalls } from '../conformance/src/hooks.ts'
import { type Client, withClient } from '../standalone/src/database.ts'

type Asks = HookCalls['row-security']['asks']
type Answers = HookCalls['row-security']['answers']

const WHOSE = 'where user_id = $1 and id = $2'
const INSERT = `insert into todo.task (user_id, id, title) values ($1, $2, 'crossed')`
const STATEMENTS: Record<Asks['act'], string> = {
  select: `select * from todo.task ${WHOSE}`,
  update: `update todo.task set title = 'crossed' ${WHOSE} returning *`,
  delete: `delete from todo.task ${WHOSE} returning *`,
  insert: `${INSERT} returning *`,
  'on-conflict': `${INSERT} on conflict do nothing returning *`,
  copy: `copy todo.task to stdout`,
  explain: `explain (analyze, verbose) select * from todo.task ${WHOSE}`,
}

/** One statement as the API's own role, in a transaction that is taken back. */
export async function tryAsApi(url: string, { subject, act, owner, task }: Asks): Promise<Answers> {
  return await withClient(url, async client => {
    await client.query('begin')
    if (subject !== null) await client.query(`select set_config('app.subject', $1, true)`, [subject])
    const answer = await run(client, act, [owner, task])
    await client.query('rollback')
    return answer
  })
}

async function run(client: Client, act: Asks['act'], values: string[]): Promise<Answers> {
  const copied = listenForCopies(client)
  try {
    const { rows } = await client.query(STATEMENTS[act], act === 'copy' ? [] : values)
    if (act === 'copy') return copiedOf(values[0]!, copied)
    if (act !== 'explain') return { rows: rows.length, text: JSON.stringify(rows), error: null }
    const plan = rows.map(row => row['QUERY PLAN']).join('\n')
    return { rows: Number(/actual .*rows=([\d.]+)/.exec(plan)?.[1] ?? 0), text: plan, error: null }
  } catch (error) {
    return { rows: 0, text: '', error: (error as Error).message }
  }
}

/** COPY takes no condition: of what it gives, only the owner's rows are what was asked for. */
function copiedOf(owner: string, copied: string[]): Answers {
  const rows = copied.filter(line => line.startsWith(`${owner}\t`))
  return { rows: rows.length, text: rows.join(''), error: null }
}

/** The driver itself has no ear for what COPY sends. */
function listenForCopies(client: Client): string[] {
  const copied: string[] = []
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  connection.on('copyData', ({ chunk }: { chunk: Buffer }) => copied.push(chunk.toString()))
  return copied
}
