// What the operating system knows of a process.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Microseconds of processor time, by all its threads: `stat` would count it in hundredths of a second. */
export function cpuOf(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map(thread =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1000
}

export const parentOf = (pid: number) => Number(statOf(pid)[1])

/** From the third field on: the second is a name in brackets that may hold anything. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Resident bytes. */
export const residentBytes = (pid: number) => bytesIn(`/proc/${pid}/status`, 'VmRSS')

/** Resident bytes, of which those shared by several processes count in equal parts for each. */
export const proportionalBytes = (pid: number) => bytesIn(`/proc/${pid}/smaps_rollup`, 'Pss')

/** Nothing of a process that has ended meanwhile. */
function bytesIn(file: string, field: string): number {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [, kilobytes = 0] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text) ?? []
  return Number(kilobytes) * 1024
}
