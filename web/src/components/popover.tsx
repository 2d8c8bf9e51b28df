import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'

type Props = {
  anchor: Element | null
  /** Its accessible name. */
  label: string
  role?: 'menu' | 'dialog'
  onClose(): void
  onKeyDown?(event: React.KeyboardEvent<HTMLDivElement>): void
  children: ReactNode
}

/**
 * The platform's own popover beside what opened it: Escape and a press elsewhere close it, and the focus goes back.
 * A sheet from below on phones.
 */
export function Popover({ anchor, label, role = 'dialog', onClose, onKeyDown, children }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const element = box.current!
    const opener = document.activeElement
    element.showPopover()
    place(element, anchor)
    const focusable = element.querySelector<HTMLElement>('[autofocus], button, [href], input, [tabindex="0"]')
    focusable?.focus()
    return () => {
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body
      if (element.matches(':popover-open')) element.hidePopover()
      if (hadFocus && opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [anchor])
  useEffect(() => {
    const element = box.current!
    const onToggle = (event: Event) => (event as ToggleEvent).newState === 'closed' && close.current()
    element.addEventListener('toggle', onToggle)
    return () => element.removeEventListener('toggle', onToggle)
  }, [])
  return (
    // biome-ignore lint/a11y: the role is one of the two above
    <div ref={box} popover="auto" className="popover" role={role} aria-label={label} onKeyDown={onKeyDown}>
      {children}
    </div>
  )
}

const ROOM = 8

/** Below its anchor, or above where there is more room; always wholly inside the window. */
function place(element: HTMLElement, anchor: Element | null) {
  if (innerWidth < 640 || !anchor) return
  const { top, bottom, left, right } = anchor.getBoundingClientRect()
  const { width, height } = element.getBoundingClientRect()
  const below = bottom + 4
  const y = below + height + ROOM <= innerHeight ? below : Math.max(ROOM, top - height - 4)
  const isEnd = (left + right) / 2 > innerWidth / 2
  const x = isEnd ? right - width : left
  element.style.top = `${Math.min(y, Math.max(ROOM, innerHeight - height - ROOM))}px`
  element.style.left = `${Math.min(Math.max(ROOM, x), innerWidth - width - ROOM)}px`
  element.style.margin = '0'
}
