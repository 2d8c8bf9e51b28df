/**
 * Every change a person makes goes through here: shown at once, kept in this tab's storage until the server has
 * confirmed it, sent in order for each task, tried again when the network or the server is back. What the server
 * refuses is taken back on screen, with what was typed kept. Nothing is dropped silently, nothing is done twice:
 * a task is created under an id of our own, and a change says what shall be, not what to do.
 */
import { type Failure, failureOf } from '../http.ts'
import { SessionEnded } from '../session/session.ts'
import { uuidv7 } from '../uuid.ts'
import type { Courier } from './outbox-courier.ts'
import { applyChange, type Entry, type EntryChange, type Waiting } from './outbox-entry.ts'
import type { Local, Locals } from './pending.ts'
import { type Place, type PlaceEntry, retagged } from './places.ts'
import type { Task } from './task.ts'

export type OutboxState = {
  /** Everything, in the order it was done. */
  waiting: readonly Waiting[]
  /** What of it is about tasks. */
  entries: readonly Entry[]
  /** What of it is about lists and tags. */
  places: readonly PlaceEntry[]
  locals: Locals
  /** Why nothing can be sent at the moment. The changes wait. */
  failure: Failure | null
}

export type OutboxParts = {
  courier: Courier
  storage: { read(): string; write(text: string): void }
  onSaved(tasks: readonly Task[]): void
  onRefused(entry: Entry): void
  onConflict(entry: Entry): void
  /** Lists and tags are not shown as they were before until what the server says of them is there. */
  onPlaceSaved(place: Place): Promise<unknown>
  now(): number
  /** Between 0 and 1, for the back-off's jitter. */
  random(): number
  isOnline(): boolean
  later(work: () => void, ms: number): () => void
}

export type Change = { task: Task; change: EntryChange; isNew?: boolean; hold?: number }

export type Outbox = ReturnType<typeof createOutbox>

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 60_000

export function createOutbox(parts: OutboxParts) {
  const { storage, now } = parts
  const known = new Map<string, Local>()
  const listeners = new Set<() => void>()
  let state = stateOf(known, readEntries(storage.read()), null)
  let running: Promise<void> | null = null
  let isWanted = false
  let isStarted = false
  let attempts = 0
  let notBefore = 0
  let cancelTimer = () => {}

  function show(waiting: readonly Waiting[], failure = state.failure) {
    if (waiting !== state.waiting) storage.write(waiting.length > 0 ? JSON.stringify(waiting) : '')
    state = stateOf(known, waiting, failure)
    for (const listener of listeners) listener()
  }
  const edit = (ids: readonly string[], change: Partial<Entry>) =>
    show(state.waiting.map(entry => (ids.includes(entry.id) ? ({ ...entry, ...change } as Waiting) : entry)))
  const forget = (ids: readonly string[]) => show(state.waiting.filter(entry => !ids.includes(entry.id)))

  /** The server's word about tasks of which nothing waits to be said. */
  function learn(tasks: readonly Task[]) {
    for (const task of tasks) {
      const made = known.get(task.id)?.made ?? 0
      known.set(task.id, { task, base: task, pending: false, isNew: false, made, known: now() })
    }
    show(state.waiting)
  }

  function settle(ids: readonly string[], tasks: readonly Task[]) {
    const done = state.entries.filter(entry => ids.includes(entry.id))
    for (const task of tasks) {
      const own = done.filter(entry => entry.taskId === task.id)
      const made = Math.max(0, known.get(task.id)?.made ?? 0, ...own.map(entry => entry.made))
      known.set(task.id, { task, base: task, pending: false, isNew: false, made, known: now() })
    }
    const answers = new Map(tasks.map(task => [task.id, task.revision]))
    show(
      state.waiting
        .filter(entry => !ids.includes(entry.id))
        .map(entry =>
          entry.place ? entry : { ...entry, revision: answers.get(entry.taskId) ?? entry.revision },
        ),
    )
    parts.onSaved(tasks)
  }

  function refuse(ids: readonly string[], failure: Failure) {
    edit(ids, { refused: failure })
    for (const entry of state.entries) if (ids.includes(entry.id)) parts.onRefused(entry)
  }

  async function settlePlace({ id, place }: PlaceEntry) {
    await parts.onPlaceSaved(place)
    forget([id])
  }

  function meetConflict(ids: readonly string[], theirs: Task) {
    edit(ids, { theirs })
    const entry = state.entries.find(({ id }) => ids.includes(id))
    if (entry) parts.onConflict(entry)
  }

  /** One at a time, however often it is asked for; what comes while it ends is not forgotten. */
  function run(): Promise<void> {
    if (!isStarted || now() < notBefore) return running ?? Promise.resolve()
    isWanted = true
    running ??= work()
    return running
  }

  async function work() {
    while (isWanted) {
      isWanted = false
      await deliverAll()
    }
    running = null
  }

  async function deliverAll() {
    cancelTimer()
    const desk = { read: () => state.waiting, edit, settle, settlePlace, refuse, meetConflict }
    try {
      while (isStarted && (await parts.courier.deliver(desk))) attempts = 0
      if (state.failure) show(state.waiting, null)
      scheduleHeld()
    } catch (error) {
      isWanted = false
      if (!(error instanceof SessionEnded)) waitAfter(failureOf(error))
    }
  }

  function waitAfter(failure: Failure) {
    const backOff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempts++) * (0.5 + parts.random() / 2)
    const told = (failure.retryAfter ?? 0) * 1000
    notBefore = now() + told
    show(state.waiting, failure)
    if (isStarted) cancelTimer = parts.later(() => void run(), Math.max(backOff, told))
  }

  function scheduleHeld() {
    const times = state.waiting.map(entry => entry.holdUntil).filter(time => time > now() && time < Infinity)
    if (times.length > 0) cancelTimer = parts.later(() => void run(), Math.min(...times) - now())
  }

  return {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    learn,
    /** Takes the changes, shows them, and sends them as soon as it can. The ids are for `cancel`. */
    put(changes: readonly Change[]): string[] {
      const entries = changes.map(change => createEntry(change, now()))
      show([...state.waiting, ...entries])
      queueMicrotask(run)
      return entries.map(({ id }) => id)
    },
    /** The same for a list or a tag. What cannot be undone is held until it is released. */
    putPlace(place: Place, isHeld = false): string {
      const id = uuidv7(now())
      const holdUntil = isHeld ? Infinity : 0
      show([...state.waiting, { id, made: now(), place, holdUntil, tried: false }])
      queueMicrotask(run)
      return id
    },
    release(id: string) {
      edit([id], { holdUntil: 0 })
      queueMicrotask(run)
    },
    /** Takes back what has not been sent at all. False when one of them has. */
    cancel(ids: readonly string[]): boolean {
      const waiting = state.waiting.filter(entry => ids.includes(entry.id))
      if (waiting.length < ids.length || waiting.some(entry => entry.tried)) return false
      forget(ids)
      return true
    },
    /** A refused change once more, with what was typed as it is now. */
    retry(id: string, change?: EntryChange) {
      const entry = state.entries.find(other => other.id === id)
      edit([id], {
        ...{ refused: undefined, theirs: undefined, tried: false, alone: true },
        ...(entry?.theirs && { base: entry.theirs, revision: entry.theirs.revision }),
        ...(change && (entry?.isNew ? { base: applyChange(entry.base, change, now()) } : { change })),
      })
      queueMicrotask(run)
    },
    /** Gives up one change that was refused or met another's. */
    discard(id: string) {
      const entry = state.waiting.find(other => other.id === id)
      if (entry?.place) show(withoutPlace(state.waiting, entry))
      else if (entry)
        forget([
          id,
          ...state.entries.filter(other => entry.isNew && other.taskId === entry.taskId).map(({ id }) => id),
        ])
      if (entry?.theirs) learn([entry.theirs])
      queueMicrotask(run)
    },
    start() {
      isStarted = true
      void run()
    },
    stop() {
      isStarted = false
      cancelTimer()
    },
    /** The network may be back. A server that named a time is not asked before it. */
    wake() {
      if (parts.isOnline()) void run()
    },
    /** Before a sign-out: sends what it can, held or not, and tells how much could not be. */
    async flush(): Promise<number> {
      show(state.waiting.map(entry => ({ ...entry, holdUntil: 0 })))
      await running
      await run()
      return state.waiting.length
    },
    /** The page may come back from the browser's cache: what was held is then past undoing. */
    leavePage() {
      parts.courier.leave(state.waiting)
      edit(
        state.places.map(({ id }) => id),
        { tried: true, holdUntil: 0 },
      )
    },
  }
}

