import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { missed, type Part } from './part.ts'
import { writeResults } from './results.ts'

const here = import.meta.dirname

async function runBench(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(here, 'bench.ts'), ...args], {
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), ...env },
  })
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { said: said + complained, code }
}

const part = (more: Partial<Part>): Part => ({
  name: 'growth',
  title: 'Growth',
  seconds: 3,
  rows: [{ request: 'list', 'p50 ms': 1.25 }],
  bars: [],
  errors: 0,
  ...more,
})

describe('the verdict', () => {
  const bar = (kept: boolean | null) => ({ name: 'p50 of list', value: 1.456, bar: '≤ 1.3 ×', kept })

  test('names each bar that was missed, with what was measured', () => {
    assert.deepEqual(missed(part({ bars: [bar(true), bar(false)] })), [
      'growth: p50 of list is 1.46 (bar: ≤ 1.3 ×)',
    ])
  })

  test('is bad when requests failed, however fast the others were', () => {
    assert.deepEqual(missed(part({ bars: [bar(true)], errors: 2 })), ['growth: 2 requests failed'])
  })

  test('is good about what a quick run cannot judge', () => {
    assert.deepEqual(missed(part({ bars: [bar(null)] })), [])
  })
})

test('results are a file for the day, and a plot of each curve', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-results-'))
  const curve = {
    file: 'growth-all',
    title: 'Growth',
    x: { label: 'tasks' },
    y: { label: 'ms' },
    curves: [{ name: 'list', points: [{ x: 1, y: 2 }] }],
  }
  const results = {
    at: '2026-11-21T10:00:00.000Z',
    quick: false,
    machine: {} as never,
    parts: [part({ curves: [curve] })],
    leftOut: {},
  }
  const files = writeResults(folder, results)
  assert.deepEqual(files, [join(folder, '2026-11-21.json'), join(folder, 'growth-all.svg')])
  assert.deepEqual(JSON.parse(readFileSync(files[0]!, 'utf8')), results)
  assert.match(readFileSync(files[1]!, 'utf8'), /^<svg /)
  await rm(folder, { recursive: true })
})

describe('npm run bench', () => {
  test('tells its parts, which docs/performance.md lists, and refuses one that it does not have', async () => {
    const help = await runBench(['--help'])
    assert.equal(help.code, 0)
    const parts = [...help.said.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name)
    const document = readFileSync(join(here, '../docs/performance.md'), 'utf8')
    assert.ok(parts.includes('growth'))
    assert.deepEqual(
      [...document.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name),
      parts,
    )
    const { said, code } = await runBench(['--only', 'nonsense'])
    assert.equal(code, 1)
    assert.match(said, /There is no part nonsense/)
  })

  test('says what is missing for a part; where CI is true, that is a failure', async () => {
    const args = ['--quick', '--only', 'side-by-side']
    const bare = { PATH: dirname(process.execPath) }
    const { said, code } = await runBench(args, bare)
    assert.match(said, /LEFT OUT side-by-side: Python 3\.11 or newer/)
    assert.equal(code, 0)
    const inCi = await runBench(args, { ...bare, CI: 'true' })
    assert.match(inCi.said, /MISSED side-by-side could not be measured: Python/)
    assert.equal(inCi.code, 1)
  })
})

test('a signal ends what was started, and takes the temporary folder with it', async () => {
  const program = `
    import { spawn } from 'node:child_process'
    import { mkdtempSync } from 'node:fs'
    import { tmpdir } from 'node:os'
    import { useOwnFolder } from ${JSON.stringify(join(here, 'own-folder.ts'))}
    useOwnFolder()
    const child = spawn('sleep', ['600'], { detached: true })
    mkdtempSync(tmpdir() + '/data-')
    console.log(JSON.stringify({ pid: child.pid, folder: tmpdir() }))
    setInterval(() => {}, 1000)`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(child.stdout!, 'data')
  const { pid, folder } = JSON.parse(String(line))
  assert.ok(existsSync(folder))
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  assert.equal(code, 1)
  assert.equal(existsSync(folder), false)
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
