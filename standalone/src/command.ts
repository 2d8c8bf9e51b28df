import { readStandaloneEnv, type StandaloneEnv } from './env.ts'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'

type Tools = { env: StandaloneEnv; opened: AsyncDisposableStack }

/** Runs a command of whoever runs the server: a fault is one line and the exit code 1. */
export async function runCommand(work: (tools: Tools) => Promise<void>): Promise<void> {
  try {
    const { env, faults } = readStandaloneEnv(process.env)
    if (faults.length > 0) throw new StartError(faults.join('\n'))
    await using opened = new AsyncDisposableStack()
    await work({ env, opened })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
