import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Popover } from './popover.tsx'

type MenuProps = { anchor: Element | null; label: string; onClose(): void; children: ReactNode }

/** ARIA's menu: arrows move, Enter chooses, a letter finds. */
export function Menu({ anchor, label, onClose, children }: MenuProps) {
  return (
    <Popover
      role="menu"
      anchor={anchor}
      label={label}
      onClose={onClose}
      onKeyDown={event => moveFocus(event, onClose)}
    >
      {children}
    </Popover>
  )
}

type ItemProps = {
  Icon?: LucideIcon
  /** Instead of an icon. */
  mark?: ReactNode
  label: string
  keys?: string
  danger?: boolean
  checked?: boolean
  onChoose(): void
}

export function MenuItem({ Icon, mark, label, keys, danger, checked, onChoose }: ItemProps) {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: only a menuitemradio is given it
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={checked}
      tabIndex={-1}
      className={`menu-item ${danger ? 'text-danger' : ''}`}
      onClick={onChoose}
    >
      {Icon ? <Icon size={17} aria-hidden="true" /> : mark}
      <span className="flex-1 text-start wrap-anywhere">{label}</span>
      {keys && (
        <span className="kbd" aria-hidden="true">
          {keys}
        </span>
      )}
    </button>
  )
}

export const MenuLine = () => <hr className="menu-line" />

function moveFocus(event: React.KeyboardEvent<HTMLDivElement>, onClose: () => void) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const next = targetOf(event, items, at)
  if (event.key === 'Tab') onClose()
  if (!next) return
  event.preventDefault()
  next.focus()
}

function targetOf({ key, ctrlKey, metaKey, altKey }: React.KeyboardEvent, items: HTMLElement[], at: number) {
  if (key === 'ArrowDown') return items[(at + 1) % items.length]
  if (key === 'ArrowUp') return items.at(at - 1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return undefined
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)]
  return after.find(item => item.textContent.toLowerCase().startsWith(key.toLowerCase()))
}
