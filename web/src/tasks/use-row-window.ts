/** Which of the rows are drawn: those in sight, a few around them, and the one that has the focus. */
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Item } from './groups.ts'
import { focusRow, rowOf, taskIdAt } from './row-focus.ts'

const HEADING_HEIGHT = 52
const ROW_HEIGHT = 48

export function useRowWindow(area: RefObject<HTMLElement | null>, items: readonly Item[]) {
  const indexes = useMemo(() => new Map(items.map((item, index) => [item.key, index])), [items])
  const focused = useFocusedRow(area, items, indexes)
  const margin = useTopOf(area)
  const rangeExtractor = useCallback(
    (range: Range) => {
      const inSight = defaultRangeExtractor(range)
      const kept = focused.current && indexes.get(focused.current.id)
      if (kept === null || kept === undefined || inSight.includes(kept)) return inSight
      return [...inSight, kept].sort((a, b) => a - b)
    },
    [focused, indexes],
  )
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: index => (items[index]?.kind === 'heading' ? HEADING_HEIGHT : ROW_HEIGHT),
    getItemKey: index => items[index]?.key ?? index,
    initialRect: { width: innerWidth, height: innerHeight },
    overscan: 8,
    scrollMargin: margin,
    rangeExtractor,
  })
  const focusTask = useCallback(
    (id: string) => {
      const index = indexes.get(id)
      if (index === undefined) return
      if (focused.current) focused.current = { id, index }
      focusRow(id, () => virtualizer.scrollToIndex(index, { align: 'center' }))
    },
    [indexes, virtualizer, focused],
  )
  return { virtualizer, margin, focusTask }
}

/** When the row that had the focus goes, whatever made it go, the one that takes its place gets it. */
function useFocusedRow(
  area: RefObject<HTMLElement | null>,
  items: readonly Item[],
  indexes: ReadonlyMap<string, number>,
) {
  const focused = useRef<{ id: string; index: number } | null>(null)
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return
      const id = area.current?.contains(target) ? taskIdAt(target) : null
      if (id) focused.current = { id, index: Number(rowOf(id)?.dataset.index) }
      // A menu or a dialog about the row gives the focus back.
      else if (!target.closest('dialog, [popover]')) focused.current = null
    }
    document.addEventListener('focusin', onFocus)
    return () => document.removeEventListener('focusin', onFocus)
  }, [area])
  useEffect(() => {
    const before = focused.current
    if (!before || indexes.has(before.id)) return
    const tasks = items.filter(item => item.kind === 'task')
    const next = tasks.find(item => (indexes.get(item.key) ?? 0) >= before.index) ?? tasks.at(-1)
    focused.current = null
    // After a dialog that is closing has put the focus where it was.
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return
      if (next) focusRow(next.key)
      else document.querySelector<HTMLElement>('#content')?.focus()
    })
  }, [items, indexes])
  return focused
}

function useTopOf(area: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    if (area.current) setTop(Math.round(area.current.getBoundingClientRect().top + scrollY))
  })
  return top
}
