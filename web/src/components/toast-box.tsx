import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { texts } from '../texts.ts'
import { type Toast, takeAction } from './toasts.ts'

const LIFETIME = 8_000
const AFTER_DIALOG = 2_000

type Props = { toast: Toast; onClose(): void }

export default function ToastBox({ toast, onClose }: Props) {
  const [held, setHeld] = useState(false)
  useCountdown(held, onClose)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only pauses the countdown; the buttons do the work
    <div
      className="toast"
      role={toast.tone === 'danger' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="min-w-0 flex-[1_1_8rem] py-1">
        <span className="block font-semibold">{toast.text}</span>
        {toast.detail && <span className="block text-sm wrap-anywhere opacity-85">{toast.detail}</span>}
      </p>
      {toast.action && (
        <button type="button" className="toast-btn" onClick={() => takeAction(toast.id)}>
          {toast.action.label}
        </button>
      )}
      <button type="button" className="toast-btn px-0" aria-label={texts.dismiss} onClick={onClose}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}

/** Stands still while held, and goes on from where it was. */
function useCountdown(held: boolean, onZero: () => void) {
  const left = useRef(LIFETIME)
  const finish = useRef(onZero)
  finish.current = onZero
  useEffect(() => {
    if (held) return
    const started = performance.now()
    // Behind a dialog nobody can reach the toast, so its time is not up before the dialog is gone.
    const end = () => {
      if (document.querySelector('dialog[open]')) timer = setTimeout(end, AFTER_DIALOG)
      else finish.current()
    }
    let timer = setTimeout(end, left.current)
    return () => {
      clearTimeout(timer)
      left.current -= performance.now() - started
    }
  }, [held])
}
