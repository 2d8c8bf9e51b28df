/** The two versions that wait in the outbox for a decision, and what becomes of them. */
import type { Outbox } from '../tasks/outbox.ts'
import { applyChange, type Entry, type EntryChange } from '../tasks/outbox-entry.ts'
import type { Versions } from './conflict.ts'
import { type Content, contentOf, FIELDS } from './content.ts'

/** Everything that waits for the same decision: what was changed here since both agreed. */
const inConflict = (entries: readonly Entry[], { taskId }: Entry) =>
  entries.filter(entry => entry.taskId === taskId && entry.theirs && !entry.refused)

export function versionsOf(entries: readonly Entry[], asked: Entry): Versions | null {
  const [first, ...more] = inConflict(entries, asked)
  if (!first?.theirs) return null
  const mine = [first, ...more].reduce(
    (task, entry) => applyChange(task, entry.change, entry.made),
    first.base,
  )
  return { base: contentOf(first.base), mine: contentOf(mine), theirs: contentOf(first.theirs) }
}

/** The first of them says it all, on top of the newer revision; the others are said with it. */
export function settleConflict(
  outbox: Pick<Outbox, 'getState' | 'retry' | 'discard'>,
  asked: Entry,
  chosen: Partial<Content>,
) {
  const [first, ...more] = inConflict(outbox.getState().entries, asked)
  if (!first) return
  const rest = Object.assign({}, first.change, ...more.map(entry => entry.change)) as EntryChange
  for (const field of FIELDS) delete rest[field]
  const change = { ...rest, ...chosen }
  for (const entry of more) outbox.discard(entry.id)
  if (Object.keys(change).length > 0) outbox.retry(first.id, change)
  else outbox.discard(first.id)
}
