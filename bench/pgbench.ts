// PostgreSQL alone: pgbench asks it for our list in our words, as the API's role under row security.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { fixed } from '../api/src/database.ts'
import { pageOfTasks } from '../api/src/task-list.ts'
import type { Servers } from './servers.ts'
import type { Speed } from './wrk.ts'

const programs = [
  '/usr/bin/pgbench',
  '/usr/lib/postgresql/15/bin/pgbench',
  '/usr/lib/postgresql/17/bin/pgbench',
]

export async function runPgbench(
  { database }: Servers,
  owners: { id: string }[],
  connections: number,
  seconds: number,
): Promise<Speed> {
  const program = programs.find(existsSync)
  if (!program) throw new Error('pgbench is missing: install postgresql-contrib or the like')
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  try {
    const script = join(folder, 'list.sql')
    await writeFile(script, listOf(owners))
    // One client per connection of the API's pool, which is what PostgreSQL sees however many connections we have.
    const clients = Math.min(connections, 10)
    const flags = ['--no-vacuum', '--protocol', 'prepared', '--client', String(clients), '--jobs', '1']
    const all = [...flags, '--time', String(seconds), '--file', script, database.apiUrl]
    const pgbench = spawn(program, all, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PGOPTIONS: '-c enable_seqscan=off' },
    })
    const [said, [code]] = await Promise.all([text(pgbench.stdout), once(pgbench, 'exit')])
    if (code !== 0) throw new Error(`pgbench ended with code ${code}: ${said}`)
    const latency = Number(/latency average = ([\d.]+) ms/.exec(said)?.[1])
    const failed = Number(/failed transactions: (\d+)/.exec(said)?.[1] ?? 0)
    return { perSecond: Number(/tps = ([\d.]+)/.exec(said)?.[1]), p50: latency, p99: Number.NaN, failed }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Ids of accounts are our own random words: they can stand in a statement as they are. */
function listOf(owners: { id: string }[]): string {
  const page = pageOfTasks({ sort: 'newest', trash: false, limit: 20 } as never, undefined)
  const { sql: words, parameters } = fixed(sql`
    select page.* from (select set_config('app.subject', ${'SUBJECT'}, true) as subject) bound
    cross join lateral (${page}) page`).compile()
  const written = words
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\$(\d+)/g, (_, n) => literal(parameters[Number(n) - 1]))
    // pgbench takes a colon before a letter for a variable, in a literal too.
    .replaceAll(/(?<!:):(?=[A-Za-z])/g, `'||chr(58)||'`)
  const ids = owners.map(({ id }) => `'${id}'`).join(',')
  const subject = `(array[${ids}])[:turn]`
  return `\\set turn random(1, ${owners.length})\n${written.replace(literal('SUBJECT'), subject)};\n`
}

const literal = (value: unknown) =>
  typeof value === 'number' ? String(value) : `E'${String(value).replaceAll('\n', '\\n')}'`
