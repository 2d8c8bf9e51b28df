import { Suspense, useEffect, useRef } from 'react'
import { afterIdle } from '../components/after-idle.tsx'
import { prefetched } from '../components/prefetched.tsx'
import { whenIdle } from '../idle.ts'
import { QuickAdd } from './quick-add.tsx'
import { clearSelection, useSelection } from './selection.ts'
import type { Task } from './task.ts'
import { type ListControl, TaskList } from './task-list.tsx'
import { useOutbox, useTaskServices } from './task-services.ts'
import { type Moves, useRowActions } from './use-row-actions.ts'
import { useView } from './use-view.ts'
import type { View } from './views.ts'

/** One view: adding to it, and its tasks. */
export function Board({ view, title }: { view: View; title: string }) {
  const input = useRef<HTMLInputElement>(null)
  const takesTasks = view.kind !== 'done' && view.kind !== 'trash' && view.kind !== 'search'
  useEffect(() => clearSelection, [])
  return (
    <>
      {takesTasks && <QuickAdd view={view} input={input} />}
      <Unsettled />
      <BoardList view={view} title={title} input={input} />
    </>
  )
}

const Refusals = prefetched(() => import('./refusals.tsx'))

function Unsettled() {
  const { waiting } = useOutbox()
  if (!waiting.some(entry => entry.refused || entry.theirs)) return null
  return (
    <Suspense>
      <Refusals />
    </Suspense>
  )
}

const BoardKeys = afterIdle(() => import('./keys.tsx').then(keys => keys.BoardKeys))

const Dragging = afterIdle(() => import('./dragging.tsx').then(module => module.Dragging))

type ListProps = { view: View; title: string; input: React.RefObject<HTMLInputElement | null> }

function BoardList({ view, title, input }: ListProps) {
  const control = useRef<ListControl>(null)
  const query = useView(view, view.kind !== 'search' || view.q !== '')
  const moves = useRef<Moves>(null)
  const rowActions = useRowActions(control, moves)
  const { organizes } = useTaskServices()
  // A finger scrolls; what is dragged by a mouse is moved by the row's menu there.
  const canDrag = organizes && matchMedia('(any-pointer: fine)').matches
  return (
    <>
      <BoardKeys {...{ view, tasks: query.tasks, control, input, moves }} />
      <TaskList view={view} query={query} title={title} control={control} {...rowActions} />
      {canDrag && <Dragging view={view} tasks={query.tasks} />}
      <SelectionBar tasks={query.tasks} inTrash={view.kind === 'trash'} />
    </>
  )
}

const ActionBar = prefetched(() => import('./action-bar.tsx'))

function SelectionBar(props: { tasks: readonly Task[]; inTrash: boolean }) {
  const { ids } = useSelection()
  useEffect(() => whenIdle(ActionBar.prefetch), [])
  return <Suspense>{ids.size > 0 && <ActionBar {...props} />}</Suspense>
}
