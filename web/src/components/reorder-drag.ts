/** Rows are put in order by dragging. Whoever uses it offers the same without dragging. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { placeAfterDrop } from './place-after-drop.ts'

export type ReorderRow = { id: string; row: HTMLElement; handle: HTMLElement }
export type OnMove = (id: string, to: number) => void

/** Rows of one `kind` take each other's places. Answers how to stop. */
export function attachReorder(kind: string, rows: readonly ReorderRow[], onMove: OnMove): () => void {
  const order = rows.map(({ id }) => id)
  return combine(...rows.flatMap(row => [makeDraggable(kind, row), makeTarget(kind, row, order, onMove)]))
}

function makeDraggable(kind: string, { id, row, handle }: ReorderRow) {
  return draggable({
    element: handle,
    getInitialData: () => ({ kind, id }),
    onDragStart: () => row.setAttribute('data-dragged', ''),
    onDrop: () => row.removeAttribute('data-dragged'),
  })
}

function makeTarget(kind: string, { id, row }: ReorderRow, order: readonly string[], onMove: OnMove) {
  const markEdge = (edge: string | null) => {
    if (edge) row.dataset.edge = edge
    else delete row.dataset.edge
  }
  return dropTargetForElements({
    element: row,
    canDrop: ({ source }) => source.data.kind === kind && source.data.id !== id,
    getData: ({ input, element }) =>
      attachClosestEdge({}, { input, element, allowedEdges: ['top', 'bottom'] }),
    onDrag: ({ self }) => markEdge(extractClosestEdge(self.data)),
    onDragLeave: () => markEdge(null),
    onDrop({ self, source }) {
      markEdge(null)
      const moved = String(source.data.id)
      const to = placeAfterDrop(order, moved, id, extractClosestEdge(self.data) === 'bottom')
      if (to !== null) onMove(moved, to)
    },
  })
}
