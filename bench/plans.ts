// The plans PostgreSQL runs for the requests of an API, as it tells them itself: auto_explain writes those of the
// API's own connections to the server's log, with what its triggers and references ask.
import { readFile } from 'node:fs/promises'
import { withClient } from '../standalone/src/database.ts'
import { API } from '../standalone/src/roles.ts'

/** By statement, what reads what: `Limit (Index Scan task_newest)`. */
export type Plans = Map<string, string>

interface Node {
  'Node Type': string
  Operation?: string
  'Index Name'?: string
  'Relation Name'?: string
  Plans?: Node[]
}

/** Connections made from now on are explained; those that are there end, and the API makes others. */
export async function explainApis(adminUrl: string): Promise<void> {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_format': 'json',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_parameter_max_length': '0',
  }
  await withClient(adminUrl, async client => {
    for (const [name, value] of Object.entries(settings))
      await client.query(`alter role ${API} set ${name} = '${value}'`)
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [API])
  })
}

/** The last plan of each statement that `work` has the API run: by then it is decided whether it is a generic one. */
export async function plansOf(logFile: string, work: () => Promise<unknown>): Promise<Plans> {
  const { length } = await readFile(logFile)
  await work()
  return readPlans((await readFile(logFile)).subarray(length).toString())
}

/** Each begins after a line of its own and goes on in lines that begin with a tab. */
export function readPlans(log: string): Plans {
  const found = log.matchAll(/^\S.* ms {2}plan:\n((?:\t.*\n)+)/gm)
  return new Map(
    [...found].map(([, json = '']) => {
      const { 'Query Text': text, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: Node }
      return [text.replaceAll(/\s+/g, ' ').trim(), shapeOf(plan)]
    }),
  )
}

function shapeOf(node: Node): string {
  const { 'Node Type': type, Operation: operation, Plans: parts = [] } = node
  const reads = node['Index Name'] ?? node['Relation Name'] ?? ''
  const within = parts.length > 0 ? `(${parts.map(shapeOf).join(', ')})` : ''
  return [operation ?? type, reads, within].filter(Boolean).join(' ')
}

/** What differs, a line each; nothing when both run the same statements in the same way. */
export function differences(base: Plans, other: Plans): string[] {
  const texts = [...new Set([...base.keys(), ...other.keys()])]
  return texts
    .filter(text => base.get(text) !== other.get(text))
    .map(text => `${text}\n  ${base.get(text) ?? 'not run'}\n  ${other.get(text) ?? 'not run'}`)
}
