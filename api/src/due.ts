// When something is due: a date, or a wall time in a named zone (RFC 9557 without an offset). As text both are in
// the order of their wall dates.
const DUE = /^(\d{4}-\d\d-\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d\[([A-Za-z][\w+-]*(?:\/[\w+-]+)*)\])?$/

export function isDate(text: string): boolean {
  if (!/^(19|[2-9]\d)\d\d-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

export function isDue(text: string): boolean {
  const [, date, zone] = DUE.exec(text) ?? []
  return date !== undefined && isDate(date) && (zone === undefined || isZone(zone))
}

export function dateOf(due: string): string {
  return due.slice(0, 10)
}

export function zoneOf(due: string): string | null {
  return DUE.exec(due)?.[2] ?? null
}

/** The zones of this machine's time zone database; asking it is slow enough to remember what it said. */
const zones = new Map<string, boolean>()
const ZONES_KEPT = 1_000

function isZone(name: string): boolean {
  if (name.length > 64) return false
  const known = zones.get(name)
  if (known !== undefined) return known
  if (zones.size >= ZONES_KEPT) zones.clear()
  const found = canFormatIn(name)
  zones.set(name, found)
  return found
}

function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
