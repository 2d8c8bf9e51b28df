/** The line being typed: its text, the places that are to stay words, and what of the view it shall not take. */
import type { NewTask } from '../task.ts'
import type { Range } from './words.ts'

export type ContextPart = 'due' | 'list' | 'tags'

export interface Line {
  text: string
  literal: readonly Range[]
  dropped: readonly ContextPart[]
}

export const EMPTY: Line = { text: '', literal: [], dropped: [] }

/** The places move with the words they stand for; a line that is empty again starts anew. */
export function typed(line: Line, text: string): Line {
  return text ? { ...line, text, literal: moved(line.literal, line.text, text) } : EMPTY
}

export const asWords = (line: Line, places: readonly Range[]): Line => ({
  ...line,
  literal: [...line.literal, ...places.map(({ start, end }) => ({ start, end }))],
})

export const without = (line: Line, part: ContextPart): Line => ({
  ...line,
  dropped: [...line.dropped, part],
})

/** What the view gives to a task that is added in it. */
export function contextOf(line: Line, defaults: Partial<NewTask>): Partial<NewTask> {
  return Object.fromEntries(
    Object.entries(defaults).filter(([part]) => !line.dropped.includes(part as ContextPart)),
  )
}

/** Several lines of which more than one says something. */
export const isManyLines = (text: string) => /\S\s*[\n\r]\s*\S/u.test(text)

export function writeLine(line: Line): string {
  return line.text ? JSON.stringify(line) : ''
}

/** A draft of an older page was the text alone. */
export function readLine(draft: string): Line {
  if (!draft.startsWith('{')) return { ...EMPTY, text: draft }
  try {
    return { ...EMPTY, ...JSON.parse(draft) }
  } catch {
    return { ...EMPTY, text: draft }
  }
}

/** An edit changes one stretch of the text: what lies behind it shifts, what it touches grows or shrinks with it. */
function moved(ranges: readonly Range[], before: string, after: string): Range[] {
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  let kept = 0
  while (kept < most - start && before.at(-1 - kept) === after.at(-1 - kept)) kept++
  const end = before.length - kept
  const shift = after.length - before.length
  return ranges.flatMap(range => {
    if (range.end <= start) return range
    if (range.start >= end) return { start: range.start + shift, end: range.end + shift }
    const grown = { start: Math.min(range.start, start), end: Math.max(range.end, end) + shift }
    return range.start >= start && range.end <= end ? [] : grown
  })
}
