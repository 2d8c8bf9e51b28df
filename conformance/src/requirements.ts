// What must hold, in a sentence each, with why and how to mend it: `requirements/*.yaml`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { KitFault } from './faults.ts'

export type Tier = '0' | 'K' | 'C' | 'L' | 'B'

export interface Requirement {
  id: string
  level: 'MUST' | 'SHOULD'
  tier: Tier[]
  clause: string
  sentence: string
  why: string
  typescript: string
  python: string
}

const MEMBERS = ['level', 'tier', 'clause', 'sentence', 'why', 'typescript', 'python']
const FOLDER = join(import.meta.dirname, '../requirements')

export function loadRequirements(folder = FOLDER): Map<string, Requirement> {
  const all = new Map<string, Requirement>()
  for (const file of readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()) {
    const document = parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) ?? {}
    for (const [id, value] of Object.entries<Record<string, unknown>>(document)) {
      // `x-…` members hold texts that several rows share by anchor.
      if (id.startsWith('x-')) continue
      if (all.has(id)) throw new KitFault(`${file}: ${id} is listed twice`)
      all.set(id, read(id, value, file))
    }
  }
  return new Map([...all].sort(([one], [other]) => one.localeCompare(other)))
}

function read(id: string, value: Record<string, unknown>, file: string): Requirement {
  const missing = MEMBERS.filter(member => value[member] === undefined)
  if (missing.length > 0) throw new KitFault(`${file}: ${id} lacks ${missing.join(', ')}`)
  const tier = [value.tier].flat().map(String) as Tier[]
  return { ...(value as unknown as Requirement), id, tier }
}

/** Every row there is, whether anybody wrote about it or not. */
export function listIds(): string[] {
  return readFileSync(join(FOLDER, 'ids.txt'), 'utf8').trim().split(/\s+/)
}
