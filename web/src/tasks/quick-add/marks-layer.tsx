import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { Span } from './parse.ts'

type Props = { text: string; spans: readonly Span[]; input: RefObject<HTMLInputElement | null> }

/** The same text behind the field, unseen itself: it only carries the marks, and scrolls as the field does. */
export function Marks({ text, spans, input }: Props) {
  const layer = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => follow(layer.current, input.current))
  useEffect(() => {
    const field = input.current
    const scroll = () => follow(layer.current, field)
    // A field scrolls after the caret has moved, and not every browser says so.
    const later = () => requestAnimationFrame(scroll)
    field?.addEventListener('scroll', scroll)
    document.addEventListener('selectionchange', later)
    return () => {
      field?.removeEventListener('scroll', scroll)
      document.removeEventListener('selectionchange', later)
    }
  }, [input])
  return (
    <div className="quick-add-marks" aria-hidden="true">
      <div ref={layer}>
        {spans.map(({ kind, start, end }) =>
          kind === 'text' ? (
            text.slice(start, end)
          ) : (
            <mark key={start} className={`quick-mark quick-mark-${kind}`}>
              {text.slice(start, end)}
            </mark>
          ),
        )}
      </div>
    </div>
  )
}

function follow(layer: HTMLElement | null, field: HTMLInputElement | null) {
  if (layer && field) layer.style.translate = `${-field.scrollLeft}px`
}
