import { Failed } from '../components/failed.tsx'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { texts } from '../texts.ts'
import type { Show } from './old-api.ts'
import type { ListRef } from './rows.ts'
import type { ListedTask } from './task-cache.ts'
import { TaskRow } from './task-row.tsx'
import { emptyLeads, emptyTitles, taskTexts } from './task-texts.ts'
import type { useTaskList } from './use-tasks.ts'

type Props = {
  show: Show
  list: ListRef
  query: ReturnType<typeof useTaskList>
  onKeep(id: string): void
  onEdit(id: string): void
  onDelete(task: ListedTask): void
}

export function TaskList({ show, list, query, ...rowActions }: Props) {
  return (
    <div ref={list}>
      {query.isPending ? (
        <Skeleton />
      ) : query.isLoadingError ? (
        <Failed text={taskTexts.loadFailed} error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Loaded show={show} query={query} {...rowActions} />
      )}
    </div>
  )
}

function Loaded({ show, query, ...rowActions }: Omit<Props, 'list'>) {
  if (query.tasks.length === 0 && !query.hasNextPage) return <Empty show={show} />
  return (
    <>
      {/* Safari drops the list semantics of an unstyled list unless told otherwise. */}
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <ul role="list" aria-label={taskTexts.list} aria-busy={query.isFetching}>
        {query.tasks.map(task => (
          <TaskRow key={task.key ?? task.id} task={task} {...rowActions} />
        ))}
      </ul>
      <More query={query} />
    </>
  )
}

function More({ query }: Pick<Props, 'query'>) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, error } = query
  const before = query.tasks.length
  /** The button may be gone afterwards, so the focus goes on to the first task that is new. */
  async function loadMore(event: React.MouseEvent<HTMLButtonElement>) {
    if (isFetchingNextPage) return
    const area = event.currentTarget.closest('main')
    const { isError } = await query.fetchNextPage()
    if (!isError)
      requestAnimationFrame(() => area?.querySelectorAll<HTMLElement>('.row-title')[before]?.focus())
  }
  return (
    <div className="mt-4 grid justify-items-center gap-3">
      {isFetchNextPageError && (
        <p role="alert" className="text-sm text-danger">
          {taskTexts.moreFailed} {explain(failureOf(error))}
        </p>
      )}
      {hasNextPage && (
        <button type="button" className="btn btn-quiet" aria-disabled={isFetchingNextPage} onClick={loadMore}>
          {isFetchingNextPage ? taskTexts.loadingMore : taskTexts.loadMore}
        </button>
      )}
    </div>
  )
}

function Empty({ show }: { show: Show }) {
  const title = emptyTitles[show]
  const lead = emptyLeads[show]
  return (
    <div className="mx-auto max-w-[24rem] px-2 py-16 text-center">
      <p className="font-display text-2xl font-medium">{title}</p>
      <p className="mt-1.5 text-ink-3">{lead}</p>
    </div>
  )
}

const WIDTHS = ['w-3/5', 'w-2/5', 'w-1/2', 'w-2/3', 'w-1/3']

function Skeleton() {
  return (
    <div role="status" aria-label={texts.loading}>
      {WIDTHS.map(width => (
        <div key={width} className="flex h-12 items-center gap-3 ps-3" aria-hidden="true">
          <div className="skeleton size-5 rounded-full" />
          <div className={`skeleton h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  )
}
