/** What can be taken back, newest last. It outlives the toast that offered it. */
export type Undoable = { undo(): void }

export type UndoStack = ReturnType<typeof createUndoStack>

export function createUndoStack(atMost = 50) {
  let stack: Undoable[] = []
  const take = (wanted: Undoable | undefined) => {
    if (!wanted || !stack.includes(wanted)) return false
    stack = stack.filter(other => other !== wanted)
    wanted.undo()
    return true
  }
  return {
    push(undoable: Undoable) {
      stack = [...stack.slice(1 - atMost), undoable]
    },
    /** Undoes the newest. False when there is nothing. */
    undoLast: () => take(stack.at(-1)),
    undo: take,
    /** It has become too late for this one. */
    drop(undoable: Undoable) {
      stack = stack.filter(other => other !== undoable)
    },
    isEmpty: () => stack.length === 0,
    clear() {
      stack = []
    },
  }
}
