import { type SubmitEvent, useCallback, useRef, useState } from 'react'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { SessionEnded } from '../session/session.ts'
import { authFailures } from './auth-failure-texts.ts'
import type { Fault } from './error-summary.tsx'
import { useCountdown } from './use-countdown.ts'

type Form = {
  /** What is wrong before anything is sent. */
  check(): Fault[]
  send(): Promise<unknown>
  /** The field a code is about. */
  fieldOf?(code: string): string | undefined
}

/**
 * Check, send once however often it is pressed, and say what went wrong. Whatever was typed stays. A server that
 * asks to wait is not asked again before.
 */
export function useSubmit({ check, send, fieldOf }: Form) {
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const [busy, setBusy] = useState(false)
  const sending = useRef(false)
  const clear = useCallback(() => setFaults([]), [])
  const { left: wait, start: startWait } = useCountdown(clear)

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (sending.current || wait > 0) return
    const found = check()
    setFaults(found)
    if (found.length > 0) return
    sending.current = true
    setBusy(true)
    try {
      await send()
    } catch (error) {
      if (!(error instanceof SessionEnded)) {
        setFaults([describe(error, fieldOf)])
        startWait(failureOf(error).retryAfter ?? 0)
      }
    }
    sending.current = false
    setBusy(false)
  }

  const errorOf = (fieldId: string) => faults.find(fault => fault.fieldId === fieldId)?.message
  /** What was refused is about what has been changed since. */
  const forget = () => {
    clear()
    startWait(0)
  }
  return { faults, busy, wait, submit, errorOf, forget }
}

function describe(error: unknown, fieldOf: Form['fieldOf']): Fault {
  const failure = failureOf(error)
  const { code } = failure
  const message = Object.hasOwn(authFailures, code)
    ? authFailures[code as keyof typeof authFailures]
    : explain(failure)
  return { fieldId: fieldOf?.(code), message }
}
