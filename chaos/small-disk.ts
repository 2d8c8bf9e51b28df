import { execFileSync } from 'node:child_process'
import { open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** The tail of space a cluster is given beyond what it holds. */
const ROOM_MIB = 48

export interface SmallDisk extends AsyncDisposable {
  folder: string
  /** Takes all the room that is left. */
  fill(): Promise<void>
  empty(): Promise<void>
}

/** A file system in memory, little larger than what is in `content`. Mounting one takes root. */
export async function createSmallDisk(folder: string, content: string): Promise<SmallDisk> {
  const mebibytes = Math.ceil((await sizeOf(content)) / 2 ** 20) + ROOM_MIB
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'chaos', folder])
  const ballast = join(folder, 'ballast')
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a')
      const { bavail, bsize } = await statfs(folder)
      for (let left = bavail * bsize; left > 0; left -= 2 ** 20)
        await file.write(Buffer.alloc(Math.min(left, 2 ** 20), 1)).catch(() => {})
      await file.close()
    },
    empty: () => rm(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', folder])
    },
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const sizes = names.map(async name => (await stat(join(folder, name)).catch(() => null))?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
