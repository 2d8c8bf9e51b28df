/**
 * What can be done to tasks; `organizing.ts` has what only a backend beyond the core knows. Each action is shown at once, sent by the outbox, and can be undone as one:
 * by the toast, and by Ctrl+Z after the toast has gone.
 */
import { showToast } from '../components/toasts.ts'
import { uuidv7 } from '../uuid.ts'
import { actionTexts as t } from './action-texts.ts'
import { createOffer, type Said } from './offer-undo.ts'
import type { Change, Outbox } from './outbox.ts'
import type { EntryChange } from './outbox-entry.ts'
import { openOverlay } from './overlays.ts'
import { positionsBetween } from './positions.ts'
import { draftTask, lastPosition, type NewTask, type Task, type TaskChange } from './task.ts'
import type { UndoStack } from './undo-stack.ts'

export type ChangeOf = TaskChange | ((task: Task) => TaskChange)

type Parts = {
  userId: string
  outbox: Pick<Outbox, 'getState' | 'put' | 'cancel'>
  undoStack: UndoStack
  /** False with a backend of the core alone: it has no trash, so a deletion waits for as long as it can be undone. */
  organizes: boolean
  /** The position of the first task of a list (null: Inbox), as far as it is loaded. */
  firstPosition(list: string | null): string | null
}

export type Actions = ReturnType<typeof createActions>

const TIME_TO_UNDO = 8_000

export function createActions({ userId, outbox, undoStack, organizes, firstPosition }: Parts) {
  const offerUndo = createOffer(undoStack)
  const latest = (task: Task) => outbox.getState().locals.get(task.id)?.task ?? task

  /** The inverse says what was there, so that nothing else of the task is touched by undoing. */
  function apply(tasks: readonly Task[], changeOf: (task: Task) => EntryChange, said: Said | null) {
    const changes = tasks.map(latest).map(task => ({ task, change: changeOf(task) }))
    const inverse = changes.map(({ task, change }) => ({ task, change: inverseOf(task, change) }))
    outbox.put(changes)
    if (said)
      offerUndo(said, () => outbox.put(inverse.map(({ task, change }) => ({ task: latest(task), change }))))
  }

  function setCompleted(tasks: readonly Task[], completed: boolean) {
    const changed = tasks.map(latest).filter(task => task.completed !== completed)
    const text = completed ? t.completed(changed.length) : t.reopened(changed.length)
    if (changed.length > 0) apply(changed, () => ({ completed }), say(text, changed))
  }

  function removeAfterWaiting(tasks: readonly Task[], said: Said) {
    const hold = TIME_TO_UNDO + 500
    const changes: Change[] = tasks.map(latest).map(task => ({ task, change: { deleted: true }, hold }))
    const ids = outbox.put(changes)
    const undoable = offerUndo(said, () => {
      if (!outbox.cancel(ids)) showToast({ text: t.tooLate })
    })
    setTimeout(() => undoStack.drop(undoable), hold)
  }

  /** At the top of a list, where they were written; a subtask comes last. */
  function positionsFor(tasks: readonly NewTask[], now: number): string[] {
    const list = tasks[0]?.list ?? null
    const first = tasks.every(task => !task.parent && (task.list ?? null) === list)
      ? firstPosition(list)
      : null
    const keys = first && positionsBetween(null, first, tasks.length)
    return keys || tasks.map((_, at) => lastPosition(now + at))
  }

  return {
    /** Each is there at once, under an id of its own. Says something when `said` is given. */
    add(tasks: readonly NewTask[], said: Said | null = null, undoRest = () => {}): Task[] {
      const now = Date.now()
      const positions = organizes ? positionsFor(tasks, now) : []
      const made = tasks.map((task, at) =>
        draftTask({ position: positions[at], ...task }, uuidv7(now + at), userId, now + at),
      )
      outbox.put(made.map(task => ({ task, change: {}, isNew: true })))
      const undo = () => {
        outbox.put(made.map(task => ({ task: latest(task), change: { deleted: true } })))
        undoRest()
      }
      if (said) offerUndo(said, undo)
      else undoStack.push({ undo })
      return made
    },
    change(tasks: readonly Task[], change: ChangeOf, said: Said | null) {
      apply(tasks, typeof change === 'function' ? change : () => change, said)
    },
    /** Open subtasks are asked about. */
    complete(tasks: readonly Task[], completed: boolean) {
      const hasOpen = ({ subtasks }: Task) => subtasks.completed < subtasks.total
      if (completed && tasks.some(task => !task.completed && hasOpen(task)))
        openOverlay({ kind: 'open-subtasks', tasks })
      else setCompleted(tasks, completed)
    },
    /** Without asking. */
    completeAlone: (tasks: readonly Task[]) => setCompleted(tasks, true),
    remove(tasks: readonly Task[]) {
      const said = say(t.removed(tasks.length), tasks)
      if (organizes) apply(tasks, () => ({ deleted: true }), said)
      else removeAfterWaiting(tasks, said)
    },
    restore(tasks: readonly Task[]) {
      apply(tasks, () => ({ deleted: false }), say(t.restored(tasks.length), tasks))
    },
    undoLast: () => void undoStack.undoLast(),
    canUndo: () => !undoStack.isEmpty(),
  }
}

/** One task is named by its title. */
export const say = (text: string, tasks: readonly Task[]): Said =>
  tasks.length === 1 ? { text, detail: tasks[0]!.title } : { text }

export function inverseOf(task: Task, change: EntryChange): EntryChange {
  const names = Object.keys(change).filter(name => name !== 'deleted') as (keyof TaskChange)[]
  const before = Object.fromEntries(names.map(name => [name, task[name]]))
  return change.deleted === undefined ? before : { ...before, deleted: !change.deleted }
}
