import { endToast, showToast } from '../components/toasts.ts'
import { actionTexts } from './action-texts.ts'
import type { Undoable, UndoStack } from './undo-stack.ts'

/** What the toast says was done. */
export type Said = { text: string; detail?: string | undefined }

/** Says what was done and takes it back when asked, by the toast or by Ctrl+Z. */
export type Offer = ReturnType<typeof createOffer>

const TOAST = 'done'

export function createOffer(undoStack: UndoStack) {
  return (said: Said, undo: () => void, onEnd?: () => void): Undoable => {
    const undoable = {
      undo() {
        undo()
        endToast(TOAST)
      },
    }
    undoStack.push(undoable)
    const action = { label: actionTexts.undo, run: () => void undoStack.undo(undoable) }
    showToast({ id: TOAST, ...said, action, onEnd })
    return undoable
  }
}
