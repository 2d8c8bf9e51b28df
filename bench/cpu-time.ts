// The time processes spent on a core: unlike throughput it hardly depends on what else the machine does.
import { readdirSync, readFileSync } from 'node:fs'
import { withClient } from '../standalone/src/database.ts'

/** Linux counts in hundredths of a second, whatever its own clock does. */
const TICK_MS = 10

/** Milliseconds since the process began; 0 of one that has ended, and where there is no /proc. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid)
  return fields ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : 0
}

/** Of all sessions and helpers of a PostgreSQL on this machine, with those that have ended. */
export function cpuOfChildren(postmaster: number): number {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const children = pids.filter(pid => statOf(Number(pid))?.[1] === String(postmaster))
  const [ended, endedInKernel] = statOf(postmaster)?.slice(13, 15) ?? []
  const before = (Number(ended ?? 0) + Number(endedInKernel ?? 0)) * TICK_MS
  return children.reduce((sum, pid) => sum + cpuOf(Number(pid)), before)
}

/** The parent of any session of its; null when it runs elsewhere. */
export async function postmasterOf(adminUrl: string): Promise<number | null> {
  return await withClient(adminUrl, async client => {
    const { rows } = await client.query('select pg_backend_pid() as pid')
    const isHere = readText(`/proc/${rows[0].pid}/cmdline`)?.startsWith('postgres')
    return isHere ? Number(statOf(rows[0].pid)![1]) : null
  })
}

/** What follows the name of the program, which may hold spaces and brackets (proc_pid_stat(5)). */
function statOf(pid: number): string[] | undefined {
  const text = readText(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
