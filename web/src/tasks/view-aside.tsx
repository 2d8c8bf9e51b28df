import { Pencil, Search } from 'lucide-react'
import { Suspense } from 'react'
import { isMac } from '../components/is-mac.ts'
import { prefetched } from '../components/prefetched.tsx'
import { boardTexts as t } from './board-texts.ts'
import { openOverlay } from './overlays.ts'
import { isSameTag } from './task.ts'
import { useTaskServices } from './task-services.ts'
import { useLists, useTags } from './use-view.ts'
import type { View } from './views.ts'

const TrashButton = prefetched(() => import('../trash/trash-button.tsx'))

/** What belongs to the view as a whole, beside its title. */
export function ViewAside({ view }: { view: View }) {
  const { organizes } = useTaskServices()
  const { data: lists } = useLists()
  const { data: tags } = useTags()
  if (!organizes) return null
  const list = view.kind === 'list' && lists?.find(({ id }) => id === view.id)
  const tag = view.kind === 'tag' && tags?.find(({ name }) => isSameTag(name, view.name))
  return (
    <div className="flex flex-wrap gap-2">
      {list && <EditButton label={t.editList} onClick={() => openOverlay({ kind: 'list', list })} />}
      {tag && <EditButton label={t.editTag} onClick={() => openOverlay({ kind: 'tag', tag })} />}
      <Suspense>{view.kind === 'trash' && <TrashButton />}</Suspense>
      {view.kind !== 'search' && (
        <button
          type="button"
          className="btn btn-quiet"
          aria-keyshortcuts={isMac() ? 'Meta+K' : 'Control+K'}
          onClick={() => openOverlay({ kind: 'palette' })}
        >
          <Search size={16} aria-hidden="true" />
          {t.search}
          <span className="kbd max-lg:hidden" aria-hidden="true">
            {isMac() ? '⌘ K' : t.paletteKey}
          </span>
        </button>
      )}
    </div>
  )
}

function EditButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <button type="button" className="btn btn-quiet px-3" aria-label={label} title={label} onClick={onClick}>
      <Pencil size={16} aria-hidden="true" />
    </button>
  )
}
