import { type ReactNode, useEffect, useId, useRef } from 'react'

type Props = {
  title: string
  /** Without it the dialog stays until whoever shows it takes it away. */
  onClose?(): void
  children: ReactNode
}

/**
 * The platform's own modal dialog: focus stays inside, the rest is inert, Escape closes, and the focus goes back to
 * where it was. A sheet from below on phones.
 */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    if (element) open(element)
    return () => {
      element?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      {...(!onClose && { closedby: 'none' })}
      onCancel={event => {
        event.preventDefault()
        onClose?.()
      }}
      onClose={({ currentTarget }) => {
        // Without `closedby`, a second Escape closes any dialog.
        if (!onClose && currentTarget.isConnected && !currentTarget.open) open(currentTarget)
      }}
      onPointerDown={event => {
        if (event.target === event.currentTarget && isOutside(event)) onClose?.()
      }}
    >
      <h2 id={titleId} className="mb-4 font-display text-2xl font-medium tracking-[-0.01em]">
        {title}
      </h2>
      {children}
    </dialog>
  )
}

/** The focus goes to what asks for it, else to the first thing that can have it. */
function open(dialog: HTMLDialogElement) {
  dialog.showModal()
  const first = dialog.querySelector<HTMLElement>('[data-autofocus]')
  first?.focus()
  // What is only to be read is read from its beginning.
  if (first && first.tabIndex < 0) dialog.scrollTop = 0
}

/** A press on the backdrop reaches the dialog itself; only its place tells the two apart. */
function isOutside({ currentTarget, clientX, clientY }: React.PointerEvent): boolean {
  const box = currentTarget.getBoundingClientRect()
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom
}
