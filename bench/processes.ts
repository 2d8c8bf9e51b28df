// What the operating system knows of a process.
import { existsSync, readFileSync } from 'node:fs'

/** Linux counts it in hundredths of a second. */
const TICK_MICROSECONDS = 10_000

/** Microseconds of processor time, by all its threads. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid)
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS
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
