// How the APIs of the good server learn of ended sessions. `publish` resolves when each of them knows, or when one
// that cannot be reached has run out of its lease and accepts nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from './fault-names.ts'
import type { Session } from './world.ts'

export const LEASE_MS = 300

/** What one API instance knows. */
export interface Reader {
  /** Whether it knows enough to accept anything. */
  knows(): boolean
  isRevoked(sid: string, token: string): boolean
  cut(isCut: boolean): void
  restart(): void
  /** Called with each session that ends, to close its streams. */
  onRevoked(listen: (sid: string) => void): void
  size(): number
}

export interface Feed {
  join(): Reader
  publish(sessions: Session[]): Promise<void>
  /** One more revoked session, of whatever origin. */
  note(sid: string): void
  size(): number
}

export function createFeed(faults: Faults): Feed {
  /** In the database: it survives the restart of an API. */
  const entries: string[] = []
  const readers: (Reader & { take(entries: string[]): Promise<void> })[] = []

  function join(): Reader {
    const reader = createReader(faults, entries, readers.length)
    readers.push(reader)
    return reader
  }

  async function publish(sessions: Session[]): Promise<void> {
    const names = sessions.map(session => (faults.has('denylist-by-token-text') ? session.lastToken : session.id))
    entries.push(...names)
    if (faults.has('sign-out-answers-before-publishing')) {
      setTimeout(() => void tell(names), 250)
      return
    }
    await tell(names)
  }

  async function tell(names: string[]): Promise<void> {
    const reached = faults.has('revocation-stays-in-one-instance') ? readers.slice(0, 1) : readers
    await Promise.all(reached.map(reader => reader.take(names)))
  }

  function note(sid: string): void {
    entries.push(sid)
    for (const reader of readers) void reader.take([sid])
  }

  return { join, publish, note, size: () => entries.length }
}

function createReader(faults: Faults, entries: string[], _instance: number) {
  let revoked = new Set<string>()
  let list: string[] = []
  let isCut = false
  let isLoaded = true
  let leaseEnds = Infinity
  const listeners: ((sid: string) => void)[] = []

  function add(names: string[]): void {
    for (const name of names) {
      if (faults.has('denylist-is-searched')) list.push(name)
      else revoked.add(name)
      for (const listen of listeners) listen(name)
    }
  }

  return {
    knows() {
      if (!isLoaded) return faults.has('starts-without-the-feed')
      return performance.now() < leaseEnds || faults.has('feed-loss-means-accept')
    },
    isRevoked(sid: string, token: string) {
      if (faults.has('denylist-is-searched')) return list.includes(sid)
      return revoked.has(sid) || (faults.has('denylist-by-token-text') && revoked.has(token))
    },
    cut(nextCut: boolean) {
      if (nextCut === isCut) return
      isCut = nextCut
      leaseEnds = isCut ? performance.now() + LEASE_MS : Infinity
      if (isCut) return
      isLoaded = true
      add(entries)
    },
    restart() {
      revoked = new Set()
      list = []
      isLoaded = !isCut
      if (isLoaded && !faults.has('denylist-lost-on-restart')) add(entries)
    },
    onRevoked(listen: (sid: string) => void) {
      listeners.push(listen)
    },
    size: () => revoked.size + list.length,
    async take(names: string[]) {
      if (isCut) await sleep(Math.max(0, leaseEnds - performance.now()))
      else add(names)
    },
  }
}
