import { attachReorder } from '../components/reorder-drag.ts'
import type { TaskServices } from '../tasks/task-services.ts'
import { createListActions } from './list-actions.ts'

/** The rows carry `data-list` and hold the link that is dragged. Answers how to stop. */
export function attachListDrag(container: HTMLElement, services: TaskServices): () => void {
  const rows = [...container.querySelectorAll<HTMLElement>('[data-list]')].map(row => ({
    id: row.dataset.list!,
    row,
    handle: row.querySelector('a')!,
  }))
  return attachReorder('list', rows, createListActions(services).move)
}
