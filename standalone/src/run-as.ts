// PostgreSQL refuses to run as root, and to be set up by a user without a name. This finds out as whom it can run.
import { spawnSync } from 'node:child_process'
import { lchown, readdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** The command to put before a PostgreSQL program, and who its files must belong to. */
export type RunAs = { prefix: readonly string[]; owner: number }

const uid = process.getuid?.() ?? 0

// Inside a user namespace the program takes itself for "nobody", a name of every system; outside, process and
// files stay the caller's.
const inNamespace: RunAs = {
  prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534'],
  owner: uid,
}

// Really as "nobody", who may still pass through a parent folder of mode 700. Without `no_setuid_fixup` the kernel
// would drop that capability together with uid 0.
const asNobody: RunAs = {
  prefix: [
    ...['setpriv', '--securebits=+no_setuid_fixup', '--reuid=65534', '--regid=65534', '--clear-groups'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  ],
  owner: 65534,
}

export function findRunAs(program: string): RunAs {
  if (uid !== 0 && hasName()) return { prefix: [], owner: uid }
  const works = ({ prefix: [command = '', ...args] }: RunAs) =>
    spawnSync(command, [...args, program, '--version'], { stdio: 'ignore' }).status === 0
  const found = (uid === 0 ? [inNamespace, asNobody] : [inNamespace]).find(works)
  if (found) return found
  throw new StartError(
    `PostgreSQL refuses to run as ${uid === 0 ? 'root' : `user ${uid}, who has no name`}, and this machine allows ` +
      'no way around it (unshare, setpriv): start Latchkey as an ordinary user, or set DATABASE_URL',
  )
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** Hands a folder to the user it must belong to; the folder itself last, so that it tells whether all is done. */
export async function giveFolder(folder: string, { owner }: RunAs): Promise<void> {
  if (uid !== 0 || (await stat(folder)).uid === owner) return
  const names = await readdir(folder, { recursive: true })
  for (const path of [...names.map(name => join(folder, name)), folder]) await lchown(path, owner, owner)
}
