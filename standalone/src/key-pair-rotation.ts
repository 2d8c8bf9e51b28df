import { type KeyPair, openKeyPairs } from '@latchkey/issuer'
import { pino } from 'pino'
import type { StandaloneEnv } from './env.ts'
import { findProcesses, issuerEnvOf } from './key-place.ts'
import type { KeyRotation } from './key-rotation.ts'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'
import { hangUp } from './tell-processes.ts'

type Tools = { env: StandaloneEnv; opened: AsyncDisposableStack }

/** With EdDSA the keys are in the database, where every issuer finds them: no file, and no process to be told. */
export async function openKeyPairRotation(tools: Tools, named: string | undefined): Promise<KeyRotation> {
  const env = await issuerEnvOf(tools)
  const pairs = openKeyPairs(env, pino({ level: 'silent' }))
  tools.opened.defer(pairs.close)

  async function list(): Promise<void> {
    const all = await pairs.list()
    const signing = signingOf(all)
    for (const pair of all) console.log(`${pair.kid} ${stateOf(pair, signing)}`)
  }

  async function rotate(): Promise<void> {
    const { kid, signsFrom } = await pairs.announce()
    say(`${kid} is announced, and signs from ${signsFrom.toISOString()} on`)
    await tell()
    say('The one before goes on verifying. When it is due: npm run keys -- retire')
  }

  async function retire({ now }: { now: boolean }): Promise<void> {
    const all = await pairs.list()
    const signing = signingOf(all)
    if (!signing) throw new StartError('No key signs: there is none to retire.')
    const due = signing.signsFrom.getTime() + (env.ttl + 60) * 1000
    if (due > Date.now() && !now)
      throw new StartError(
        `What the old ones signed can live until ${new Date(due).toISOString()}. Come back then, or end it with --now.`,
      )
    await pairs.retire(all.filter(pair => pair.signsFrom < signing.signsFrom).map(pair => pair.kid))
    await tell()
    say('The old ones are retired: an API that was not told with --pid forgets them within a minute')
  }

  /** Those that are named read the key set at once, and their log says so. */
  async function tell(): Promise<void> {
    for (const pid of await findProcesses(tools.env.dataDir, named)) hangUp(pid)
  }

  return { list, rotate, retire }
}

const signingOf = (pairs: KeyPair[]) => pairs.find(pair => pair.signsFrom <= new Date())

function stateOf(pair: KeyPair, signing: KeyPair | undefined): string {
  if (pair === signing) return 'signs and verifies'
  return pair.signsFrom > new Date() ? `signs from ${pair.signsFrom.toISOString()} on` : 'verifies'
}
