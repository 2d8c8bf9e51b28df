import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HookFault } from './faults.ts'
import { createHooks } from './hook-commands.ts'

const command = (script: string) => [process.execPath, '-e', script]

test('a command is asked with one object and answers with one', async () => {
  const script = `process.stdin.on('data', text => console.log(JSON.stringify({ kid: JSON.parse(text).step })))`
  const hooks = createHooks({ 'rotate-keys': command(script) })
  assert.deepEqual(await hooks['rotate-keys']!({ step: 'sign' }), { kid: 'sign' })
})

test('a command that fails, says no JSON or is not there is a fault of the hook', async () => {
  const asked = (hook: string[]) => createHooks({ rows: hook }).rows!({ user: 'a' })
  const isFault = (pattern: RegExp) => (error: unknown) =>
    error instanceof HookFault && pattern.test(error.message)
  await assert.rejects(
    asked(command('console.error("no such table"); process.exit(3)')),
    isFault(/with 3: no such table/),
  )
  await assert.rejects(asked(command('console.log("{")')), isFault(/wrote no JSON/))
  await assert.rejects(asked(['./there-is-no-such-command']), isFault(/ENOENT/))
})
