import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'

const logOf = join(import.meta.dirname, 'log.ts')

/** Logs 20,000 lines, says on standard error that it still runs, and ends after a word on standard input. */
const program = `
  import { createLog, endLog } from '${logOf}'
  const log = createLog('info')
  for (let line = 0; line < 20_000; line++) log.info({ line, text: 'x'.repeat(100) }, 'said')
  process.stderr.write('still running')
  process.stdin.once('data', async () => {
    log.info({ line: 'last' }, 'said')
    await endLog()
    process.exit(0)
  })
`

function run() {
  const args = ['--input-type=module-typescript', '--eval', program]
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
}

test('a log nobody reads stops nothing: lines are dropped and the loss is told', async () => {
  const child = run()
  const [said] = await once(child.stderr.setEncoding('utf8'), 'data')
  assert.equal(said, 'still running')
  let text = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  child.stdout.resume()
  const lines = () => text.trim().split('\n')
  while (!text.includes('sys_log_dropped')) await once(child.stdout, 'data')
  child.stdin.write('end')
  await once(child, 'close')
  const parsed = lines().map(line => JSON.parse(line))
  const { dropped } = parsed.find(({ event }) => event === 'sys_log_dropped')
  assert.equal(parsed.filter(({ line }) => Number.isInteger(line)).length + dropped, 20_000)
  assert.equal(parsed.at(-1).line, 'last')
})

test('a process ends although nobody reads its last lines', async () => {
  const child = run()
  await once(child.stderr, 'data')
  child.stdin.write('end')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  child.stdout.destroy()
})
