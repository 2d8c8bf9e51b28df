import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createTestDatabase } from './database.ts'
import { createJudge } from './judge.ts'
import { root } from './product.ts'
import { listRequirements } from './requirements.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-run-'))
after(() => rmSync(folder, { recursive: true }))

const database = await createTestDatabase()
after(() => database.drop())

/** The exit code and the closing words of a run of one file with this text. */
function runOf(text: string) {
  const file = join(folder, 'a.test.ts')
  writeFileSync(file, `import { test } from 'node:test'\n${text}`)
  const env = { PATH: process.env.PATH, DATABASE_URL: database.adminUrl }
  const { status, stdout } = spawnSync('node', [join(root, 'test/run.ts'), file], { env, encoding: 'utf8' })
  return { status, stdout }
}

test('a run whose tests pass ends with the closing lines of the runner, and 0', () => {
  const { status, stdout } = runOf(`test('a', () => {})`)
  assert.equal(status, 0, stdout)
  assert.match(
    stdout,
    /tests 1\n.*suites 0\n.*pass 1\n.*fail 0\n.*cancelled 0\n.*skipped 0\n.*todo 0\n.*duration_ms .*\n$/,
  )
})

test('a run that failed, left a test out or had none is no success', () => {
  const texts = [
    `test('a', () => { throw new Error() })`,
    `test('a', () => {}); test.skip('b', () => {})`,
    `test('a', () => {}); test.todo('b')`,
    `test('a', t => t.skip())`,
    `throw new Error()`,
    ``,
  ]
  for (const text of texts) assert.equal(runOf(text).status, 1, text)
})

test('a requirement without a passed test that names it is no success', async () => {
  const judge = () => createJudge({ requirements: ['US1.1', 'EC-1'], partOf: () => 'test' })
  const pass = (name: string) => ({
    type: 'test:pass',
    data: { name, nesting: 0, details: { type: 'test' } },
  })
  const verdict = async (...names: string[]) => {
    const { watch, hasPassed } = judge()
    for await (const _ of watch(names.map(pass) as never)) void _
    return hasPassed()
  }
  assert.equal(await verdict('US1.1 EC-1: both', 'another'), true)
  assert.equal(await verdict('US1.1: one', 'US1.10 EC-11: others'), false)
})

test('a file that runs again is judged by how it ends then', async () => {
  const judge = createJudge({ requirements: [], partOf: () => 'test' })
  const ends = async (type: string) => {
    const event = { type, data: { name: 'a', file: 'page.test.ts', nesting: 0, details: { type: 'test' } } }
    for await (const _ of judge.watch([event] as never)) void _
  }
  await ends('test:fail')
  assert.deepEqual([judge.hasPassed(), judge.failedFiles()], [false, ['page.test.ts']])
  judge.forget('page.test.ts')
  await ends('test:pass')
  assert.equal(judge.hasPassed(), true)
  await ends('test:fail')
  assert.equal(judge.hasPassed(), false)
})

test('every requirement of the document is known to the run', () => {
  const numbers = listRequirements(join(root, 'docs/requirements.md'))
  assert.equal(numbers.length, new Set(numbers).size)
  assert.equal(numbers.length, 12 + 20 + 8 + 8)
})
