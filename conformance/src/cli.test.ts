import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { stringify } from 'yaml'
import { type GoodServer, startGoodServer } from '../broken/good-server.ts'
import { documentOf } from '../broken/profile.ts'
import { isLoopback } from './cli.ts'
import { readCommandLine } from './command-line.ts'
import { UsageFault } from './faults.ts'

let folder: string
let good: GoodServer
let broken: GoodServer

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kit-cli-'))
  good = await startGoodServer()
  broken = await startGoodServer(['compares-aud-as-text'])
  writeFileSync(file('good.yaml'), stringify(documentOf(good)))
  writeFileSync(file('broken.yaml'), stringify(documentOf(broken)))
})

after(async () => {
  await Promise.all([good.close(), broken.close()])
  rmSync(folder, { recursive: true })
})

const file = (name: string) => join(folder, name)

async function run(...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bin.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, output, complaint }
}

interface Row {
  id: string
  observations: number
}

const ROWS = 'T-001..T-007'

test('what holds ends with 0, and says the seed', async () => {
  const { code, output, complaint } = await run(
    '--profile',
    file('good.yaml'),
    '--only',
    ROWS,
    '--seed',
    'abc',
  )
  assert.equal(code, 0, output + complaint)
  assert.match(output, /^HELD {2}7 held\n/)
  assert.match(complaint, /seed abc\n/)
})

test('what falls short ends with 1, and every file is written', async () => {
  const outputs = ['json', 'junit', 'html'].flatMap(kind => [`--${kind}`, file(`report.${kind}`)])
  const { code, output } = await run('--profile', file('broken.yaml'), '--only', ROWS, ...outputs)
  assert.equal(code, 1)
  assert.match(output, /^T-002 {2}MUST/)
  assert.match(output, /curl -i/)
  assert.equal(JSON.parse(readFileSync(file('report.json'), 'utf8')).totals['fell short'], 1)
  assert.match(readFileSync(file('report.junit'), 'utf8'), /<failure /)
  assert.match(readFileSync(file('report.html'), 'utf8'), /^<!doctype html>/)
})

test('a run is repeated by its seed, however many checks run at a time', async () => {
  const repeat = async (jobs: string) => {
    const args = ['--only', ROWS, '--seed', 'again', '--jobs', jobs, '--json', '-']
    const { code, output } = await run('--profile', file('good.yaml'), ...args)
    assert.equal(code, 0)
    const { seed, rows, requests } = JSON.parse(output)
    return { seed, requests, rows: rows.map(({ id, observations }: Row) => ({ id, observations })) }
  }
  const [one, several] = [await repeat('1'), await repeat('8')]
  assert.equal(one.seed, 'again')
  assert.deepEqual(one, several)
})

test('a known failure is forgiven, one that holds is not', async () => {
  writeFileSync(file('known.yaml'), 'T-002: mended in the next release\n')
  const known = ['--only', ROWS, '--known-failures', file('known.yaml')]
  const forgiven = await run('--profile', file('broken.yaml'), ...known)
  assert.equal(forgiven.code, 0, forgiven.output)
  const stale = await run('--profile', file('good.yaml'), ...known)
  assert.equal(stale.code, 1)
  assert.match(stale.output, /T-002 is listed as a known failure and holds/)
})

test('--skip leaves rows out, --json - is all of standard output', async () => {
  const { code, output } = await run(
    '--profile',
    file('broken.yaml'),
    '--only',
    ROWS,
    '--skip',
    'T-002',
    '--json',
    '-',
  )
  assert.equal(code, 0)
  assert.equal(JSON.parse(output).rows.length, 6)
})

test('a tier that is required and cannot be run fails', async () => {
  const document = { ...documentOf(good), token: { alg: 'HS256', typ: 'at+jwt' } }
  writeFileSync(file('keyless.yaml'), stringify(document))
  const args = ['--profile', file('keyless.yaml'), '--only', 'T-001,T-002']
  assert.equal((await run(...args)).code, 0)
  const required = await run(...args, '--require-tier', 'K')
  assert.equal(required.code, 1)
  assert.match(required.output, /T-002 is required and was not run: needs key/)
})

test('what cannot run ends with 2 and says why', async () => {
  writeFileSync(file('wrong.yaml'), 'name: [')
  writeFileSync(file('nobody.yaml'), stringify({ ...documentOf(good), api: { url: 'http://127.0.0.1:1' } }))
  for (const [args, reason] of [
    [['--profil', 'x'], /Unknown option '--profil'/],
    [[], /--profile says what to judge/],
    [['--profile', file('there-is-none.yaml')], /ENOENT/],
    [['--profile', file('wrong.yaml')], /is not a profile:\n.*line 1/s],
    [['--profile', file('nobody.yaml')], /http:\/\/127\.0\.0\.1:1 cannot be reached/],
    [['--profile', file('good.yaml'), '--only', 'T-999'], /no row is T-999/],
  ] as const) {
    const { code, complaint } = await run(...args)
    assert.equal(code, 2, complaint)
    assert.match(complaint, reason)
    assert.doesNotMatch(complaint, /fault of the kit/)
  }
})

test('--help, --version, --list and --explain need no target', async () => {
  assert.match((await run('--help')).output, /--known-failures FILE/)
  assert.match((await run('--version')).output, /^\d+\.\d+\.\d+\n$/)
  assert.match((await run('--list', '--only', 'T-00*')).output, /^T-001 {2}MUST {4}0 {4}\S/)
  assert.match((await run('--list', '--profile', file('good.yaml'))).output, /^T-001 .*\[would run\]$/m)
  const { output } = await run('--explain', 't-089')
  assert.match(output, /^T-089 .*TypeScript\n.*Python\n/s)
})

test('numbers and tiers are held to what they may be', () => {
  assert.throws(() => readCommandLine(['--jobs', '0']), UsageFault)
  assert.throws(() => readCommandLine(['--minutes', 'many']), UsageFault)
  assert.throws(() => readCommandLine(['--require-tier', 'X']), UsageFault)
  assert.deepEqual(readCommandLine(['--require-tier', 'k,C']).requireTier, ['K', 'C'])
})

test('only this machine is loopback', () => {
  for (const name of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) assert.ok(isLoopback(name), name)
  for (const name of ['127.0.0.1.example.com', 'example.com', '10.0.0.1', '0.0.0.0'])
    assert.ok(!isLoopback(name), name)
})
