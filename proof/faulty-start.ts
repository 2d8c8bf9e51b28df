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
  if (fault === 'shared-secret') {
    const secret = makeSecret()
    return values({ auth: secret, keys: `kid:${secret}`, feed: secret })
  }
  if (fault === 'short-secret') {
    const [text, key] = ['x'.repeat(31), Buffer.alloc(31, 7).toString('base64url')]
    return values({ auth: text, keys: `kid:${key}`, feed: text })
  }
  const example = await readFile(join(import.meta.dirname, '../.env.example'), 'utf8')
  const exampleOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(example)![1]!
  return values({
    auth: exampleOf('AUTH_SECRET'),
    keys: exampleOf('ACCESS_TOKEN_KEYS'),
    feed: exampleOf('REVOCATION_FEED_SECRET'),
  })
}

function values({ auth, keys, feed }: { auth: string; keys: string; feed: string }): NodeJS.ProcessEnv {
  const given = { AUTH_SECRET: auth, ACCESS_TOKEN_KEYS: keys, REVOCATION_FEED_SECRET: feed }
  const files = Object.fromEntries(Object.keys(given).map(name => [`${name}_FILE`, undefined]))
  return { ...given, ...files }
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
