// Which RFC 5545 rules a task may repeat by: days and no smaller unit, and numbers small enough that looking for the
// next day is never long.
import { isDate } from './due.ts'

const MAX_LENGTH = 200
const WEEKDAY = '(?:MO|TU|WE|TH|FR|SA|SU)'
const listOf = (item: string) => new RegExp(`^${item}(?:,${item})*$`)
const signed = (number: string) => listOf(`[+-]?(?:${number})`)

const PARTS: Record<string, RegExp> = {
  FREQ: /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,2}$/,
  UNTIL: /^\d{8}(?:T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?)?$/,
  WKST: new RegExp(`^${WEEKDAY}$`),
  BYDAY: listOf(`(?:[+-]?(?:[1-9]|[1-4]\\d|5[0-3]))?${WEEKDAY}`),
  BYMONTHDAY: signed('[1-9]|[12]\\d|3[01]'),
  BYMONTH: listOf('(?:[1-9]|1[0-2])'),
  BYSETPOS: signed('[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6]'),
  BYYEARDAY: signed('[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6]'),
  BYWEEKNO: signed('[1-9]|[1-4]\\d|5[0-3]'),
}

export type RuleParts = Record<string, string>

/** Null when it is no rule a task may repeat by. */
export function parseRule(rule: string): RuleParts | null {
  if (rule.length > MAX_LENGTH) return null
  const pairs = rule.split(';').map(part => part.split('='))
  if (!pairs.every(([name = '', value = '', ...more]) => more.length === 0 && isPart(name, value)))
    return null
  const parts = Object.fromEntries(pairs) as RuleParts
  return Object.keys(parts).length === pairs.length && fitTogether(parts) ? parts : null
}

function isPart(name: string, value: string): boolean {
  return Object.hasOwn(PARTS, name) && PARTS[name]!.test(value)
}

export function formatRule(parts: RuleParts): string {
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join(';')
}

/** RFC 5545 §3.3.10: what must be there, and what means nothing together. */
function fitTogether({ FREQ, COUNT, UNTIL, ...by }: RuleParts): boolean {
  if (FREQ === undefined || (COUNT && UNTIL)) return false
  if (UNTIL && !isDate(UNTIL.replace(/^(\d{4})(\d\d)(\d\d).*/, '$1-$2-$3'))) return false
  if (/\d/.test(by.BYDAY ?? '') && (!['MONTHLY', 'YEARLY'].includes(FREQ) || by.BYWEEKNO)) return false
  if ((by.BYYEARDAY || by.BYWEEKNO) && FREQ !== 'YEARLY') return false
  if (by.BYMONTHDAY && FREQ === 'WEEKLY') return false
  return !by.BYSETPOS || Object.keys(by).some(name => /^BY(?!SETPOS)/.test(name))
}
