import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { addMonths, partsOf } from '../../calendar.ts'
import { firstDayOfWeek, monthLabel, weekdayColumns } from '../../calendar-words.ts'
import { longDate } from '../../dates.ts'
import type { PlainDate } from '../../plain-dates.ts'
import { dayAfterKey, weeksOf } from './calendar-keys.ts'
import { dateTexts as texts } from './date-texts.ts'

type Props = { selected: PlainDate | null; today: PlainDate; onPick(date: PlainDate): void }

/** A grid of days by the ARIA pattern: one of them is in the tab order, keys move from day to day. */
export function Calendar({ selected, today, onPick }: Props) {
  const [focused, setFocused] = useState(selected ?? today)
  const grid = useRef<HTMLTableElement>(null)
  const isMoving = useRef(false)
  const headingId = useId()

  useEffect(() => {
    if (isMoving.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
    isMoving.current = false
  })

  function onKeyDown(event: KeyboardEvent<HTMLTableElement>) {
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const next = dayAfterKey(event, focused, { firstWeekday: firstDayOfWeek(), isRtl })
    if (!next) return
    event.preventDefault()
    isMoving.current = true
    setFocused(next)
  }

  const turn = (months: number) => () => setFocused(addMonths(focused, months))
  return (
    <div className="calendar">
      <div className="flex items-center">
        <h2 id={headingId} aria-live="polite" className="flex-1 ps-1.5 font-semibold">
          {monthLabel(focused)}
        </h2>
        <button type="button" className="icon-btn" aria-label={texts.previousMonth} onClick={turn(-1)}>
          <ChevronLeft size={18} aria-hidden="true" className="rtl:rotate-180" />
        </button>
        <button type="button" className="icon-btn" aria-label={texts.nextMonth} onClick={turn(1)}>
          <ChevronRight size={18} aria-hidden="true" className="rtl:rotate-180" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA pattern of a grid of days */}
      <table ref={grid} role="grid" aria-labelledby={headingId} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weekdayColumns().map(({ short, long }) => (
              <th key={long} scope="col" abbr={long}>
                {short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(focused, firstDayOfWeek()).map(week => (
            <tr key={week[0]}>
              {week.map(date => (
                <Day key={date} {...{ date, focused, selected, today, onPick }} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type DayProps = Props & { date: PlainDate; focused: PlainDate }

function Day({ date, focused, selected, today, onPick }: DayProps) {
  const isOutside = date.slice(0, 7) !== focused.slice(0, 7)
  return (
    <td>
      <button
        type="button"
        className={`calendar-day ${isOutside ? 'calendar-outside' : ''}`}
        tabIndex={date === focused ? 0 : -1}
        aria-label={longDate(date, today)}
        aria-pressed={date === selected}
        aria-current={date === today ? 'date' : undefined}
        onClick={() => onPick(date)}
      >
        {partsOf(date).day}
      </button>
    </td>
  )
}
