// `npm run sessions -- end EMAIL` and `-- end --everyone`: for whoever runs the server, in an emergency.
import { endSessions, openKeyPairs } from '@latchkey/issuer'
import { pino } from 'pino'
import { runCommand } from './command.ts'
import { findDatabase } from './database-of-env.ts'
import { findProcesses, issuerEnvOf, rotatedFile } from './key-place.ts'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'
import { hangUp, tellProcesses } from './tell-processes.ts'

const USAGE = `npm run sessions -- end you@example.com         ends every session of this account
npm run sessions -- end --everyone [--pid 12]   ends every session, and retires the access-token keys`

const log = pino({ level: 'silent' })

await runCommand(async tools => {
  const [action, whose = '', option, pids] = process.argv.slice(2)
  const isEveryone = whose === '--everyone'
  if (action !== 'end' || (!isEveryone && !whose.includes('@'))) throw new StartError(USAGE)
  if (option !== undefined && !(isEveryone && option === '--pid')) throw new StartError(USAGE)

  const databaseUrl = await findDatabase(tools.env, tools.opened)
  const ended = await endSessions({ databaseUrl }, isEveryone ? 'everyone' : { email: whose }, log)
  if (ended === null) throw new StartError('There is no account with this email.')
  console.log(`${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended: no API accepts their tokens.`)
  if (isEveryone) await retireKeys(pids)

  /** A token whose session the database does not know, as after a restore, has nothing else that ends it. */
  async function retireKeys(named: string | undefined): Promise<void> {
    if (process.env.ACCESS_TOKEN_ALG === 'EdDSA') {
      const pairs = openKeyPairs(await issuerEnvOf(tools), log)
      tools.opened.defer(pairs.close)
      const before = await pairs.list()
      await pairs.announce({ at: new Date() })
      await pairs.retire(before.map(({ kid }) => kid))
      for (const pid of await findProcesses(tools.env.dataDir, named)) hangUp(pid)
      say('A new key signs: an API that was not told with --pid forgets the old ones within a minute')
      return
    }
    const rotated = await rotatedFile('ACCESS_TOKEN_KEYS', tools.env, named)
    await rotated.file.replace()
    await tellProcesses(rotated.pids ?? [], rotated.file)
    say('A new key signs, and only it verifies')
    if (!rotated.pids)
      say('Send SIGHUP to every process that reads the file: until then it goes by the old one')
  }
})
