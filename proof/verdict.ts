// What the kit's report of one of our deployments must say.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface Row {
  id: string
  verdict: 'held' | 'fell short' | 'inconclusive' | 'not run' | 'not applicable'
  clause: string
  sentence: string
  findings: { sentence: string }[]
  reasons: string[]
}

/** Of the kit's `--json`, what is read here; the kit itself is known by its outputs alone. */
export interface Report {
  seed: string
  outcome: 'held' | 'fell short' | 'could not run'
  because: string[]
  seconds: number
  requests: number
  rows: Row[]
}

const LIST = join(import.meta.dirname, 'not-applicable.yaml')

/** Of the deployments that are all of it at once: `servers`, and `core`. */
export function listNotApplicable(deployments: string | readonly string[], file = LIST): string[] {
  const lists: Record<string, string[]> = parse(readFileSync(file, 'utf8'))
  return ['everywhere', deployments]
    .flat()
    .flatMap(name => lists[name] ?? [])
    .toSorted()
}

/** Every sentence is a fault; none: ours holds. */
export function findFaults(report: Report, notApplicable: readonly string[]): string[] {
  const faults = report.outcome === 'held' ? [] : [...report.because]
  for (const { id, verdict, reasons } of report.rows)
    if (verdict === 'not run' && report.outcome === 'held')
      faults.push(`${id} was not run: ${reasons.join('; ')}`)
  const found = report.rows.filter(({ verdict }) => verdict === 'not applicable').map(({ id }) => id)
  for (const id of found.filter(id => !notApplicable.includes(id)))
    faults.push(`${id} is not applicable and is not on the list`)
  const isAsked = (id: string) => report.rows.some(row => row.id === id)
  for (const id of notApplicable.filter(id => isAsked(id) && !found.includes(id)))
    faults.push(`${id} is on the list and was applicable`)
  return [...new Set(faults)]
}
