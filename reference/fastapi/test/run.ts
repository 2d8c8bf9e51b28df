// `npm run test:fastapi`: everything about reference/fastapi, from its style to a browser, and every requirement of the
// conformance kit, asked of the Python API behind our issuer and page. It needs what set-up made.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import { folder, python } from './python.ts'

const root = join(folder, '../..')
const module = (...args: string[]) => [python, '-m', ...args]

const chosen = process.argv.slice(2)
const judge = ['proof/run.ts', '--only', 'servers', '--core', '--api']

const steps: { what: string; command: string[]; cwd?: string }[] = [
  { what: 'style', command: module('ruff', 'check', '.'), cwd: folder },
  { what: 'format', command: module('ruff', 'format', '--check', '.'), cwd: folder },
  { what: 'types', command: module('mypy'), cwd: folder },
  {
    what: 'tests',
    command: ['node', 'test/run.ts', ...(chosen.length > 0 ? chosen : ['reference/fastapi/test/*.test.ts'])],
  },
]
if (chosen.length === 0)
  steps.push({
    what: 'requirements',
    command: ['node', ...judge, `${relative(root, python)} -m latchkey_tasks`],
  })

for (const { what, command, cwd = root } of steps) {
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, stdio: 'inherit' })
  const [code] = await Promise.race([once(child, 'exit'), once(child, 'error')])
  if (code === 0) continue
  console.error(`reference/fastapi: ${what} failed`)
  process.exit(1)
}
