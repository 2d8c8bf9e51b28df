import { Ellipsis } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useRef } from 'react'

export type MenuItem = {
  label: string
  icon?: ReactNode
  run(): void
  disabled?: boolean
  tone?: 'danger'
}

type Props = { label: string; items: readonly MenuItem[]; className?: string }

const GAP = 4

/** A button and its menu: the platform's own popover, so that it works above a modal dialog and inside it. */
export function Menu({ label, items, className = '' }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  function onToggle(event: ToggleEvent) {
    if (event.newState !== 'open') return
    place(menu.current!, button.current!)
    itemsOf(menu.current!)[0]?.focus()
  }
  function choose(item: MenuItem) {
    if (item.disabled) return
    menu.current?.hidePopover()
    button.current?.focus()
    item.run()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        className={`icon-btn ${className}`}
        aria-label={label}
        aria-haspopup="menu"
      >
        <Ellipsis size={18} aria-hidden="true" />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onToggle={onToggle}
        onKeyDown={moveFocus}
      >
        {items.map(item => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className="menu-item"
            data-tone={item.tone}
            aria-disabled={item.disabled}
            onClick={() => choose(item)}
          >
            {item.icon}
            {item.label}
          </button>
        ))}
      </div>
    </>
  )
}

const itemsOf = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')]

/** Below the button, or above it where there is no room. */
function place(menu: HTMLElement, button: HTMLElement) {
  const anchor = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const below = anchor.bottom + GAP
  const top = below + height > innerHeight ? Math.max(GAP, anchor.top - height - GAP) : below
  const isRightToLeft = getComputedStyle(button).direction === 'rtl'
  const left = isRightToLeft ? anchor.left : anchor.right - width
  menu.style.top = `${top}px`
  menu.style.left = `${Math.min(Math.max(GAP, left), innerWidth - width - GAP)}px`
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const items = itemsOf(event.currentTarget)
  const at = items.indexOf(document.activeElement as HTMLElement)
  const next = {
    ArrowDown: items[(at + 1) % items.length],
    ArrowUp: items.at(at - 1),
    Home: items[0],
    End: items.at(-1),
  }[event.key]
  if (event.key === 'Tab') event.currentTarget.hidePopover()
  if (!next) return
  event.preventDefault()
  event.stopPropagation()
  next.focus()
}
