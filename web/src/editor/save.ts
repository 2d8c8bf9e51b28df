/** A saved draft is one change: shown at once, sent by the outbox, undone as one. */
import { inverseOf } from '../tasks/actions.ts'
import type { Offer } from '../tasks/offer-undo.ts'
import type { Change, Outbox } from '../tasks/outbox.ts'
import { draftTask, type Task } from '../tasks/task.ts'
import type { Draft, DraftChanges } from './draft.ts'
import { editorTexts } from './editor-texts.ts'

type Parts = { userId: string; outbox: Pick<Outbox, 'getState' | 'put'>; offerUndo: Offer }

export function saveDraft({ userId, outbox, offerUndo }: Parts, changes: DraftChanges, draft: Draft) {
  const latest = (task: Task) => outbox.getState().locals.get(task.id)?.task ?? task
  const parts = changesOf(changes, draft, userId)
  outbox.put(parts)
  offerUndo({ text: editorTexts.saved, detail: draft.content.title.trim() }, () =>
    outbox.put(
      parts.map(({ task, change, isNew }) => ({
        task: latest(task),
        change: isNew ? { deleted: true } : inverseOf(task, change),
      })),
    ),
  )
}

/** What was typed goes with the revision it began from: only so the server notices another device's change. */
function changesOf({ own, subtasks }: DraftChanges, draft: Draft, userId: string): Change[] {
  const { base } = draft
  const known = new Map((draft.baseSubtasks ?? []).map(task => [task.id, task]))
  const list = own.list === undefined ? base.list : own.list
  return [
    ...(Object.keys(own).length > 0 ? [{ task: base, change: own }] : []),
    ...subtasks.change.flatMap(({ id, revision: _, ...change }) => {
      const task = known.get(id)
      return task ? [{ task, change }] : []
    }),
    ...subtasks.create.map(({ id, ...row }) => ({
      task: draftTask({ ...row, parent: base.id, list }, id, userId),
      change: {},
      isNew: true,
    })),
  ]
}
