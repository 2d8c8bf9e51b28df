// When a task that recurs is due again. Counted in days: what a due has of a time of day and a zone is kept as it is.
import { RRuleTemporal } from 'rrule-temporal'
import type { Recurrence } from './contract.ts'
import { dateOf, zoneOf } from './due.ts'
import { formatRule, parseRule, type RuleParts } from './recurrence-rule.ts'

/** Far enough for a 29th of February, and the end of every search. */
const HORIZON = { years: 10 }
/** A search that has looked at so much is given up: the longest takes some milliseconds. */
const EFFORT = { maxIterations: 4_000, maxCandidateEvaluations: 10_000 }

interface Occurrence {
  due: string
  /** What is left of a rule that ends after so many times. */
  rule: string
}

/**
 * By schedule: the first day of the rule after `due` that is not past when the task is completed. After completion:
 * the first day of the rule, counted from the day of completion, after that day. Days are those of the due's zone,
 * and of UTC when it has none. Null when the rule has come to its end.
 */
export function nextOccurrence(
  due: string,
  { rule, from }: Recurrence,
  completedAt: Date,
): Occurrence | null {
  const { COUNT, UNTIL, ...parts } = parseRule(rule)!
  if (COUNT === '1') return null
  const completed = dayIn(zoneOf(due) ?? 'UTC', completedAt)
  const scheduled = Temporal.PlainDate.from(dateOf(due))
  const start = from === 'schedule' ? scheduled : completed
  const earliest = from === 'schedule' ? later(start.add({ days: 1 }), completed) : start.add({ days: 1 })
  const day = firstDay(parts, start, earliest, UNTIL)
  if (!day || day.year > 9999) return null
  const ending: RuleParts = UNTIL ? { UNTIL } : COUNT ? { COUNT: String(Number(COUNT) - 1) } : {}
  return { due: `${day}${due.slice(10)}`, rule: formatRule({ ...parts, ...ending }) }
}

/** As many days later or earlier as there are between two others. */
export function shiftDue(due: string, from: string, to: string): string {
  const days = Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days
  const shifted = Temporal.PlainDate.from(dateOf(due)).add({ days })
  return shifted.year > 9999 ? due : `${shifted}${due.slice(10)}`
}

function firstDay(
  parts: RuleParts,
  start: Temporal.PlainDate,
  earliest: Temporal.PlainDate,
  until: string | undefined,
): Temporal.PlainDate | null {
  const end = until ? Temporal.PlainDate.from(until.slice(0, 8)) : undefined
  const horizon = earliest.add(HORIZON)
  const last = end && isBefore(end, horizon) ? end : horizon
  if (isBefore(last, earliest)) return null
  try {
    const rule = new RRuleTemporal({
      rruleString: formatRule(parts),
      dtstart: midnight(start),
      until: midnight(last),
      ...EFFORT,
    })
    return rule.next(midnight(earliest), true)?.toPlainDate() ?? null
  } catch {
    // More effort than a rule is worth, or parts the library finds impossible together: it has no next day.
    return null
  }
}

function dayIn(zone: string, moment: Date): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).toPlainDate()
}

function midnight(day: Temporal.PlainDate): Temporal.ZonedDateTime {
  return day.toZonedDateTime('UTC')
}

function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return isBefore(a, b) ? b : a
}
