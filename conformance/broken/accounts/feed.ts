// How the APIs of the good server learn of ended sessions. `publish` resolves when each of them knows, or when one
// that cannot be reached has run out of its lease and accepts nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import type { State } from '../state.ts'
import type { Session } from './world.ts'

export const LEASE_MS = 300
const LATE_MS = 250

export interface Feed {
  join(): Reader
  readers: Reader[]
  publish(sessions: Session[]): Promise<void>
  /** More revoked sessions, of whatever origin. */
  note(sids: string[]): void
  size(): number
}

export function createFeed(state: State): Feed {
  /** In the database: it survives the restart of an API. */
  const entries: string[] = []
  const readers: Reader[] = []

  async function publish(sessions: Session[]): Promise<void> {
    const names = sessions.map(session =>
      state.has('denylist-by-token-text') ? session.lastToken : session.id,
    )
    for (const name of names) entries.push(name)
    if (!state.has('sign-out-answers-before-publishing')) return await tell(names)
    setTimeout(() => void tell(names), LATE_MS)
  }

  async function tell(names: string[]): Promise<void> {
    const reached = state.has('revocation-stays-in-one-instance') ? readers.slice(0, 1) : readers
    await Promise.all(reached.map(reader => reader.take(names)))
  }

  return {
    readers,
    join() {
      const reader = createReader(state, entries)
      readers.push(reader)
      return reader
    },
    publish,
    note(sids) {
      for (const sid of sids) entries.push(sid)
      for (const reader of readers) void reader.take(sids)
    },
    size: () => entries.length,
  }
}

/** What one API instance knows. */
function createReader(state: State, entries: string[]) {
  let revoked = new Set<string>()
  let list: string[] = []
  let isCut = false
  let isLoaded = true
  let leaseEnds = Infinity
  const listeners: ((sid: string) => void)[] = []

  function add(names: string[]): void {
    for (const name of names) {
      if (state.has('denylist-is-searched')) list.push(name)
      else revoked.add(name)
      for (const listen of listeners) listen(name)
    }
  }

  return {
    /** Whether it knows enough to accept anything. */
    knows(): boolean {
      if (!isLoaded) return state.has('starts-without-the-feed')
      return performance.now() < leaseEnds || state.has('feed-loss-means-accept')
    },
    /** Whether this session, or with one mistake this token, was ended. */
    has(name: string): boolean {
      return state.has('denylist-is-searched') ? list.includes(name) : revoked.has(name)
    },
    cut(): void {
      if (!isCut) leaseEnds = performance.now() + LEASE_MS
      isCut = true
    },
    join(): void {
      if (!isCut) return
      isCut = false
      isLoaded = true
      leaseEnds = Infinity
      add(entries)
    },
    restart(): void {
      revoked = new Set()
      list = []
      isLoaded = !isCut
      if (isLoaded && !state.has('denylist-lost-on-restart')) add(entries)
    },
    /** Called with each session that ends, to close its streams. */
    onRevoked: (listen: (sid: string) => void) => void listeners.push(listen),
    async take(names: string[]): Promise<void> {
      if (isCut) await sleep(Math.max(0, leaseEnds - performance.now()))
      else add(names)
    },
  }
}
export type Reader = ReturnType<typeof createReader>
