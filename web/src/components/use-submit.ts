import { type SubmitEvent, useRef, useState } from 'react'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { SessionEnded } from '../session/session.ts'
import type { Fault } from './error-summary.tsx'

type Form = {
  /** What is wrong before anything is sent. */
  check(): Fault[]
  send(): Promise<unknown>
  /** The field a code is about. */
  fieldOf?(code: string): string | undefined
}

/** Check, send once however often it is pressed, and say what went wrong. Whatever was typed stays. */
export function useSubmit({ check, send, fieldOf }: Form) {
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const [busy, setBusy] = useState(false)
  const sending = useRef(false)

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (sending.current) return
    const found = check()
    setFaults(found)
    if (found.length > 0) return
    sending.current = true
    setBusy(true)
    try {
      await send()
    } catch (error) {
      if (!(error instanceof SessionEnded)) setFaults([describe(error, fieldOf)])
    }
    sending.current = false
    setBusy(false)
  }

  const errorOf = (fieldId: string) => faults.find(fault => fault.fieldId === fieldId)?.message
  return { faults, busy, submit, errorOf, clear: () => setFaults([]) }
}

function describe(error: unknown, fieldOf: Form['fieldOf']): Fault {
  const failure = failureOf(error)
  return { fieldId: fieldOf?.(failure.code), message: explain(failure) }
}
