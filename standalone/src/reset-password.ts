// `npm run reset-password -- EMAIL`: for people without mail, by whoever runs the server, whether it runs or not.
import { resetPassword } from '@latchkey/issuer'
import { pino } from 'pino'
import { runCommand } from './command.ts'
import { findDatabase } from './database-of-env.ts'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'

await runCommand(async ({ env, opened }) => {
  const email = process.argv[2]
  if (!email?.includes('@')) throw new StartError('Say whose: npm run reset-password -- you@example.com')
  const databaseUrl = await findDatabase(env, opened)
  say('Setting a new password and signing every device out')
  const password = await resetPassword({ databaseUrl }, email, pino({ level: 'silent' }))
  if (!password) throw new StartError('There is no account with this email.')
  console.log(`The new password is ${password}`)
  say('It works now; change it on the account page after signing in.')
})
