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
const allTests = '{issuer,api,web,standalone,test,chaos}/**/*.test.ts'

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
const events = run({ files, cwd: root, concurrency: 2, env: testEnv(server.templateUrl) })
for await (const text of compose(events, judge.watch, spec)) process.stdout.write(text)
await server.stop()
process.exitCode = judge.hasPassed() ? 0 : 1

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
