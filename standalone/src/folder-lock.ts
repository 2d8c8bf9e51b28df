import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { retryWhile } from './patience.ts'
import { StartError } from './start-error.ts'

/**
 * Lets one Latchkey at a time use a data folder. The lock is one of the operating system, taken through SQLite
 * because Node offers none: it ends with its process, however that ends, and no reused pid can hold it.
 */
export async function lockFolder(
  dataDir: string,
  signal: AbortSignal,
): Promise<{ release(): Promise<void> }> {
  const pidFile = pidFileOf(dataDir)
  const lock = await retryWhile(isHeld, () => takeLock(join(dataDir, 'lock')), {
    signal,
    what: `Waiting for another Latchkey to leave ${dataDir}`,
    giveUp: async () => {
      const pid = (await readFile(pidFile, 'utf8').catch(() => 'unknown')).trim()
      return `Another Latchkey (pid ${pid}) is running with the data folder ${dataDir}.`
    },
  })
  await writeFile(pidFile, `${process.pid}\n`)
  const release = async () => {
    await rm(pidFile, { force: true })
    lock.close()
  }
  return { release }
}

/** The pid of the Latchkey that uses this folder now, or null. */
export async function findLatchkey(dataDir: string): Promise<number | null> {
  const path = join(dataDir, 'lock')
  if (!existsSync(path)) return null
  try {
    takeLock(path).close()
    return null
  } catch (error) {
    if (!isHeld(error)) throw error
    return Number(await readFile(pidFileOf(dataDir), 'utf8'))
  }
}

const pidFileOf = (dataDir: string) => join(dataDir, 'latchkey.pid')

export function takeLock(path: string): DatabaseSync {
  const file = openLockFile(path)
  try {
    file.exec('pragma journal_mode = memory; begin exclusive')
    return file
  } catch (error) {
    file.close()
    throw error
  }
}

function openLockFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path)
  } catch (cause) {
    throw new StartError(`The data folder cannot be written: ${path}`, { cause })
  }
}

const SQLITE_BUSY = 5
export const isHeld = (error: unknown) => (error as { errcode?: number }).errcode === SQLITE_BUSY
