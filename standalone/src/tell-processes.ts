import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyFile } from './key-file.ts'
import { confirmationOf, digestOf } from './reload.ts'
import { StartError } from './start-error.ts'

const PATIENCE_MS = 20_000
/** One that is still starting does not hear the first signal. */
const AGAIN_MS = 1_000

/** Makes processes of this machine read the file, and resolves when each has said that it did. */
export async function tellProcesses(
  pids: readonly number[],
  file: Pick<KeyFile, 'path' | 'read'>,
): Promise<void> {
  const digest = digestOf(await file.read())
  await Promise.all(pids.map(pid => tell(pid, file.path, digest)))
}

async function tell(pid: number, path: string, digest: string): Promise<void> {
  const confirmation = confirmationOf(path, pid)
  const deadline = performance.now() + PATIENCE_MS
  for (let asked = Number.NEGATIVE_INFINITY; ; await sleep(20)) {
    if ((await readFile(confirmation, 'utf8').catch(() => '')) === digest) break
    if (performance.now() > deadline)
      throw new StartError(`Process ${pid} has not said that it reads ${path}: its log says why.`)
    if (performance.now() - asked < AGAIN_MS) continue
    asked = performance.now()
    hangUp(pid)
  }
  await rm(confirmation, { force: true })
}

export function hangUp(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP')
  } catch (cause) {
    throw new StartError(`Process ${pid} cannot be told: ${(cause as Error).message}`, { cause })
  }
}
