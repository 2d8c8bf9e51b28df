import { readFileSync } from 'node:fs'

/** Fails at once, with what to do, where a process may not open that many sockets: servers inherit our limit. */
export function requireDescriptors(needed: number): void {
  // Node raises its soft limit to the hard one as it starts.
  const [, limit] = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  if (limit !== undefined && Number(limit) < needed)
    throw new Error(`This needs ${needed} open files and may have ${limit}: raise ulimit -Hn`)
}
