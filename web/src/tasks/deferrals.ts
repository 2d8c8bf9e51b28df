/**
 * What can only be undone by not having been done: deleting for good. It is shown at once and sent only when its time
 * to undo is over, or the page is left. The worst that can happen is that something deleted is still there.
 */
export type Deferral = {
  /** What is not shown any more, by id. */
  hides: readonly string[]
  /** All of the trash up to this moment is not shown either. */
  trashUntil?: string
  send(): Promise<void>
  sendWhileLeaving(): unknown
  onFailed(error: unknown): void
}

export type Deferrals = ReturnType<typeof createDeferrals>
export type Deferred = {
  hidden: ReadonlySet<string>
  /** What went into the trash until then is not shown. */
  trashUntil: string
}

export function createDeferrals() {
  const waiting = new Set<Deferral>()
  const sending = new Map<Deferral, Promise<void>>()
  /** Sent. An answer that is older than that may still list them. */
  const gone = new Set<string>()
  const listeners = new Set<() => void>()
  let deferred: Deferred = { hidden: new Set(), trashUntil: '' }

  function changed() {
    const shown = [...waiting, ...sending.keys()]
    deferred = {
      hidden: new Set([...gone, ...shown.flatMap(deferral => deferral.hides)]),
      trashUntil: shown.reduce(
        (latest, { trashUntil = '' }) => (trashUntil > latest ? trashUntil : latest),
        '',
      ),
    }
    for (const listener of listeners) listener()
  }

  async function deliver(deferral: Deferral) {
    try {
      await deferral.send()
      for (const id of deferral.hides) gone.add(id)
    } catch (error) {
      deferral.onFailed(error)
    }
    sending.delete(deferral)
    changed()
  }

  function commit(deferral: Deferral) {
    if (waiting.delete(deferral)) sending.set(deferral, deliver(deferral))
  }

  return {
    getState: () => deferred,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    schedule(deferral: Deferral) {
      waiting.add(deferral)
      changed()
    },
    /** False when it is too late. */
    undo(deferral: Deferral): boolean {
      const inTime = waiting.delete(deferral)
      changed()
      return inTime
    },
    commit,
    /** Before a sign-out: nothing is left to be sent with a token that is about to die. */
    async flush(): Promise<void> {
      for (const deferral of waiting) commit(deferral)
      await Promise.all(sending.values())
    },
    /** The page may come back from the browser's cache; what was sent is then past undoing. */
    leavePage() {
      for (const deferral of waiting) {
        deferral.sendWhileLeaving()
        for (const id of deferral.hides) gone.add(id)
      }
      waiting.clear()
      changed()
    },
  }
}

/** Without what is deleted for good, as far as the person is concerned. */
export function withoutHidden<Row extends { id: string; deleted_at: string | null }>(
  tasks: Row[],
  { hidden, trashUntil }: Deferred,
): Row[] {
  if (hidden.size === 0 && !trashUntil) return tasks
  return tasks.filter(({ id, deleted_at }) => !hidden.has(id) && !(deleted_at && deleted_at <= trashUntil))
}
