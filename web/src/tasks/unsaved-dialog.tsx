import { Dialog } from '../components/dialog.tsx'
import { menuTexts as t } from './menu-texts.ts'
import type { OverlayProps } from './overlays.ts'

/** Asks whether to leave with changes that the server has not got. */
export default function UnsavedDialog({ count, leave, onClose }: OverlayProps<'unsaved'>) {
  return (
    <Dialog title={t.unsaved} onClose={onClose}>
      <p className="text-ink-2">{t.unsavedLead(count)}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-danger" onClick={() => void leave()}>
          {t.leave(count)}
        </button>
        <button type="button" className="btn btn-primary" onClick={onClose}>
          {t.stay}
        </button>
      </div>
    </Dialog>
  )
}
