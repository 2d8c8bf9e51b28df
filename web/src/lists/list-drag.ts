/** Lists are put in order by dragging; the same without dragging is in each list's menu. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import type { TaskServices } from '../tasks/task-services.ts'
import { createListActions } from './list-actions.ts'
import { placeAfterDrop } from './list-place.ts'

const KIND = 'list'

/** The rows carry `data-list` and hold the link that is dragged. Answers how to stop. */
export function attachListDrag(container: HTMLElement, services: TaskServices): () => void {
  const { move } = createListActions(services)
  const rows = [...container.querySelectorAll<HTMLElement>('[data-list]')]
  const order = rows.map(idOf)
  return combine(...rows.flatMap(row => [makeDraggable(row), makeTarget(row, order, move)]))
}

const idOf = (row: HTMLElement) => row.dataset.list!

function makeDraggable(row: HTMLElement) {
  return draggable({
    element: row.querySelector('a')!,
    getInitialData: () => ({ kind: KIND, id: idOf(row) }),
    onDragStart: () => row.setAttribute('data-dragged', ''),
    onDrop: () => row.removeAttribute('data-dragged'),
  })
}

function makeTarget(row: HTMLElement, order: readonly string[], onMove: (id: string, to: number) => void) {
  const markEdge = (edge: string | null) => {
    if (edge) row.dataset.edge = edge
    else delete row.dataset.edge
  }
  return dropTargetForElements({
    element: row,
    canDrop: ({ source }) => source.data.kind === KIND && source.data.id !== idOf(row),
    getData: ({ input, element }) =>
      attachClosestEdge({}, { input, element, allowedEdges: ['top', 'bottom'] }),
    onDrag: ({ self }) => markEdge(extractClosestEdge(self.data)),
    onDragLeave: () => markEdge(null),
    onDrop({ self, source }) {
      markEdge(null)
      const edge = extractClosestEdge(self.data)
      const id = String(source.data.id)
      const to = placeAfterDrop(order, id, idOf(row), edge === 'bottom')
      if (to !== null) onMove(id, to)
    },
  })
}
