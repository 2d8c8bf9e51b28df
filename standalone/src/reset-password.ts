// `npm run reset-password -- EMAIL`: for people without mail, by whoever runs the server, whether it runs or not.
import { existsSync } from 'node:fs'
import { resetPassword } from '@latchkey/issuer'
import { pino } from 'pino'
import { urlFor } from './database.ts'
import { openDatabase } from './database-of-env.ts'
import { readStandaloneEnv, type StandaloneEnv } from './env.ts'
import { lockFolder } from './folder-lock.ts'
import { findPostgres } from './postgres.ts'
import { say } from './progress.ts'
import { ISSUER } from './roles.ts'
import { prepareSecrets } from './secrets.ts'
import { StartError } from './start-error.ts'
import { listenForStop } from './stop-signals.ts'

async function run(email: string | undefined): Promise<void> {
  if (!email?.includes('@')) throw new StartError('Say whose: npm run reset-password -- you@example.com')
  const { env, faults } = readStandaloneEnv(process.env)
  if (faults.length > 0) throw new StartError(faults.join('\n'))
  if (!env.databaseUrl && !existsSync(env.dataDir))
    throw new StartError(`There is no data in ${env.dataDir}: start Latchkey first, or set DATA_DIR.`)
  await using opened = new AsyncDisposableStack()
  const databaseUrl = await findDatabase(env, opened)
  say('Setting a new password and signing every device out')
  const password = await resetPassword({ databaseUrl }, email, pino({ level: 'silent' }))
  if (!password) throw new StartError('There is no account with this email.')
  console.log(`The new password is ${password}`)
  say('It works now; change it on the account page after signing in.')
}

/** The issuer's URL of the database in use; an embedded one that nobody runs is started for the moment. */
async function findDatabase(env: StandaloneEnv, opened: AsyncDisposableStack): Promise<string> {
  if (env.issuerDatabaseUrl) return env.issuerDatabaseUrl
  const { databasePasswords: passwords } = await prepareSecrets(env.dataDir, process.env)
  const running = env.databaseUrl ?? (await findPostgres(env.dataDir, passwords.administrator))
  if (running) return urlFor(running, ISSUER, passwords.issuer)
  const stopping = listenForStop()
  const lock = await lockFolder(env.dataDir, stopping.signal)
  opened.defer(lock.release)
  const database = await openDatabase(env, passwords, stopping)
  opened.defer(database.close)
  return database.issuerUrl
}

await run(process.argv[2]).catch(error => {
  if (!(error instanceof StartError)) throw error
  say(error.message)
  process.exitCode = 1
})
