// The order that signs nobody out: a new key is announced to all who verify, then it signs, and the old one is
// retired when nothing it signed can still be alive.
import { openKeyPairs } from '@latchkey/issuer'
import { pino } from 'pino'
import type { StandaloneEnv } from './env.ts'
import { issuerEnvOf, type RotatedFile } from './key-place.ts'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'
import { tellProcesses } from './tell-processes.ts'

const MINUTE_MS = 60_000
/** A session that is used gets a newly signed cookie within the hour, and another ends after a week. */
const COOKIE_LIFE_MS = (7 * 24 + 2) * 60 * MINUTE_MS

type Tools = { env: StandaloneEnv; opened: AsyncDisposableStack }

export interface KeyRotation {
  list(): Promise<void>
  rotate(): Promise<void>
  retire(how: { now: boolean }): Promise<void>
  /** The steps of `rotate`, where processes have to be told by hand. */
  announce?(): Promise<void>
  sign?(id: string): Promise<void>
}

export function createKeyRotation({ variable, file, pids }: RotatedFile, tools: Tools): KeyRotation {
  async function list(): Promise<void> {
    const [signing, ...others] = await file.list()
    console.log(`${signing} signs and verifies`)
    for (const id of others) console.log(`${id} verifies`)
  }

  async function announce(): Promise<string> {
    const id = await file.announce()
    say(`${id} is announced: it verifies and does not sign yet`)
    await tell()
    return id
  }

  async function sign(id: string): Promise<void> {
    await file.sign(id)
    say(`${id} signs`)
    await tell()
  }

  async function rotate(): Promise<void> {
    if (!pids)
      throw new StartError(
        `Which processes read ${file.path}? Name those of this machine with --pid 12,34; with several machines, ` +
          'go step by step: keys -- announce, SIGHUP to all, keys -- sign ID, SIGHUP to all.',
      )
    await sign(await announce())
    say('The one before goes on verifying. When it is due: npm run keys -- retire')
  }

  async function retire({ now }: { now: boolean }): Promise<void> {
    const left = (await file.changedAt()) + lifeOf(variable) - Date.now()
    if (left > 0 && !now)
      throw new StartError(
        `What the old ones signed can live until ${new Date(Date.now() + left).toISOString()}. ` +
          'Come back then, or end it with --now.',
      )
    if (variable === 'AUTH_SECRET' && process.env.ACCESS_TOKEN_ALG === 'EdDSA') await resealKeyPairs(tools)
    await file.retire()
    say('The old ones are retired')
    await tell()
  }

  async function tell(): Promise<void> {
    await tellProcesses(pids ?? [], file)
    if (pids && pids.length > 0) say(`Process ${pids.join(', ')} goes by it`)
    else if (!pids) say('Send SIGHUP to every process that reads the file, and look for sys_keys_reloaded')
  }

  return { list, rotate, retire, announce: async () => void (await announce()), sign }
}

/** A minute more than a token lives: for one that was being handed out. */
function lifeOf(variable: RotatedFile['variable']): number {
  if (variable === 'AUTH_SECRET') return COOKIE_LIFE_MS
  return Number(process.env.ACCESS_TOKEN_TTL || 3600) * 1000 + MINUTE_MS
}

/** Better Auth encrypts the private keys in the database with its secret: the retired one must not be needed. */
async function resealKeyPairs(tools: Tools): Promise<void> {
  const pairs = openKeyPairs(await issuerEnvOf(tools), pino({ level: 'silent' }))
  tools.opened.defer(pairs.close)
  await pairs.reseal()
}
