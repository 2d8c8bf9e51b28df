/**
 * Which rows are in sight, by @tanstack/react-virtual. Its code is a tenth of all that is loaded before the list
 * stands, so it comes after that: until then the first rows are drawn, which need no reckoning.
 */
import type { Virtualizer, VirtualizerOptions } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { whenIdle } from '../idle.ts'

type Library = typeof import('@tanstack/react-virtual')
type Rows = Virtualizer<Window, Element>
type Options = Pick<
  VirtualizerOptions<Window, Element>,
  'count' | 'estimateSize' | 'getItemKey' | 'overscan' | 'scrollMargin' | 'rangeExtractor'
>

let library: Library | null = null
const load = async () => {
  library ??= await import('@tanstack/react-virtual')
}

/** Null as long as the code for it is not there. */
export function useVirtualRows(options: Options): Rows | null {
  const rerender = useReducer((times: number) => times + 1, 0)[1]
  const [rows, setRows] = useState(() => library && createRows(library, options, rerender))
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    if (rows) return
    let isGone = false
    const start = () => {
      if (!isGone) setRows(createRows(library!, latest.current, rerender))
    }
    const tryAgain = () => {
      if (!isGone) addEventListener('scroll', () => void load().then(start, tryAgain), { once: true })
    }
    whenIdle(() => load().then(start, tryAgain))
    return () => {
      isGone = true
    }
  }, [rows])
  if (rows && library) rows.setOptions(optionsFor(library, options, rerender))
  useLayoutEffect(() => rows?._didMount(), [rows])
  useLayoutEffect(() => rows?._willUpdate())
  return rows
}

let isMeasuring = false

function createRows(from: Library, options: Options, rerender: () => void): Rows {
  const rows = new from.Virtualizer<Window, Element>(optionsFor(from, options, rerender))
  const { measureElement } = rows
  rows.measureElement = node => {
    isMeasuring = true
    measureElement(node)
    isMeasuring = false
  }
  return rows
}

/** As the library's own hook has them. React refuses to render at once from within a ref, where rows are measured. */
function optionsFor(
  from: Library,
  options: Options,
  rerender: () => void,
): VirtualizerOptions<Window, Element> {
  return {
    getScrollElement: () => window,
    observeElementRect: from.observeWindowRect,
    observeElementOffset: from.observeWindowOffset,
    scrollToFn: from.windowScroll,
    initialOffset: () => scrollY,
    initialRect: { width: innerWidth, height: innerHeight },
    onChange: (_, isScrolling) => (isScrolling && !isMeasuring ? flushSync(rerender) : rerender()),
    ...options,
  }
}
