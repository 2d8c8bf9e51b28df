// All the numbers: `npm run bench`, with `-- --help` to see what it takes.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { useOwnFolder } from './own-folder.ts'
import { type Measure, missed, printPart } from './part.ts'
import { missingFor } from './programs.ts'
import { describeMachine, type Results, writeResults } from './results.ts'

interface Planned {
  what: string
  /** Loaded when its turn comes: what one part needs is no other's trouble. */
  load(): Promise<Measure>
  /** Programs besides Node. */
  needs?: string[]
}

const PARTS: Record<string, Planned> = {
  'side-by-side': {
    what: 'our API beside the reference in Python, FastAPI, Hono and PostgreSQL alone',
    load: async () => (await import('./peers.ts')).measurePeers,
    needs: ['python3', 'wrk', 'pgbench'],
  },
  validation: {
    what: 'what judging a token costs',
    load: async () => (await import('./validation.ts')).measureValidation,
  },
  users: {
    what: 'thousands of people at once, each with a token of their own',
    load: async () => (await import('./users.ts')).measureUsers,
  },
  growth: {
    what: 'up to ten million tasks, and up to 100,000 of one person',
    load: async () => (await import('./growth.ts')).measureGrowth,
  },
  'sign-outs': {
    what: 'how long a sign-out waits for 1, 3 and 20 APIs',
    load: async () => (await import('./sign-outs.ts')).measureSignOuts,
  },
  footprint: {
    what: 'start-up, memory, and bytes a connection',
    load: async () => (await import('./footprint.ts')).measureFootprint,
  },
}

const HELP = `npm run bench -- [--only PART]… [--quick]

${Object.entries(PARTS)
  .map(([name, { what }]) => `  ${name.padEnd(14)}${what}`)
  .join('\n')}

--quick sees that all of it runs (3 minutes): it judges no time, and its figures go to a temporary folder.
--only may be given several times.

Without --quick the figures go to bench/results, for a day a file, with a plot of each curve; 1 is the exit code when
a bar is missed or a request failed. Promises with a command of their own: npm run bench:sign-ins, bench:overload,
bench:connections, bench:restart, bench:list, bench:search, bench:page.`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const names = options.only ?? Object.keys(PARTS)
const unknown = names.filter(name => !PARTS[name])

if (options.help) console.log(HELP)
else if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}.\n\n${HELP}`)
  process.exitCode = 1
} else await runAll()

async function runAll(): Promise<void> {
  process.exitCode = 1
  const lasting = tmpdir()
  useOwnFolder()
  const machine = await describeMachine()
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load ${machine.load}; ${machine.node}; ${machine.postgres}`,
  )
  const results: Results = {
    at: new Date().toISOString(),
    quick: options.quick,
    machine,
    parts: [],
    leftOut: {},
  }
  const failures: string[] = []
  for (const name of names) await runPart(name, results, failures)
  failures.push(...results.parts.flatMap(missed))
  for (const part of results.parts) console.log(`${part.name} took ${part.seconds} s`)
  if (results.parts.length > 0) console.log(`Written:\n${write(results, lasting).join('\n')}`)
  for (const [name, reason] of Object.entries(results.leftOut)) console.log(`LEFT OUT ${name}: ${reason}`)
  for (const failure of failures) console.log(`MISSED ${failure}`)
  if (failures.length === 0) process.exitCode = 0
}

function write(results: Results, lasting: string): string[] {
  const folder = results.quick
    ? mkdtempSync(join(lasting, 'latchkey-bench-quick-'))
    : join(import.meta.dirname, 'results')
  return writeResults(folder, results)
}

async function runPart(name: string, { parts, leftOut }: Results, failures: string[]): Promise<void> {
  const { what, needs = [], load } = PARTS[name]!
  console.log(`\n== ${name}: ${what}`)
  const missing = missingFor(needs)
  if (missing.length > 0) {
    leftOut[name] = missing.join('; ')
    console.log(`Left out: ${leftOut[name]}`)
    if (process.env.CI === 'true') failures.push(`${name} could not be measured: ${leftOut[name]}`)
    return
  }
  try {
    const measure = await load()
    const part = await measure({ quick: options.quick })
    parts.push(part)
    printPart(part)
  } catch (error) {
    // Told, not thrown: the other parts are worth having all the same.
    console.error(error)
    failures.push(`${name} failed: ${(error as Error).message.split('\n')[0]}`)
  }
}
