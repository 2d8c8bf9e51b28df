import { useEffect } from 'react'
import { taskIdAt } from './row-focus.ts'
import { getSelection, startSelecting, toggleSelected } from './selection.ts'

/** Shorter than a browser's own long press, which would begin to select text. */
const LONG = 400
/** A finger never lies quite still. In pixels. */
const STILL = 10

/** A finger that rests on a row selects it. One that moves scrolls, and what a mouse does is not concerned. */
export function useLongPress(isWanted: boolean) {
  useEffect(() => {
    if (!isWanted) return
    const stop = new AbortController()
    const listen = <Kind extends keyof WindowEventMap>(
      kinds: readonly Kind[],
      listener: (event: WindowEventMap[Kind]) => void,
    ) => {
      for (const kind of kinds) addEventListener(kind, listener, { capture: true, signal: stop.signal })
    }
    let press: { x: number; y: number; timer: ReturnType<typeof setTimeout> } | null = null
    let hasSelected = false
    const end = () => {
      clearTimeout(press?.timer)
      press = null
    }

    listen(['pointerdown'], ({ target, isPrimary, pointerType, clientX: x, clientY: y }) => {
      end()
      hasSelected = false
      const id = pointerType === 'touch' && isPrimary && rowUnder(target)
      if (!id) return
      const select = () => {
        hasSelected = true
        selectByPress(id)
      }
      press = { x, y, timer: setTimeout(select, LONG) }
    })
    listen(['pointermove'], ({ clientX, clientY }) => {
      if (press && Math.hypot(clientX - press.x, clientY - press.y) > STILL) end()
    })
    listen(['pointerup', 'pointercancel'], end)
    listen(['scroll'], end)
    // What ends a long press is neither a tap nor a wish for the browser's menu.
    listen(['click', 'contextmenu'], event => {
      // A click without a pointer is made by a key.
      const isOwn = event.type !== 'click' || event.detail > 0
      if (!hasSelected || !isOwn || !rowUnder(event.target)) return
      event.preventDefault()
      event.stopPropagation()
    })
    return () => {
      end()
      stop.abort()
    }
  }, [isWanted])
}

/** Words that are being edited, and whatever opens a menu by itself, keep the browser's own long press. */
function rowUnder(target: EventTarget | null): string | null {
  const element = target instanceof Element ? target : null
  return element?.closest('a, textarea, input:not([type=checkbox])') ? null : taskIdAt(element)
}

function selectByPress(id: string) {
  if (getSelection().boxes) toggleSelected(id)
  else startSelecting(id)
  navigator.vibrate?.(10)
}
