/** How many open tasks there are, with the changes the server has not heard of yet. Pure. */
import type { PlainDate } from '../plain-dates.ts'
import type { Locals } from './pending.ts'
import type { Counts, List, Task } from './task.ts'
import { belongs } from './views.ts'

export type OpenCounts = Counts & { lists: ReadonlyMap<string, number> }

export function openCounts(
  counts: Counts,
  lists: readonly List[],
  locals: Locals,
  today: PlainDate,
): OpenCounts {
  const result = { ...counts }
  const ofLists = new Map(lists.map(list => [list.id, list.open]))
  const add = (task: Task, sign: number) => {
    if (belongs(task, { kind: 'inbox' }, today)) result.inbox += sign
    if (belongs(task, { kind: 'today' }, today)) result.today += sign
    const open = task.list === null ? undefined : ofLists.get(task.list)
    if (task.list !== null && open !== undefined && !task.completed && !task.deleted_at)
      ofLists.set(task.list, open + sign)
  }
  for (const { task, base, pending, isNew } of locals.values()) {
    if (!pending) continue
    if (!isNew) add(base, -1)
    add(task, 1)
  }
  return { ...result, lists: ofLists }
}
