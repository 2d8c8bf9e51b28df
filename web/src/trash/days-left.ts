/** How long what is in the trash stays there. */

const DAYS_KEPT = 30
const DAY = 86_400_000

/** Whole days until it goes, the last one counted. */
export function daysLeft(deletedAt: string, now = Date.now()): number {
  const passed = Math.floor((now - Date.parse(deletedAt)) / DAY)
  return Math.min(Math.max(DAYS_KEPT - passed, 1), DAYS_KEPT)
}
