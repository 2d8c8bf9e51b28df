/** What a person picks in the date popover, and what it changes on a task. */
import type { PlainDate } from '../plain-dates.ts'
import { onDate } from './due.ts'
import type { Recurrence, Task, TaskChange } from './task.ts'

export type DateChoice = {
  /** Null takes the date away, and with it the repetition, which needs one. */
  date: PlainDate | null
  /** Left out: each task keeps its time. */
  clock?: { time: string; zone: string } | null
  /** Left out: it repeats as before. */
  recurrence?: Recurrence | null
}

export function changeTo(choice: DateChoice, task: Pick<Task, 'due' | 'recurrence'>): TaskChange {
  const { date, clock, recurrence } = choice
  if (!date) return task.recurrence ? { due: null, recurrence: null } : { due: null }
  const due = clock === undefined ? onDate(task.due, date) : clock ? dueAt(date, clock) : date
  return recurrence === undefined ? { due } : { due, recurrence }
}

export const dueAt = (date: PlainDate, { time, zone }: { time: string; zone: string }) =>
  `${date}T${time}[${zone}]`
