// Runs the tests of all parts against one PostgreSQL: `npm test`, or `npm test -- api/src/tasks.test.ts …` for
// some files. `DATABASE_URL` or `--database-url=…` names a server (and its administrator) to use instead.
import { globSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { compose } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'
import { findChromium } from '../scripts/find-chromium.mjs'
import { createJudge } from './judge.ts'
import { listRequirements } from './requirements.ts'
import { startTestServer } from './server.ts'

const root = join(import.meta.dirname, '..')
const allTests = '{issuer,api,web,standalone,test,chaos,conformance,proof,bench}/**/*.test.ts'

const { values: options, positionals } = parseArgs({
  options: { 'database-url': { type: 'string' } },
  allowPositionals: true,
})

const files = globSync(positionals.length > 0 ? positionals : allTests, { cwd: root })
  .filter(file => !file.includes('node_modules'))
  .map(file => resolve(root, file))
  .sort()
const isFullRun = positionals.length === 0
const requirements = isFullRun ? listRequirements(join(root, 'docs/requirements.md')) : []

const server = await startTestServer(options['database-url'] ?? process.env.DATABASE_URL)
process.on('SIGINT', stopEarly).on('SIGTERM', stopEarly)

const judge = createJudge({ requirements, partOf: file => relative(root, file).split(/[\\/]/)[0]! })
await runTests(files, 2)
// A browser that shares two cores with other tests can be late: what failed there is run again alone, and said.
const late = judge.failedFiles().filter(isBrowserTest)
if (late.length > 0) {
  console.log(
    `\nFailed beside others, run again alone: ${late.map(file => relative(root, file)).join(', ')}\n`,
  )
  for (const file of late) judge.forget(file)
  await runTests(late, 1)
}
await server.stop()
process.exitCode = judge.hasPassed() ? 0 : 1

async function runTests(files: string[], concurrency: number): Promise<void> {
  const events = run({ files, cwd: root, concurrency, env: testEnv(server.templateUrl) })
  for await (const text of compose(events, judge.watch, spec)) process.stdout.write(text)
}

function isBrowserTest(file: string): boolean {
  return /^test[\\/]page/.test(relative(root, file))
}

/** Tests start servers of their own: nothing of the caller's settings may reach them. */
function testEnv(templateUrl: string): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TERM', 'CI', 'FORCE_COLOR', 'NO_COLOR']
  const env = Object.fromEntries(kept.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
  return { ...env, CHROMIUM: findChromium(), LATCHKEY_TEST_TEMPLATE: templateUrl }
}

async function stopEarly(): Promise<void> {
  await server.stop()
  process.exit(1)
}
