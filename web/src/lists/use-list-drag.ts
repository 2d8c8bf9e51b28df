import { type RefObject, useEffect } from 'react'
import { whenIdle } from '../idle.ts'
import type { List } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'

/** The code of dragging comes when there is time for it; a finger uses the menu. */
export function useListDrag(box: RefObject<HTMLElement | null>, lists: readonly List[]) {
  const services = useTaskServices()
  const order = lists.map(list => list.id).join()
  useEffect(() => {
    if (!order.includes(',') || !matchMedia('(pointer: fine)').matches) return
    let isOver = false
    let stop = () => {}
    whenIdle(async () => {
      const { attachListDrag } = await import('./list-drag.ts')
      if (!isOver && box.current) stop = attachListDrag(box.current, services)
    })
    return () => {
      isOver = true
      stop()
    }
  }, [order, box, services])
}
