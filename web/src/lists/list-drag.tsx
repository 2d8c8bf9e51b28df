import { type RefObject, useEffect } from 'react'
import { attachReorder } from '../components/reorder-drag.ts'
import type { List } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { createListActions } from './list-actions.ts'

type Props = { box: RefObject<HTMLElement | null>; lists: readonly List[] }

/** Puts lists in order by a mouse; a finger uses the menu. The rows carry `data-list` and hold the link that is dragged. */
export function ListDrag({ box, lists }: Props) {
  const services = useTaskServices()
  const order = lists.map(list => list.id).join()
  useEffect(() => {
    if (!box.current || !order.includes(',') || !matchMedia('(pointer: fine)').matches) return
    const rows = [...box.current.querySelectorAll<HTMLElement>('[data-list]')].map(row => ({
      id: row.dataset.list!,
      row,
      handle: row.querySelector('a')!,
    }))
    return attachReorder('list', rows, createListActions(services).move)
  }, [order, box, services])
  return null
}
