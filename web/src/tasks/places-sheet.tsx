import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { Dialog } from '../components/dialog.tsx'
import type { OverlayProps } from './overlays.ts'
import { Places } from './sidebar.tsx'
import { sidebarTexts as t } from './sidebar-texts.ts'

/** Every place, on phones. */
export default function PlacesSheet({ onClose }: OverlayProps<'places'>) {
  const [here] = useLocation()
  const opened = useRef(here)
  useEffect(() => {
    if (here !== opened.current) onClose()
  }, [here, onClose])
  return (
    <Dialog title={t.moreTitle} onClose={onClose}>
      <nav aria-label={t.moreTitle} className="grid gap-0.5">
        <Places />
      </nav>
    </Dialog>
  )
}
