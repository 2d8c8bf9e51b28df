// The file of known failures: `T-031: why it may fall short for now`. An entry that holds fails the run.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { UsageFault } from './faults.ts'

export function loadKnownFailures(file: string, ids: string[]): Map<string, string> {
  return parseKnownFailures(readFileSync(file, 'utf8'), file, ids)
}

export function parseKnownFailures(text: string, source: string, ids: string[]): Map<string, string> {
  const document = parse(text) ?? {}
  if (typeof document !== 'object' || Array.isArray(document))
    throw new UsageFault(`${source} is no list of rows`)
  for (const [id, reason] of Object.entries(document)) {
    if (!ids.includes(id)) throw new UsageFault(`${source}: there is no row ${id}`)
    if (typeof reason !== 'string' || reason.trim() === '')
      throw new UsageFault(`${source}: ${id} needs a reason`)
  }
  return new Map(Object.entries(document as Record<string, string>))
}
