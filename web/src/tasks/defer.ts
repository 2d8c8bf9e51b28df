import { showToast } from '../components/toasts.ts'
import { actionTexts } from './action-texts.ts'
import type { Deferral, Deferrals } from './deferrals.ts'
import type { Offer, Said } from './offer-undo.ts'
import type { UndoStack } from './undo-stack.ts'

type Parts = { deferrals: Deferrals; offerUndo: Offer; undoStack: UndoStack }

/** Shown as done at once, done when the toast has gone: until then it can be undone. */
export function deferUntilSaid({ deferrals, offerUndo, undoStack }: Parts, deferral: Deferral, said: Said) {
  deferrals.schedule(deferral)
  const undo = () => {
    if (!deferrals.undo(deferral)) showToast({ text: actionTexts.tooLate })
  }
  const undoable = offerUndo(said, undo, () => {
    undoStack.drop(undoable)
    deferrals.commit(deferral)
  })
}
