import { useId } from 'react'
import type { Task } from '../tasks/task.ts'
import { editorTexts } from './editor-texts.ts'

type Props = { value: Task['priority']; onChange(priority: Task['priority']): void }

export function PriorityField({ value, onChange }: Props) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{editorTexts.priority}</legend>
      <div className="segments segments-wide">
        {([1, 2, 3, 4] as const).map(priority => (
          <label key={priority} className="segment">
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === priority}
              onChange={() => onChange(priority)}
            />
            <span className="priority-ring" data-priority={priority} aria-hidden="true" />
            {priorityName(priority)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function priorityName(priority: Task['priority']): string {
  return editorTexts[`priority${priority}`]
}
