import { type ComponentProps, type ReactNode, useId } from 'react'

type Described = { label: string; error?: string | null; hint?: ReactNode }
type InputProps = Described & Omit<ComponentProps<'input'>, 'id'> & { id?: string; after?: ReactNode }
type AreaProps = Described & Omit<ComponentProps<'textarea'>, 'id'> & { id?: string }

/** Label, hint and error in one place, tied together for assistive technology. */
export function Field({ label, error, hint, after, id: given, className = '', ...input }: InputProps) {
  const own = useId()
  const id = given ?? own
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative">
        <input id={id} className={`input ${className}`} {...describedBy(id, error, hint)} {...input} />
        {after}
      </div>
      <Notes id={id} error={error} hint={hint} />
    </div>
  )
}

export function TextArea({ label, error, hint, id: given, className = '', ...area }: AreaProps) {
  const own = useId()
  const id = given ?? own
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea id={id} className={`input ${className}`} {...describedBy(id, error, hint)} {...area} />
      <Notes id={id} error={error} hint={hint} />
    </div>
  )
}

function Notes({ id, error, hint }: { id: string } & Omit<Described, 'label'>) {
  return (
    <>
      {error && (
        <p id={`${id}-error`} className="text-sm text-danger">
          {error}
        </p>
      )}
      {hint && (
        <div id={`${id}-hint`} className="text-sm text-ink-3">
          {hint}
        </div>
      )}
    </>
  )
}

function describedBy(id: string, error: Described['error'], hint: ReactNode) {
  const notes = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return { 'aria-invalid': error ? true : undefined, 'aria-describedby': notes || undefined }
}
