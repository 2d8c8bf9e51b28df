import { addMonths, startOfWeek } from '../../calendar.ts'
import { addDays, type PlainDate } from '../../plain-dates.ts'

type Press = { key: string; shiftKey: boolean }

/** The day a key goes to in a grid of days, as the ARIA pattern has it; undefined when it is no such key. */
export function dayAfterKey(
  { key, shiftKey }: Press,
  from: PlainDate,
  place: { firstWeekday: number; isRtl: boolean },
) {
  const weekStart = startOfWeek(from, place.firstWeekday)
  const forward = place.isRtl ? -1 : 1
  const to: Record<string, () => PlainDate> = {
    ArrowLeft: () => addDays(from, -forward),
    ArrowRight: () => addDays(from, forward),
    ArrowUp: () => addDays(from, -7),
    ArrowDown: () => addDays(from, 7),
    Home: () => weekStart,
    End: () => addDays(weekStart, 6),
    PageUp: () => addMonths(from, shiftKey ? -12 : -1),
    PageDown: () => addMonths(from, shiftKey ? 12 : 1),
  }
  return Object.hasOwn(to, key) ? to[key]!() : undefined
}

/** The six weeks around a month, so that the grid keeps its height. */
export function weeksOf(month: PlainDate, firstWeekday: number): PlainDate[][] {
  const first = startOfWeek(`${month.slice(0, 8)}01`, firstWeekday)
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => addDays(first, week * 7 + day)),
  )
}
