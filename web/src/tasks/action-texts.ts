/** What the toasts say about actions on tasks. */
import type { Said } from './actions.ts'

type Titled = readonly { title: string }[]

const plural = new Intl.PluralRules('en')
const tasksOf = (n: number) => `${n} ${plural.select(n) === 'one' ? 'task' : 'tasks'}`
const about = (tasks: Titled, one: string, many: (count: string) => string): Said =>
  tasks.length === 1 ? { text: one, detail: tasks[0]!.title } : { text: many(tasksOf(tasks.length)) }

export const actionTexts = {
  undo: 'Undo',
  tooLate: 'It is too late to undo that.',
  completed: (tasks: Titled, completed: boolean) =>
    completed
      ? about(tasks, 'Task completed', count => `${count} completed`)
      : about(tasks, 'Task open again', count => `${count} open again`),
  removed: (tasks: Titled) => about(tasks, 'Task deleted', count => `${count} deleted`),
  restored: (tasks: Titled) => about(tasks, 'Task restored', count => `${count} restored`),
  moved: (tasks: Titled, list: string) =>
    about(tasks, `Moved to ${list}`, count => `${count} moved to ${list}`),
  rescheduled: (tasks: Titled, when: string) =>
    about(tasks, `Due ${when}`, count => `${count} due ${when}`),
  undated: (tasks: Titled) => about(tasks, 'Date removed', count => `Date removed from ${count}`),
  prioritized: (tasks: Titled, priority: string) =>
    about(tasks, `Priority: ${priority}`, count => `${count}: priority ${priority}`),
  tagged: (tasks: Titled, tag: string) => about(tasks, `Tagged #${tag}`, count => `${count} tagged #${tag}`),
}
