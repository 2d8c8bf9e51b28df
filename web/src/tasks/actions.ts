/**
 * Everything that can be done to tasks. Each action is shown at once, sent by the outbox, and can be undone as one:
 * by the toast, and by Ctrl+Z after the toast has gone.
 */
import { generateNKeysBetween } from 'fractional-indexing'
import { endToast, showToast } from '../components/toasts.ts'
import { uuidv7 } from '../uuid.ts'
import { actionTexts as t } from './action-texts.ts'
import type { Change, Outbox } from './outbox.ts'
import type { EntryChange } from './outbox-entry.ts'
import { draftTask, lastPosition, type NewTask, type Task, type TaskChange } from './task.ts'
import type { UndoStack } from './undo-stack.ts'

/** What the toast says was done. */
export type Said = { text: string; detail?: string }
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
const TOAST = 'done'

export function createActions({ userId, outbox, undoStack, organizes, firstPosition }: Parts) {
  const latest = (task: Task) => outbox.getState().locals.get(task.id)?.task ?? task

  function offerUndo(said: Said, undo: () => void) {
    const undoable = {
      undo() {
        endToast(TOAST)
        undo()
      },
    }
    undoStack.push(undoable)
    const action = { label: t.undo, run: () => void undoStack.undo(undoable) }
    showToast({ id: TOAST, ...said, action })
    return undoable
  }

  /** The inverse says what was there, so that nothing else of the task is touched by undoing. */
  function apply(tasks: readonly Task[], changeOf: (task: Task) => EntryChange, said: Said | null) {
    const changes = tasks.map(latest).map(task => ({ task, change: changeOf(task) }))
    const inverse = changes.map(({ task, change }) => ({ task, change: inverseOf(task, change) }))
    outbox.put(changes)
    if (said)
      offerUndo(said, () => outbox.put(inverse.map(({ task, change }) => ({ task: latest(task), change }))))
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
    if (first) return generateNKeysBetween(null, first, tasks.length)
    return tasks.map((_, at) => lastPosition(now + at))
  }

  return {
    /** Each is there at once, under an id of its own. Says something when `said` is given. */
    add(tasks: readonly NewTask[], said: Said | null = null): Task[] {
      const now = Date.now()
      const positions = organizes ? positionsFor(tasks, now) : []
      const made = tasks.map((task, at) =>
        draftTask({ position: positions[at], ...task }, uuidv7(now + at), userId, now + at),
      )
      outbox.put(made.map(task => ({ task, change: {}, isNew: true })))
      const undo = () => outbox.put(made.map(task => ({ task: latest(task), change: { deleted: true } })))
      if (said) offerUndo(said, undo)
      else undoStack.push({ undo })
      return made
    },
    change(tasks: readonly Task[], change: ChangeOf, said: Said | null) {
      apply(tasks, typeof change === 'function' ? change : () => change, said)
    },
    complete(tasks: readonly Task[], completed: boolean) {
      const changed = tasks.map(latest).filter(task => task.completed !== completed)
      const text = completed ? t.completed(changed.length) : t.reopened(changed.length)
      if (changed.length > 0) apply(changed, () => ({ completed }), say(text, changed))
    },
    remove(tasks: readonly Task[]) {
      const said = say(t.removed(tasks.length), tasks)
      if (organizes) apply(tasks, () => ({ deleted: true }), said)
      else removeAfterWaiting(tasks, said)
    },
    restore(tasks: readonly Task[]) {
      apply(tasks, () => ({ deleted: false }), say(t.restored(tasks.length), tasks))
    },
    /** Undoes the newest action. False when there is none. */
    undoLast: () => undoStack.undoLast(),
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
