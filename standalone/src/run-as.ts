// PostgreSQL refuses to run as root. This finds out as whom it can run instead.
import { spawnSync } from 'node:child_process'
import { lchown, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** The command to put before a PostgreSQL program, and who its files must belong to. */
export type RunAs = { prefix: readonly string[]; owner: number }

// In a user namespace root is somebody else to the program inside, while the files stay root's.
const inNamespace: RunAs = {
  prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'],
  owner: 0,
}

// As "nobody", who may still pass through a parent folder of mode 700. Without `no_setuid_fixup` the kernel
// would drop that capability together with uid 0.
const asNobody: RunAs = {
  prefix: [
    ...['setpriv', '--securebits=+no_setuid_fixup', '--reuid=65534', '--regid=65534', '--clear-groups'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  ],
  owner: 65534,
}

export function findRunAs(program: string): RunAs {
  const uid = process.getuid?.()
  if (uid !== 0) return { prefix: [], owner: uid ?? 0 }
  const works = ({ prefix: [command = '', ...args] }: RunAs) =>
    spawnSync(command, [...args, program, '--version'], { stdio: 'ignore' }).status === 0
  const found = [inNamespace, asNobody].find(works)
  if (found) return found
  throw new StartError(
    'PostgreSQL refuses to run as root, and this machine allows neither a user namespace (unshare) nor another ' +
      'user (setpriv): start Latchkey as an ordinary user, or set DATABASE_URL',
  )
}

/** Hands a folder to the user it must belong to; the folder itself last, so that it tells whether all is done. */
export async function giveFolder(folder: string, { owner }: RunAs): Promise<void> {
  if (process.getuid?.() !== 0 || (await stat(folder)).uid === owner) return
  const names = await readdir(folder, { recursive: true })
  for (const path of [...names.map(name => join(folder, name)), folder]) await lchown(path, owner, owner)
}
