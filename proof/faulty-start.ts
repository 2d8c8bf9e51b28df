// A server that is started with a fault in its configuration must say so and end.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Process, startProcess } from '../chaos/processes.ts'
import { untilGood } from '../chaos/server.ts'
import { makeSecret } from '../standalone/src/secrets.ts'
import type { ConfigurationFault } from './deployment.ts'

interface Attempt {
  command: readonly string[]
  port: number
  /** A good configuration. */
  env: NodeJS.ProcessEnv
  home: string
}

/** Values over a good configuration that no server may take. */
export async function faultyEnv(fault: ConfigurationFault): Promise<NodeJS.ProcessEnv> {
  const secret = makeSecret()
  const with_ = (authSecret: string, tokenSecret: string) => ({
    AUTH_SECRET: authSecret,
    AUTH_SECRET_FILE: undefined,
    ACCESS_TOKEN_KEYS: `kid:${tokenSecret}`,
    ACCESS_TOKEN_KEYS_FILE: undefined,
  })
  if (fault === 'shared-secret') return with_(secret, secret)
  if (fault === 'short-secret') return with_('x'.repeat(31), Buffer.alloc(31, 7).toString('base64url'))
  const example = await readFile(join(import.meta.dirname, '../.env.example'), 'utf8')
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(example)![1]!
  return { ...with_(value('AUTH_SECRET'), ''), ACCESS_TOKEN_KEYS: value('ACCESS_TOKEN_KEYS') }
}

/** Whether it serves with what it was given; it is ended either way. */
export async function tryStart({ command, port, env, home }: Attempt) {
  const wordsFile = join(home, `faulty-${port}.txt`)
  const process = await startProcess(command, { env: { ...env, PORT: String(port) }, logFile: wordsFile })
  const started = await untilGood('it', `http://127.0.0.1:${port}/readyz`, process).then(
    () => true,
    () => false,
  )
  await end(process)
  const message = (await readFile(wordsFile, 'utf8')).trim()
  await rm(wordsFile)
  return { started, message }
}

async function end(process: Process): Promise<void> {
  if (process.isRunning()) process.signal('SIGTERM')
  await process.exit
}
