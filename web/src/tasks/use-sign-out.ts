import { reportFailure } from '../components/report-failure.ts'
import { shellTexts } from '../components/shell-texts.ts'
import { clearToasts } from '../components/toasts.ts'
import { session } from '../session/current.ts'
import { openOverlay } from './overlays.ts'
import { useTaskServices } from './task-services.ts'

async function leave() {
  try {
    clearToasts()
    await session.signOut()
  } catch (error) {
    reportFailure(shellTexts.signOutFailed, error)
  }
}

/** What is not saved would be lost by leaving: the one thing besides the account that is worth a question. */
export function useSignOut() {
  const { user, outbox, deferrals } = useTaskServices()
  return async () => {
    await deferrals.flush()
    const unsaved = await outbox.flush()
    // While that waited, its owner may have been signed out in another way.
    if (!session.isHere(user.id)) return
    if (unsaved > 0) openOverlay({ kind: 'unsaved', count: unsaved, leave })
    else await leave()
  }
}
