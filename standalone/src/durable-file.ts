import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a private file that, after a crash at any moment, is there as a whole or not at all. One that is replaced
 * keeps its owner and mode: whoever could read it still can.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`
  const before = await stat(path).catch(() => null)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    if (before) await file.chown(before.uid, before.gid)
    if (before) await file.chmod(before.mode & 0o777)
    await file.sync()
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
}

/** Makes the names in a folder (a rename, a new file) outlive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
