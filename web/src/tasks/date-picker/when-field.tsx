import { type KeyboardEvent, useId, useState } from 'react'
import { dueLabel } from '../../dates.ts'
import type { PlainDate } from '../../plain-dates.ts'
import type { DateChoice } from '../date-choice.ts'
import { dateOf, timeOf } from '../due.ts'
import { parse } from '../quick-add/parse.ts'
import { recurrenceWords } from '../quick-add/recurrence-words.ts'
import { surroundings } from '../quick-add/understand.ts'
import { dateTexts as texts } from './date-texts.ts'

type Props = { canRepeat: boolean; today: PlainDate; onPick(choice: DateChoice): void }

/** The dates of quick add, typed. What is understood is said; Enter takes it. */
export function WhenField({ canRepeat, today, onPick }: Props) {
  const [text, setText] = useState('')
  const sayingId = useId()
  const understood = text.trim() ? understand(text, canRepeat) : undefined

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (understood) onPick(understood.choice)
  }

  const words = understood && wordsFor(understood, today)
  return (
    <div>
      <input
        type="text"
        className="input min-h-10"
        aria-label={texts.type}
        aria-describedby={sayingId}
        placeholder={texts.example}
        autoComplete="off"
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p id={sayingId} role="status" className="min-h-6 px-1 pt-1 text-[0.8125rem] text-ink-3">
        {words ?? (text.trim() && texts.notUnderstood)}
      </p>
    </div>
  )
}

type Understood = { choice: DateChoice; due: string }

/** Only a line that says nothing but when. */
function understand(text: string, canRepeat: boolean): Understood | undefined {
  const around = surroundings({ lists: [], tags: [] })
  const { title, due, recurrence } = parse(text, around)
  if (!due || title || (recurrence && !canRepeat)) return undefined
  const time = timeOf(due)
  const choice = {
    date: dateOf(due),
    ...(time && { clock: { time, zone: around.zone } }),
    ...(recurrence && { recurrence }),
  }
  return { choice, due }
}

function wordsFor({ choice, due }: Understood, today: PlainDate): string {
  const words = dueLabel(due, today)
  return choice.recurrence
    ? texts.repeated({ due: words, repetition: recurrenceWords(choice.recurrence) })
    : words
}
