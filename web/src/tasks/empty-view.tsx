import { emptyLeads, emptyTitles } from './empty-texts.ts'
import type { View } from './views.ts'

/** What this view is for, where there is nothing in it. */
export default function EmptyView({ view }: { view: View }) {
  const kind = view.kind === 'search' && !view.q ? 'ask' : view.kind === 'subtasks' ? 'list' : view.kind
  return (
    <div className="mx-auto max-w-[24rem] px-2 py-16 text-center">
      <p className="font-display text-2xl font-medium">{emptyTitles[kind]}</p>
      <p className="mt-1.5 text-ink-3">{emptyLeads[kind]}</p>
    </div>
  )
}
