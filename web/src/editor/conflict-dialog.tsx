import './editor.css'
import { Dialog } from '../components/dialog.tsx'
import { showToast } from '../components/toasts.ts'
import type { OverlayProps } from '../tasks/overlays.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { useLists } from '../tasks/use-view.ts'
import { ConflictForm } from './conflict-form.tsx'
import { conflictTexts } from './conflict-texts.ts'
import type { Content, Field } from './content.ts'
import { settleConflict, versionsOf } from './settle.ts'
import { sayValue } from './values.ts'

/** Two devices changed one task: which of both shall be? Until that is said, both are kept. */
export default function ConflictDialog({ entry, onClose }: OverlayProps<'conflict'>) {
  const { outbox } = useTaskServices()
  const { data: lists = [] } = useLists()
  const versions = versionsOf(outbox.getState().entries, entry)
  const say = (field: Field, content: Content) => sayValue(field, content, lists)

  function settle(change: Partial<Content>) {
    onClose()
    settleConflict(outbox, entry, change)
    showToast({ text: conflictTexts.kept, detail: entry.base.title })
  }
  return (
    <Dialog title={conflictTexts.title} onClose={onClose}>
      {versions && <ConflictForm versions={versions} say={say} onSettle={settle} onLater={onClose} />}
    </Dialog>
  )
}
