// `--explain T-089`: why the row exists and how to fix it.
import { createColours } from './outputs/colours.ts'
import { loadRequirements } from './requirements.ts'

export function explain(ids: Iterable<string>, colour: boolean): string {
  const { bold, dim } = createColours(colour)
  const requirements = loadRequirements()
  return [...ids]
    .map(id => {
      const row = requirements.get(id)
      if (!row) return `${id}: nobody has written about it yet\n`
      return [
        `${bold(`${id}  ${row.level}  ${row.sentence}`)}`,
        dim(`${row.clause}, tier ${row.tier.join('/')}`),
        `\n${row.why.trim()}`,
        `\n${bold('TypeScript')}\n${indent(row.typescript)}`,
        `\n${bold('Python')}\n${indent(row.python)}\n`,
      ].join('\n')
    })
    .join('\n')
}

const indent = (text: string) => text.trimEnd().replace(/^/gm, '  ')
