/** Short messages at the foot of the page. A plain store, so that any module can raise one. */
import { useSyncExternalStore } from 'react'
import { randomKey } from '../random-key.ts'

export type Toast = {
  id: string
  text: string
  detail?: string
  tone?: 'danger'
  action?: { label: string; run(): void }
  /** Runs once, however the toast ends, unless its action was taken. */
  onEnd?(): void
}

const AT_MOST = 3
let toasts: readonly Toast[] = []
const listeners = new Set<() => void>()

function change(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

export function showToast(toast: Omit<Toast, 'id'> & { id?: string }) {
  const id = toast.id ?? randomKey()
  endToast(id)
  change([...toasts, { ...toast, id }])
  const [oldest] = toasts
  if (toasts.length > AT_MOST && oldest) endToast(oldest.id)
}

export function endToast(id: string) {
  const ended = toasts.find(toast => toast.id === id)
  if (!ended) return
  change(toasts.filter(toast => toast !== ended))
  ended.onEnd?.()
}

export function takeAction(id: string) {
  const taken = toasts.find(toast => toast.id === id)
  if (!taken?.action) return
  change(toasts.filter(toast => toast !== taken))
  taken.action.run()
}

/** The newest toast that offers something, for Ctrl+Z. */
export const newestWithAction = () => toasts.findLast(toast => toast.action)

export function clearToasts() {
  for (const { id } of toasts) endToast(id)
}

export const useToasts = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => toasts,
  )
