/**
 * Deletions that can still be undone. A task is hidden at once and deleted on the server only when its time to undo
 * is over, or the page is left. The other way round (delete now, create again on undo) would lose the task when
 * the undo meets a dead network, and its age and place in any case; here the worst that can happen is that a
 * deleted task is still there.
 */
export type Deletions = ReturnType<typeof createDeletions>

type Parts = {
  send(id: string): Promise<void>
  sendWhileLeaving(id: string): void
  onFailed(id: string, error: unknown): void
}

export function createDeletions({ send, sendWhileLeaving, onFailed }: Parts) {
  const waiting = new Set<string>()
  const sending = new Map<string, Promise<void>>()
  /** Deleted, or sent while the page was left. An answer that is older than that may still list them. */
  const gone = new Set<string>()
  const listeners = new Set<() => void>()
  let hidden: ReadonlySet<string> = new Set()

  function changed() {
    hidden = new Set([...waiting, ...sending.keys(), ...gone])
    for (const listener of listeners) listener()
  }

  async function deliver(id: string) {
    try {
      await send(id)
      gone.add(id)
    } catch (error) {
      onFailed(id, error)
    }
    sending.delete(id)
    changed()
  }

  function commit(id: string) {
    if (!waiting.delete(id)) return
    sending.set(id, deliver(id))
    changed()
  }

  return {
    getHidden: () => hidden,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    schedule(id: string) {
      waiting.add(id)
      changed()
    },
    /** False when it is too late. */
    undo(id: string): boolean {
      const inTime = waiting.delete(id)
      changed()
      return inTime
    },
    commit,
    /** Before a sign-out: nothing is left to be sent with a token that is about to die. */
    async flush(): Promise<void> {
      for (const id of waiting) commit(id)
      await Promise.all(sending.values())
    },
    /** The page may come back from the browser's cache; what was sent is then past undoing. */
    leavePage() {
      for (const id of waiting) {
        sendWhileLeaving(id)
        gone.add(id)
      }
      waiting.clear()
    },
  }
}
