import { type InputRef, type ListRef, rowsOf, taskIdAt } from './rows.ts'
import type { ListedTask } from './task-cache.ts'
import { useShortcuts } from './use-shortcuts.ts'

type Keys = {
  list: ListRef
  input: InputRef
  tasks: ListedTask[]
  edit(id: string): void
  remove(task: ListedTask): void
  help(): void
}

export function useListKeys({ list, input, tasks, edit, remove, help }: Keys) {
  const here = () => taskIdAt(document.activeElement)
  const focused = () => tasks.find(task => task.id === here() && !task.unsaved)
  const move = (step: number) => {
    const rows = rowsOf(list)
    const at = rows.findIndex(row => taskIdAt(row) === here())
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)
    rows[next]?.focus()
  }
  const withFocused = (act: (task: ListedTask) => void) => () => {
    const task = focused()
    if (task) act(task)
  }
  const checkboxOf = (id: string) =>
    list.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"] input`)
  useShortcuts({
    q: () => input.current?.focus(),
    n: () => input.current?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: withFocused(task => checkboxOf(task.id)?.click()),
    e: withFocused(task => edit(task.id)),
    '#': withFocused(remove),
    '?': help,
  })
}
