import { sayWait } from './say-wait.ts'

type Props = {
  label: string
  busyLabel: string
  busy: boolean
  /** Seconds until the server takes another attempt. */
  wait: number
  className?: string
}

/** Stays in reach while it can do nothing, so that the focus has a place; the time left is on it. */
export function SubmitButton({ label, busyLabel, busy, wait, className = 'btn-primary' }: Props) {
  return (
    <button type="submit" className={`btn ${className}`} aria-disabled={busy || wait > 0}>
      {busy ? busyLabel : wait > 0 ? <span className="tabular-nums">{sayWait(wait)}</span> : label}
    </button>
  )
}
