import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { signUp } from '../../../test/in-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { folder, python } from './python.ts'

let deployment: Deployment
before(async () => {
  deployment = await deploy()
})
after(async () => await deployment?.close())

test('the package’s own tests pass, against the real issuer and PostgreSQL', async () => {
  const people = [
    await signUp({ url: deployment.issuerUrl } as never),
    await signUp({ url: deployment.issuerUrl } as never),
  ]
  const { PATH, HOME } = process.env
  // Under their own names: what a test wants to be given, it says.
  const env = {
    PATH,
    HOME,
    LATCHKEY_DEPLOYMENT: JSON.stringify({ env: deployment.env, people }),
  }
  const child = spawn(python, ['-m', 'pytest', '-p', 'no:cacheprovider'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (said += text))
  const [code] = await once(child, 'close')
  assert.equal(code, 0, said)
  assert.match(said, /\d+ passed/)
  assert.doesNotMatch(said, /skipped|xfailed/)
})
