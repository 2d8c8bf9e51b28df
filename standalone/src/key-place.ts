// Where the keys of this installation are, and which processes have read them.
import { readIssuerEnv } from '@latchkey/issuer'
import { findDatabase } from './database-of-env.ts'
import type { StandaloneEnv } from './env.ts'
import { findLatchkey } from './folder-lock.ts'
import { type KeyFile, openKeyFile, type Variable } from './key-file.ts'
import { prepareSecrets, secretPath } from './secrets.ts'
import { StartError } from './start-error.ts'

/** A file, and the processes of this machine that read it; null: nobody can know. */
export type RotatedFile = { variable: Variable; file: KeyFile; pids: number[] | null }

export async function rotatedFile(
  variable: Variable,
  { dataDir }: StandaloneEnv,
  pids: string | undefined,
): Promise<RotatedFile> {
  if (process.env[variable])
    throw new StartError(
      `${variable} is given by value in the environment, where nothing can be rotated: ` +
        `put it into a file and name that in ${variable}_FILE.`,
    )
  const named = process.env[`${variable}_FILE`]
  const file = await openKeyFile(variable, named ?? secretPath(dataDir, variable))
  const found = await findProcesses(dataDir, pids)
  return { variable, file, pids: found.length === 0 && named && pids === undefined ? null : found }
}

/** Those that were named, or the Latchkey that runs with the data folder. */
export async function findProcesses(dataDir: string, pids: string | undefined): Promise<number[]> {
  if (pids !== undefined) return readPids(pids)
  const running = await findLatchkey(dataDir)
  return running ? [running] : []
}

function readPids(text: string): number[] {
  const pids = text.split(',').map(Number)
  if (pids.every(pid => Number.isSafeInteger(pid) && pid > 1)) return pids
  throw new StartError('--pid takes process ids separated by commas.')
}

/** The issuer's settings as its process has them, with a database that is there. */
export async function issuerEnvOf({ env, opened }: { env: StandaloneEnv; opened: AsyncDisposableStack }) {
  const databaseUrl = await findDatabase(env, opened)
  const { files } = env.issuerDatabaseUrl ? { files: {} } : await prepareSecrets(env.dataDir, process.env)
  const source = { ...process.env, ...files, ISSUER_DATABASE_URL: databaseUrl }
  const reading = readIssuerEnv(source)
  if (!reading.env) throw new StartError(reading.faults.join('\n'))
  return reading.env
}
