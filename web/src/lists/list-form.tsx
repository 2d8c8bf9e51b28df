import { useState } from 'react'
import { ErrorSummary } from '../components/error-summary.tsx'
import { Field } from '../components/field.tsx'
import { useSubmit } from '../components/use-submit.ts'
import type { Color } from '../tasks/task.ts'
import { ColorField } from './color-field.tsx'
import { listTexts } from './list-texts.ts'

export type ListContent = { name: string; color: Color }

type Props = {
  content: ListContent
  submitLabel: string
  onSubmit(content: ListContent): void
  onCancel(): void
  onRemove?: (() => void) | undefined
}

const LONGEST_NAME = 100

export function ListForm({ content, submitLabel, onSubmit, onCancel, onRemove }: Props) {
  const [name, setName] = useState(content.name)
  const [color, setColor] = useState(content.color)
  const { faults, busy, submit, errorOf } = useSubmit({
    check: () => findFaults(name),
    send: async () => onSubmit({ name: name.trim(), color }),
  })
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <ErrorSummary faults={faults} />
      <Field
        id="list-name"
        label={listTexts.name}
        error={errorOf('list-name')}
        autoFocus
        autoComplete="off"
        enterKeyHint="done"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <ColorField value={color} onChange={setColor} />
      <div className="flex flex-wrap justify-end gap-2">
        {onRemove && (
          <button type="button" className="btn btn-danger me-auto" onClick={onRemove}>
            {listTexts.remove}
          </button>
        )}
        <button type="button" className="btn btn-quiet" onClick={onCancel}>
          {listTexts.cancel}
        </button>
        <button type="submit" className="btn btn-primary" aria-disabled={busy}>
          {submitLabel}
        </button>
      </div>
    </form>
  )
}

function findFaults(name: string) {
  const over = [...name.trim()].length - LONGEST_NAME
  if (!name.trim()) return [{ fieldId: 'list-name', message: listTexts.nameMissing }]
  return over > 0 ? [{ fieldId: 'list-name', message: listTexts.nameTooLong(over) }] : []
}
