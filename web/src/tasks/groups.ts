/** A view's tasks under their headings, and as the flat list of what is drawn. */
import { type PlainDate, wallClock } from '../plain-dates.ts'
import { dateOf } from './due.ts'
import type { Task } from './task.ts'
import type { View } from './views.ts'

export type Group = {
  /** `overdue`, a date, or nothing in a view without headings. */
  key: string
  tasks: Task[]
}

export type Item =
  | { kind: 'heading'; key: string; group: string }
  | { kind: 'task'; key: string; group: string; task: Task; at: number; size: number }

/** The tasks come in the view's order, so each group is one run of them. */
export function groupTasks(tasks: readonly Task[], view: View, today: PlainDate): Group[] {
  const groups: Group[] = []
  for (const task of tasks) {
    const last = groups.at(-1)
    const key = keyOf(task, view, today) ?? last?.key ?? today
    if (last?.key === key) last.tasks.push(task)
    else groups.push({ key, tasks: [task] })
  }
  // A heading over everything says nothing that the title of the page does not.
  if (view.kind === 'today' && groups.length === 1 && groups[0]!.key === today) groups[0]!.key = ''
  return groups
}

function keyOf({ due, completed_at }: Task, { kind }: View, today: PlainDate): string | null {
  if (kind === 'today') return due && dateOf(due) < today ? 'overdue' : today
  if (kind === 'upcoming') return due && dateOf(due)
  if (kind === 'done') return completed_at && wallClock(new Date(completed_at)).date
  return ''
}

/** `isWhole`: nothing more of the view is left to load. */
export function itemsOf(groups: readonly Group[], isWhole: boolean): Item[] {
  return groups.flatMap(({ key: group, tasks }, index): Item[] => {
    const size = isWhole || index < groups.length - 1 ? tasks.length : -1
    const items = tasks.map(
      (task, at): Item => ({ kind: 'task', key: task.id, group, task, at: at + 1, size }),
    )
    return group ? [{ kind: 'heading', key: `heading ${group}`, group }, ...items] : items
  })
}
