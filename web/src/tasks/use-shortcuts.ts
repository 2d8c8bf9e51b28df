import { useEffect, useRef } from 'react'
import { newestWithAction, takeAction } from '../components/toasts.ts'
import { useSingleKeys } from '../preferences.ts'

export type Shortcuts = Record<string, () => void>

/** Single keys act outside of text fields and dialogs, and can be switched off (WCAG 2.1.4). */
export function useShortcuts(shortcuts: Shortcuts) {
  const enabled = useSingleKeys()
  const current = useRef(shortcuts)
  current.current = shortcuts
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target) || isDialogOpen()) return
      const act = findAct(event, enabled ? current.current : {})
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [enabled])
}

function findAct(event: KeyboardEvent, singleKeys: Shortcuts): (() => void) | undefined {
  const withModifier = event.ctrlKey || event.metaKey
  if (withModifier && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z') {
    const undoable = newestWithAction()
    return undoable && (() => takeAction(undoable.id))
  }
  if (withModifier || event.altKey) return undefined
  return singleKeys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=checkbox], [type=radio]), textarea, select') !== null
  )
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null
}
