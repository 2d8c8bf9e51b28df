/** Which of the rows are drawn: those in sight, a few around them, and the one that has the focus. */
import type { Range } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Item } from './groups.ts'
import { focusRow, rowOf, taskIdAt } from './row-focus.ts'
import { useVirtualRows } from './use-virtual-rows.ts'

const HEADING_HEIGHT = 52
const ROW_HEIGHT = 48
const OVERSCAN = 8

/** A row and where it lies, in the page. */
export type DrawnRow = { index: number; start: number; end: number }

export function useRowWindow(area: RefObject<HTMLElement | null>, items: readonly Item[]) {
  const indexes = useMemo(() => new Map(items.map((item, index) => [item.key, index])), [items])
  const focused = useFocusedRow(area, items, indexes)
  const [margin, setMargin] = useState(0)
  const rangeExtractor = useCallback(
    (range: Range) => {
      const inSight = indexesOf(range)
      const kept = focused.current && indexes.get(focused.current.id)
      if (kept === null || kept === undefined || inSight.includes(kept)) return inSight
      return [...inSight, kept].sort((a, b) => a - b)
    },
    [focused, indexes],
  )
  const rows = useVirtualRows({
    count: items.length,
    estimateSize: index => heightOf(items[index]),
    getItemKey: useKeys(items),
    overscan: OVERSCAN,
    scrollMargin: margin,
    rangeExtractor,
  })
  // The first rows need no measure, which would have the page laid out before they are painted.
  useLayoutEffect(() => {
    if (rows && area.current) setMargin(topOf(area.current))
  })
  const focusTask = useCallback(
    (id: string) => {
      const index = indexes.get(id)
      if (index === undefined) return
      if (focused.current) focused.current = { id, index }
      focusRow(id, () => rows?.scrollToIndex(index, { align: 'center' }))
    },
    [indexes, rows, focused],
  )
  const drawn = rows ? rows.getVirtualItems() : firstRows(items, margin)
  const height = rows ? rows.getTotalSize() : items.reduce((sum, item) => sum + heightOf(item), 0)
  return { drawn, height, measure: rows?.measureElement, margin, focusTask }
}

/** The same function for as long as the keys are the same: another one has all rows reckoned anew. */
function useKeys(items: readonly Item[]): (index: number) => string | number {
  const last = useRef({ items, keyOf: (index: number) => items[index]?.key ?? index })
  const before = last.current.items
  const isSame = items.length === before.length && items.every((item, at) => item.key === before[at]!.key)
  if (!isSame) last.current = { items, keyOf: index => items[index]?.key ?? index }
  return last.current.keyOf
}

const heightOf = (item: Item | undefined) => (item?.kind === 'heading' ? HEADING_HEIGHT : ROW_HEIGHT)

/** What a window can show, from the top. */
function firstRows(items: readonly Item[], margin: number): DrawnRow[] {
  const fitting = Math.ceil(innerHeight / ROW_HEIGHT) + OVERSCAN
  return items.slice(0, fitting).map((_, index) => ({ index, start: margin, end: margin }))
}

function indexesOf({ startIndex, endIndex, overscan, count }: Range): number[] {
  const from = Math.max(startIndex - overscan, 0)
  const to = Math.min(endIndex + overscan, count - 1)
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
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

const topOf = (area: HTMLElement) => Math.round(area.getBoundingClientRect().top + scrollY)
