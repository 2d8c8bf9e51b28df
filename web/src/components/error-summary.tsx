import { useEffect, useRef } from 'react'
import { formTexts } from './form-texts.ts'

/** Which field, and what is wrong with it. A fault of no field has no id. */
export type Fault = { fieldId?: string; message: string }

/** Says all that is wrong above the form and takes the focus; each line leads to its field. */
export function ErrorSummary({ faults }: { faults: readonly Fault[] }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (faults.length > 0) box.current?.focus()
  }, [faults])
  if (faults.length === 0) return null
  const [first] = faults
  return (
    <div ref={box} role="alert" tabIndex={-1} className="note note-danger">
      {faults.length === 1 && !first?.fieldId ? (
        <p>{first?.message}</p>
      ) : (
        <>
          <p className="font-semibold">{formTexts.problems(faults.length)}</p>
          <ul className="mt-1 grid gap-0.5">
            {faults.map(fault => (
              <li key={fault.message}>
                <FaultLink {...fault} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function FaultLink({ fieldId, message }: Fault) {
  if (!fieldId) return message
  const follow = (event: React.MouseEvent) => {
    event.preventDefault()
    document.getElementById(fieldId)?.focus()
  }
  return (
    <a href={`#${fieldId}`} onClick={follow} className="underline underline-offset-2">
      {message}
    </a>
  )
}
