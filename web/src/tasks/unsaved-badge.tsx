import { CloudOff } from 'lucide-react'
import { sidebarTexts as t } from './sidebar-texts.ts'
import { useOutbox } from './task-services.ts'

/** How much waits for the network or the server. */
export function UnsavedBadge() {
  const { waiting, failure } = useOutbox()
  const count = waiting.filter(entry => !entry.refused && !entry.holdUntil).length
  if (!failure || count === 0) return null
  return (
    <span className="badge">
      <CloudOff size={14} aria-hidden="true" />
      {t.unsaved(count)}
    </span>
  )
}
