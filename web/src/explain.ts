import { failureTexts, sayings } from './failure-texts.ts'
import type { Failure } from './http.ts'

/** What went wrong, for a person. */
export function explain({ status, code, retryAfter }: Failure): string {
  if (status === 429) return tooMany(retryAfter ?? 60)
  if (Object.hasOwn(sayings, code)) return sayings[code as keyof typeof sayings]
  if (status === 503) return busy(retryAfter ?? 5)
  if (status === 401) return failureTexts.notAccepted
  if (status === 404) return failureTexts.gone
  if (status === 412 || status === 409) return failureTexts.changedElsewhere
  if (status === 413) return failureTexts.tooLarge
  return failureTexts.unexpected
}

function tooMany(seconds: number): string {
  if (seconds < 90) return failureTexts.tooManyForSeconds(Math.max(1, seconds))
  return failureTexts.tooManyForMinutes(Math.ceil(seconds / 60))
}

function busy(seconds: number): string {
  if (seconds < 90) return failureTexts.busyForSeconds(Math.max(1, seconds))
  return failureTexts.busyForMinutes(Math.ceil(seconds / 60))
}
