import { Suspense } from 'react'
import { Redirect, useLocation, useSearch } from 'wouter'
import { Page } from '../components/page.tsx'
import { prefetched } from '../components/prefetched.tsx'
import { longDate } from '../dates.ts'
import { Board } from '../tasks/board.tsx'
import { viewLeads, viewTitles } from '../tasks/board-texts.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { useLists } from '../tasks/use-view.ts'
import { ViewAside } from '../tasks/view-aside.tsx'
import { type View, viewAt, viewPath } from '../tasks/views.ts'
import { useToday } from '../today.ts'

const SearchField = prefetched(() => import('../tasks/search-field.tsx'))

/** Any of the views; with a backend of the core alone, its one list. */
export default function Tasks() {
  const { organizes } = useTaskServices()
  const [path] = useLocation()
  const search = useSearch()
  const view: View | null = organizes ? viewAt(path, search) : { kind: 'all' }
  if (!view || (!organizes && path !== '/tasks')) return <Redirect to="/tasks" replace />
  return <ViewPage view={view} />
}

function ViewPage({ view }: { view: View }) {
  const title = useTitle(view)
  const lead = useLead(view)
  return (
    <Page
      key={viewPath({ ...view, ...(view.kind === 'search' && { q: '' }) })}
      title={title}
      lead={lead}
      aside={<ViewAside view={view} />}
    >
      {view.kind === 'search' && (
        <Suspense>
          <SearchField q={view.q} />
        </Suspense>
      )}
      <Board key={viewPath(view)} view={view} title={title} />
    </Page>
  )
}

function useTitle(view: View): string {
  const { data: lists, isPending } = useLists()
  if (view.kind === 'tag') return `#${view.name}`
  if (view.kind === 'subtasks') return ''
  if (view.kind !== 'list') return viewTitles[view.kind]
  return lists?.find(list => list.id === view.id)?.name ?? (isPending ? '…' : viewTitles.noList)
}

function useLead({ kind }: View): string {
  const today = useToday()
  if (kind === 'today' || kind === 'all') return longDate(today, today)
  return kind === 'list' || kind === 'tag' || kind === 'subtasks' ? '' : viewLeads[kind]
}