function stateOf(known: Locals, waiting: readonly Waiting[], failure: Failure | null): OutboxState {
  const entries = waiting.filter(entry => !entry.place)
  const places = waiting.filter(entry => entry.place !== undefined)
  const locals = computeLocals(known, entries)
  for (const [id, local] of places.length > 0 ? locals : [])
    locals.set(id, { ...local, task: retagged(local.task, places) })
  return { waiting, entries, places, locals, failure: waiting.length > 0 ? failure : null }
}

/** A list that will not be leaves its tasks to the Inbox. */
function withoutPlace(waiting: readonly Waiting[], { id, place }: PlaceEntry): Waiting[] {
  const stay = <Content extends { list?: string | null }>(content: Content): Content =>
    place.does === 'create' && content.list === place.of ? { ...content, list: null } : content
  return waiting
    .filter(entry => entry.id !== id && !(place.does === 'create' && entry.place?.of === place.of))
    .map(entry => (entry.place ? entry : { ...entry, base: stay(entry.base), change: stay(entry.change) }))
}

function createEntry({ task, change, isNew = false, hold = 0 }: Change, now: number): Entry {
  const id = uuidv7(now)
  const waits = { tried: false, alone: false, holdUntil: hold > 0 ? now + hold : 0 }
  return { id, taskId: task.id, made: now, base: task, change, isNew, revision: task.revision, ...waits }
}

function computeLocals(known: Locals, entries: readonly Entry[]): Map<string, Local> {
  const locals = new Map(known)
  for (const entry of entries) {
    if (entry.refused) continue
    const before = locals.get(entry.taskId)
    const isNewer = before && (before.pending || before.task.revision >= entry.base.revision)
    const task = applyChange(isNewer ? before.task : entry.base, entry.change, entry.made)
    const base = before?.pending ? before.base : isNewer ? before.task : entry.base
    const isNew = entry.isNew || (before?.pending === true && before.isNew)
    locals.set(entry.taskId, { task, base, pending: true, isNew, made: entry.made, known: Infinity })
  }
  return locals
}

function readEntries(text: string): Waiting[] {
  try {
    const entries = JSON.parse(text || '[]')
    return Array.isArray(entries) ? entries : []
  } catch {
    return []
  }
}
