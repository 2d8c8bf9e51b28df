import { CalendarDays, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { dueLabel } from '../dates.ts'
import { changeTo, type DateChoice } from '../tasks/date-choice.ts'
import { DatePopover } from '../tasks/date-popover.tsx'
import { useToday } from '../today.ts'
import type { Content } from './content.ts'
import { editorTexts } from './editor-texts.ts'

type Props = Pick<Content, 'due' | 'recurrence'> & {
  onChange(change: Partial<Pick<Content, 'due' | 'recurrence'>>): void
}

/** The date in words; a press opens what it is picked with. */
export function DueField({ due, recurrence, onChange }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const today = useToday()
  const pick = (choice: DateChoice) => {
    setOpen(false)
    onChange(changeTo(choice, { due, recurrence }))
  }
  return (
    <div className="grid min-w-0 grid-cols-1 content-start gap-1.5">
      <span id={`${id}-label`} className="font-medium">
        {editorTexts.due}
      </span>
      <div className="relative">
        <button
          ref={button}
          id={id}
          type="button"
          className={`input flex items-center gap-2.5 text-start ${due ? 'pe-11' : 'text-ink-3'}`}
          aria-labelledby={`${id}-label ${id}`}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => setOpen(true)}
        >
          <CalendarDays size={17} aria-hidden="true" className="text-ink-3" />
          {due ? dueLabel(due, today) : editorTexts.noDue}
        </button>
        {due && (
          <button
            type="button"
            className="icon-btn field-x"
            aria-label={editorTexts.removeDue}
            // A repetition needs a date to count from.
            onClick={() => {
              onChange({ due: null, recurrence: null })
              button.current?.focus()
            }}
          >
            <X size={17} aria-hidden="true" />
          </button>
        )}
      </div>
      {isOpen && (
        <DatePopover
          due={due}
          recurrence={recurrence}
          anchor={button.current}
          onPick={pick}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  )
}
