import { Check } from 'lucide-react'
import { useId } from 'react'
import { COLORS, type Color } from '../tasks/task.ts'
import { listTexts } from './list-texts.ts'

type Props = { value: Color; onChange(color: Color): void }

export function ColorField({ value, onChange }: Props) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{listTexts.color}</legend>
      <div className="grid w-fit grid-cols-5 sm:grid-cols-10">
        {COLORS.map(color => (
          <label key={color} className="swatch" title={listTexts[color]} data-color={color}>
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === color}
              onChange={() => onChange(color)}
            />
            <span className="sr-only">{listTexts[color]}</span>
            <span className="swatch-dot" aria-hidden="true">
              <Check size={16} />
            </span>
          </label>
        ))}
      </div>
      <p className="mt-1 text-sm text-ink-3" aria-hidden="true">
        {listTexts[value]}
      </p>
    </fieldset>
  )
}
