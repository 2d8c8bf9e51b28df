import { type RefObject, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Failed } from '../components/failed.tsx'
import { InSlices } from '../components/in-slices.tsx'
import { prefetched } from '../components/prefetched.tsx'
import { dayHeading } from '../dates.ts'
import { contentIsDrawn } from '../idle.ts'
import { texts } from '../texts.ts'
import { boardTexts as t, viewTitles } from './board-texts.ts'
import { groupTasks, type Item, itemsOf } from './groups.ts'
import { useSelection } from './selection.ts'
import type { List } from './task.ts'
import { type RowActions, TaskRow, usePrefetchedTitleField } from './task-row.tsx'
import { useOutbox } from './task-services.ts'
import { useEditedTitle } from './title-edit.ts'
import { type DrawnRow, useRowWindow } from './use-row-window.ts'
import { useLists, type useView } from './use-view.ts'
import type { View } from './views.ts'

export const EmptyView = prefetched(() => import('./empty-view.tsx'))

type Query = ReturnType<typeof useView>
type Props = { view: View; query: Query; title: string; control: RefObject<ListControl | null> } & RowActions

/** For what moves about in the list: keys, and whoever adds to it. */
export type ListControl = { order: readonly string[]; focusTask(id: string): void }

export function TaskList({ query, ...props }: Props) {
  const [hasWaited] = useState(query.isPending)
  useEffect(() => {
    if (!query.isLoading) contentIsDrawn()
  }, [query.isLoading])
  if (query.isPending) return <Skeleton />
  if (query.isLoadingError)
    return <Failed text={t.loadFailed} error={query.error} onRetry={() => void query.refetch()} />
  if (query.tasks.length === 0 && !query.hasNextPage)
    return (
      <Suspense fallback={<Skeleton />}>
        <EmptyView view={props.view} />
      </Suspense>
    )
  const rows = <Rows query={query} {...props} />
  return hasWaited ? <InSlices instead={<Skeleton />}>{rows}</InSlices> : rows
}

function Rows({ view, query, title, control, ...actions }: Props) {
  const area = useRef<HTMLDivElement>(null)
  const { tasks, today, hasNextPage } = query
  const groups = useMemo(() => groupTasks(tasks, view, today), [tasks, view, today])
  const items = useMemo(() => itemsOf(groups, !hasNextPage), [groups, hasNextPage])
  const { drawn, height, measure, margin, focusTask } = useRowWindow(area, items)
  const { locals } = useOutbox()
  const { ids, boxes } = useSelection()
  const editedTitle = useEditedTitle()
  usePrefetchedTitleField()
  const lists = useListsById(view)
  useEffect(() => {
    control.current = { order: tasks.map(task => task.id), focusTask }
    return () => {
      control.current = null
    }
  }, [control, tasks, focusTask])
  useLoadMore(query, drawn.at(-1)?.index ?? 0, items.length)
  return (
    <>
      <div ref={area} className="rows" style={{ height }} aria-busy={query.isFetching}>
        {runsOf(drawn, items, margin).map(({ group, heading, rows }) => (
          <div key={group}>
            {heading && <Heading {...heading} view={view} group={group} today={today} measure={measure} />}
            {/* Safari drops the list semantics of an unstyled list unless told otherwise. */}
            {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
            <ul role="list" aria-label={group ? groupTitle(view, group, today) : title}>
              {rows.map(({ item: { task, at, size }, index, gap }) => (
                <TaskRow
                  key={task.id}
                  {...{ task, index, at, size, gap, today, boxes, ...actions }}
                  list={task.list === null ? null : lists?.get(task.list)}
                  pending={locals.get(task.id)?.pending ?? false}
                  selected={ids.has(task.id)}
                  editing={editedTitle === task.id && task.deleted_at === null}
                  hidesDay={group === 'overdue' ? false : view.kind === 'today' || view.kind === 'upcoming'}
                  measure={measure}
                />
              ))}
            </ul>
          </div>
        ))}
      </div>
      <More query={query} />
    </>
  )
}

type HeadingProps = {
  view: View
  index: number
  gap: number
  group: string
  today: string
  measure: ((element: Element | null) => void) | undefined
}

function Heading({ view, index, gap, group, today, measure }: HeadingProps) {
  return (
    <h2
      ref={measure}
      data-index={index}
      style={gap > 0 ? { marginBlockStart: gap } : undefined}
      className={`group-title ${group === 'overdue' ? 'text-danger' : ''}`}
    >
      {groupTitle(view, group, today)}
    </h2>
  )
}

function groupTitle({ kind }: View, group: string, today: string): string {
  if (group === 'overdue') return t.overdueHeading
  return kind === 'today' ? viewTitles.today : dayHeading(group, today)
}

type Drawn<Kind extends Item['kind']> = { item: Extract<Item, { kind: Kind }>; index: number; gap: number }
type DrawnRun = { group: string; heading: Omit<Drawn<'heading'>, 'item'> | null; rows: Drawn<'task'>[] }

/** What is drawn, under its headings. `gap` stands for what is left out before it. */
function runsOf(drawn: readonly DrawnRow[], items: readonly Item[], margin: number): DrawnRun[] {
  const runs: DrawnRun[] = []
  let end = margin
  for (const { index, start, end: itsEnd } of drawn) {
    const item = items[index]
    if (!item) continue
    const gap = Math.round(start - end)
    if (runs.at(-1)?.group !== item.group) runs.push({ group: item.group, heading: null, rows: [] })
    const run = runs.at(-1)!
    if (item.kind === 'heading') run.heading = { index, gap }
    else run.rows.push({ item, index, gap })
    end = itsEnd
  }
  return runs
}

/** A list's name says nothing in that list. */
function useListsById(view: View): ReadonlyMap<string, List> | null {
  const { data } = useLists()
  return useMemo(
    () => (view.kind === 'list' ? null : new Map(data?.map(list => [list.id, list]))),
    [data, view.kind],
  )
}

const ROWS_AHEAD = 30

/** The next page is asked for before the end of this one is in sight. */
function useLoadMore(
  { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage }: Query,
  last: number,
  count: number,
) {
  const isNear = last >= count - ROWS_AHEAD
  useEffect(() => {
    if (isNear && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage()
  }, [isNear, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage])
}

function More({ query }: { query: Query }) {
  const { isFetchingNextPage, isFetchNextPageError, error } = query
  if (isFetchNextPageError)
    return <Failed text={t.moreFailed} error={error} onRetry={() => void query.fetchNextPage()} />
  return (
    <p role="status" className="py-4 text-center text-sm text-ink-3 empty:hidden">
      {isFetchingNextPage && t.loadingMore}
    </p>
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
