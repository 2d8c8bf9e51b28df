import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { autoScrollWindowForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { useEffect, useRef } from 'react'
import { announce } from '../components/announce.ts'
import { menuTexts as t } from './menu-texts.ts'
import { moveBeside } from './moves.ts'
import { useOrganizing } from './organizing.ts'
import { taskIdAt } from './row-focus.ts'
import { clearSelection, getSelection } from './selection.ts'
import type { Task } from './task.ts'
import { useDropOnPlace } from './use-drop-on-place.ts'
import { isManual, type View } from './views.ts'

type Props = { view: View; tasks: readonly Task[] }

/** Rows can be dragged to another place in the list, and onto a view, a list or a tag beside it. */
export function Dragging({ view, tasks }: Props) {
  const actions = useOrganizing()
  const dropOnPlace = useDropOnPlace()
  const onDrop = useRef<Drop>(() => {})
  onDrop.current = (id, target, side) => {
    const { ids } = getSelection()
    const moved = tasks.filter(task => (ids.has(id) ? ids.has(task.id) : task.id === id))
    if (target.place) {
      dropOnPlace(moved, target.place)
      clearSelection()
      return
    }
    const beside = tasks.find(task => task.id === target.task)
    const changes = beside ? moveBeside(tasks, moved, beside, side) : []
    if (changes.length === 0) return
    actions.reorder(changes)
    announce(t.dropped({ title: moved[0]!.title }))
  }
  const reorders = isManual(view)
  const inTrash = view.kind === 'trash'
  useEffect(() => (inTrash ? undefined : watch(reorders, onDrop)), [reorders, inTrash])
  return null
}

type Target = { task?: string; place?: string }
type Drop = (id: string, target: Target, side: 'before' | 'after') => void

/** Rows come and go while one scrolls: each is made draggable when it appears. */
function watch(reorders: boolean, onDrop: { current: Drop }): () => void {
  const rows = new Map<Element, () => void>()
  const update = () => {
    for (const [row, stop] of rows) if (!row.isConnected && rows.delete(row)) stop()
    for (const row of document.querySelectorAll<HTMLElement>('main [data-task]'))
      if (!rows.has(row)) rows.set(row, equip(row, reorders))
  }
  update()
  const observer = new MutationObserver(update)
  observer.observe(document.querySelector('main') ?? document.body, { childList: true, subtree: true })
  const stop = combine(
    autoScrollWindowForElements(),
    monitorForElements({
      onDrop({ source, location }) {
        const target = location.current.dropTargets[0]
        const id = String(source.data.task)
        const side = target && extractClosestEdge(target.data) === 'bottom' ? 'after' : 'before'
        if (target) onDrop.current(id, target.data as Target, side)
      },
    }),
  )
  return () => {
    observer.disconnect()
    stop()
    for (const end of rows.values()) end()
  }
}

function equip(row: HTMLElement, reorders: boolean): () => void {
  const data = () => ({ task: taskIdAt(row) })
  let leavePlaces = () => {}
  const drag = draggable({
    element: row,
    getInitialData: data,
    onDragStart() {
      row.dataset.dragged = ''
      leavePlaces = openPlaces()
    },
    onDrop() {
      delete row.dataset.dragged
      leavePlaces()
    },
  })
  if (!reorders) return drag
  const mark = (edge: string | null) => {
    if (edge) row.dataset.dropEdge = edge
    else delete row.dataset.dropEdge
  }
  const drop = dropTargetForElements({
    element: row,
    canDrop: ({ source }) => source.data.task !== taskIdAt(row),
    getData: ({ input, element }) =>
      attachClosestEdge(data(), { input, element, allowedEdges: ['top', 'bottom'] }),
    onDrag: ({ self }) => mark(extractClosestEdge(self.data)),
    onDragLeave: () => mark(null),
    onDrop: () => mark(null),
  })
  return combine(drag, drop)
}

/** The links of the column, for as long as something is dragged. */
function openPlaces(): () => void {
  const places = [...document.querySelectorAll<HTMLElement>('[data-drop]')].map(element => {
    const mark = (on: boolean) => element.toggleAttribute('data-drop-over', on)
    return dropTargetForElements({
      element,
      getData: () => ({ place: element.dataset.drop }),
      onDragEnter: () => mark(true),
      onDragLeave: () => mark(false),
      onDrop: () => mark(false),
    })
  })
  return combine(...places)
}
