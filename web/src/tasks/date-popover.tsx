import './date-picker/date-popover.css'
import { CalendarClock, CalendarX, type LucideIcon, Sofa, Sun, Sunrise } from 'lucide-react'
import { useState } from 'react'
import { MONDAY, nextWeekday, SATURDAY, weekdayOf } from '../calendar.ts'
import { Popover } from '../components/popover.tsx'
import { dayWords, dueLabel, longDate } from '../dates.ts'
import { addDays, type PlainDate } from '../plain-dates.ts'
import { useToday } from '../today.ts'
import { ownZone } from '../zone.ts'
import { say } from './actions.ts'
import { changeTo, type DateChoice } from './date-choice.ts'
import { Calendar } from './date-picker/calendar.tsx'
import { dateTexts as texts } from './date-picker/date-texts.ts'
import { RepeatField } from './date-picker/repeat-field.tsx'
import { type ClockTime, TimeField } from './date-picker/time-field.tsx'
import { WhenField } from './date-picker/when-field.tsx'
import { dateOf, timeOf } from './due.ts'
import { organizingTexts } from './organizing-texts.ts'
import type { OverlayProps } from './overlays.ts'
import { firstDate, readRule } from './quick-add/recurrence.ts'
import { clearSelection } from './selection.ts'
import type { Recurrence, Task } from './task.ts'
import { useActions } from './task-services.ts'

/** For one task, or for many at once: what differs between them stays as it is unless it is chosen. */
export default function DateOverlay({ tasks, anchor, onClose }: OverlayProps<'date'>) {
  const actions = useActions()
  const today = useToday()
  const [first] = tasks
  const isSame = tasks.every(task => task.due === first?.due)
  const pick = (choice: DateChoice) => {
    onClose()
    const { length } = tasks
    const change = (task: Task) => changeTo(choice, task)
    const due = first && change(first).due
    const text = due
      ? organizingTexts.due(length, { when: whenWords(due, today) })
      : organizingTexts.undated(length)
    actions.change(tasks, change, say(text, tasks))
    clearSelection()
  }
  return (
    <DatePopover
      due={isSame ? (first?.due ?? null) : null}
      canClear={tasks.some(task => task.due !== null)}
      recurrence={tasks.length === 1 ? first!.recurrence : undefined}
      {...{ anchor, onClose }}
      onPick={pick}
    />
  )
}

/** Within the sentence of a toast. */
const whenWords = (due: string, today: PlainDate) =>
  timeOf(due) ? dueLabel(due, today) : dayWords(dateOf(due), today)

type Props = {
  due: string | null
  /** Some have a date that can be taken away. */
  canClear?: boolean
  /** Undefined where a repetition cannot be chosen. */
  recurrence: Recurrence | null | undefined
  anchor: Element | null
  onPick(choice: DateChoice): void
  onClose(): void
}

/** A date by a press, a phrase or a calendar; with it a time and a repetition. A sheet from below on phones. */
export function DatePopover({ due, canClear = due !== null, recurrence, anchor, onPick, onClose }: Props) {
  const today = useToday()
  const [clock, setClock] = useState<ClockTime | null | undefined>(undefined)
  const [repeats, setRepeats] = useState(recurrence)
  const date = due && dateOf(due)
  const shownClock = clock === undefined ? clockOf(due) : clock
  const isTouched = clock !== undefined || repeats !== recurrence
  const choice = (chosen: PlainDate | null): DateChoice => ({
    date: chosen,
    ...(clock !== undefined && { clock }),
    ...(repeats !== recurrence && { recurrence: repeats ?? null }),
  })
  const isTyping = matchMedia('(pointer: fine)').matches
  const field = <WhenField canRepeat={recurrence !== undefined} {...{ today, onPick }} />
  return (
    <Popover label={texts.title} {...{ anchor, onClose }}>
      <div className="date-popover">
        {isTyping && field}
        <QuickDays today={today} onPick={day => onPick(choice(day))} />
        {!isTyping && field}
        <Calendar selected={date} today={today} onPick={day => onPick(choice(day))} />
        <TimeField clock={shownClock} ownZone={ownZone()} onChange={setClock} />
        {repeats !== undefined && (
          <RepeatField recurrence={repeats} date={date ?? today} onChange={setRepeats} />
        )}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <button
            type="button"
            className="date-day"
            disabled={!canClear}
            onClick={() => onPick(choice(null))}
          >
            <CalendarX size={17} aria-hidden="true" />
            {texts.none}
          </button>
          {isTouched && (
            <button
              type="button"
              className="btn btn-primary"
              onClick={() => onPick(choice(date ?? startOf(repeats, today)))}
            >
              {texts.done}
            </button>
          )}
        </div>
      </div>
    </Popover>
  )
}

type QuickDaysProps = { today: PlainDate; onPick(date: PlainDate): void }

function QuickDays({ today, onPick }: QuickDaysProps) {
  const weekend = weekdayOf(today) >= SATURDAY ? today : nextWeekday(today, SATURDAY)
  const days: [LucideIcon, string, PlainDate][] = [
    [Sun, texts.today, today],
    [Sunrise, texts.tomorrow, addDays(today, 1)],
    [Sofa, texts.weekend, weekend],
    [CalendarClock, texts.nextWeek, nextWeekday(today, MONDAY)],
  ]
  return (
    <div className="date-days">
      {days.map(([Icon, label, date]) => (
        <button
          key={label}
          type="button"
          className="date-day"
          title={longDate(date, today)}
          onClick={() => onPick(date)}
        >
          <Icon size={17} aria-hidden="true" />
          {label}
        </button>
      ))}
    </div>
  )
}

/** A repetition without a date begins with the first day it names. */
function startOf(recurrence: Recurrence | null | undefined, today: PlainDate): PlainDate {
  const repetition = recurrence && readRule(recurrence.rule)
  return repetition ? firstDate(repetition, today) : today
}

function clockOf(due: string | null): ClockTime | null {
  const time = due && timeOf(due)
  return time ? { time, zone: /\[(.+)\]$/.exec(due)?.[1] ?? ownZone() } : null
}
