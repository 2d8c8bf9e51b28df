import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { SessionEnded } from '../session/session.ts'
import { showToast } from './toasts.ts'

/** A session that ended needs no toast: the page is on its way to sign-in and says so there. */
export function reportFailure(text: string, error: unknown) {
  if (error instanceof SessionEnded) return
  showToast({ text, detail: explain(failureOf(error)), tone: 'danger' })
}
