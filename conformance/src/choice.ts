// Which rows: `T-031`, `T-03*`, `T-001..T-009`, several by commas.
import { UsageFault } from './faults.ts'

export function chooseRows(patterns: string[], ids: string[]): Set<string> {
  const chosen = patterns
    .flatMap(pattern => pattern.split(','))
    .map(pattern => pattern.trim())
    .flatMap(pattern => {
      const matches = ids.filter(id => isMatch(pattern.toUpperCase(), id))
      if (matches.length === 0) throw new UsageFault(`no row is ${pattern}: see --list`)
      return matches
    })
  return new Set(chosen)
}

function isMatch(pattern: string, id: string): boolean {
  const [first, last] = pattern.split('..')
  if (last !== undefined) return id >= first! && id <= last
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern
}
