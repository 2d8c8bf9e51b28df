// The API of reference/fastapi as a process beside this one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from './start-error.ts'
import { tellProcesses } from './tell-processes.ts'

const python = join(import.meta.dirname, '../../reference/fastapi/.venv/bin/python')
/** It answers what it has received first, as long as it allows itself. */
const PATIENCE_MS = 13_000

export interface PythonApi {
  ready(): Promise<boolean>
  /** Goes on with the keys that the file of ACCESS_TOKEN_KEYS holds now. */
  reload(): Promise<void>
  /** Resolves when it has ended, whoever wanted that. */
  ended: Promise<void>
  close(): Promise<void>
}

/** `port` is where `env` makes it listen. */
export function startPythonApi(env: NodeJS.ProcessEnv, port: number): PythonApi {
  if (!existsSync(python))
    throw new StartError('There is no virtual environment: npm run start:fastapi makes it.')
  const child = spawn(python, ['-m', 'latchkey_tasks'], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() => {})
  const keys = env.ACCESS_TOKEN_KEYS_FILE

  return {
    ended,
    ready: () =>
      fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    reload: async () => {
      if (!keys || !child.pid) return
      const path = await realpath(keys)
      await tellProcesses([child.pid], { path, read: () => readFile(path, 'utf8') })
    },
    close: async () => {
      // The first signal alone would let it step aside, and here nobody is to be sent elsewhere.
      child.kill('SIGTERM')
      child.kill('SIGINT')
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      await ended
      clearTimeout(timer)
    },
  }
}
