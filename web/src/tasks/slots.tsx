/** Whatever is open above the page. Its code is fetched once the list stands, so that opening takes no time. */
import { type ComponentType, Suspense, useEffect } from 'react'
import { prefetched } from '../components/prefetched.tsx'
import { whenIdle } from '../idle.ts'
import { closeOverlay, type Overlay, type OverlayProps, useOverlay } from './overlays.ts'
import { loadPositions } from './positions.ts'
import { EmptyView } from './task-list.tsx'
import { useEdited } from './use-edited.ts'

const EditTask = prefetched(() => import('../editor/edit-task.tsx'))

type Slots = {
  [Kind in Overlay['kind']]: ComponentType<OverlayProps<Kind>> & {
    prefetch(): Promise<void>
  }
}

const SLOTS: Slots = {
  date: prefetched(() => import('./date-popover.tsx')),
  move: prefetched(() => import('./move-menu.tsx')),
  tags: prefetched(() => import('./tag-menu.tsx')),
  'task-menu': prefetched(() => import('./task-menu.tsx')),
  list: prefetched(() => import('../lists/list-dialog.tsx')),
  tag: prefetched(() => import('../tags/tag-dialog.tsx')),
  conflict: prefetched(() => import('../editor/conflict-dialog.tsx')),
  'open-subtasks': prefetched(() => import('../editor/open-subtasks.tsx')),
  restore: prefetched(() => import('../trash/restore-dialog.tsx')),
  'list-menu': prefetched(() => import('../lists/list-menu.tsx')),
  places: prefetched(() => import('./places-sheet.tsx')),
  unsaved: prefetched(() => import('./unsaved-dialog.tsx')),
  palette: prefetched(() => import('../palette/palette.tsx')),
  help: prefetched(() => import('./shortcut-help.tsx')),
}

export function Overlays() {
  const overlay = useOverlay()
  const [edited, edit] = useEdited()
  usePrefetch()
  const Open = overlay && (SLOTS[overlay.kind] as ComponentType<Overlay & { onClose(): void }>)
  return (
    <Suspense>
      {edited && <EditTask key={edited} id={edited} onClose={() => edit(null)} />}
      {Open && <Open key={overlay.kind} {...overlay} onClose={closeOverlay} />}
    </Suspense>
  )
}

function usePrefetch() {
  useEffect(() => {
    whenIdle(() => {
      void loadPositions()
      void import('./outbox-rare.ts').catch(() => {})
      for (const slot of [EditTask, EmptyView, ...Object.values(SLOTS)]) void slot.prefetch()
    })
  }, [])
}
