/** Moments in words, in the reader's language and time zone. */

const day = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const thisYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const anyYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** "14:05" today, "yesterday", "12 Nov", "12 Nov 2025". */
export function shortMoment(iso: string, now = new Date()): string {
  const moment = new Date(iso)
  const days = calendarDaysBetween(moment, now)
  if (days === 0) return time.format(moment)
  if (days === 1) return day.format(-1, 'day')
  return (moment.getFullYear() === now.getFullYear() ? thisYear : anyYear).format(moment)
}

export function wholeMoment(iso: string): string {
  return whole.format(new Date(iso))
}

function calendarDaysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((midnight(to) - midnight(from)) / 86_400_000)
}
