import type { RefObject } from 'react'
import { useShortcuts } from '../components/shortcuts.ts'
import { boardKeyTexts as t } from './board-key-texts.ts'
import { useOrganizing } from './organizing.ts'
import { openOverlay } from './overlays.ts'
import { rowOf, taskIdAt } from './row-focus.ts'
import { clearSelection, getSelection, selectTo } from './selection.ts'
import { PRIORITIES, type Task } from './task.ts'
import type { ListControl } from './task-list.tsx'
import { useTaskServices } from './task-services.ts'
import { editTitle } from './title-edit.ts'
import { useEdited } from './use-edited.ts'
import type { Moves } from './use-row-actions.ts'
import type { View } from './views.ts'

type Parts = {
  view: View
  tasks: readonly Task[]
  control: RefObject<ListControl | null>
  input: RefObject<HTMLInputElement | null>
  moves: RefObject<Moves | null>
}

/** The keys of a list: they act on what is selected, or else on the row that has the focus. */
export function useBoardKeys({ view, tasks, control, input, moves }: Parts) {
  const { organizes } = useTaskServices()
  const actions = useOrganizing()
  const [, edit] = useEdited()
  const here = () => taskIdAt(document.activeElement)
  const chosen = () => {
    const { ids } = getSelection()
    return ids.size > 0 ? tasks.filter(task => ids.has(task.id)) : tasks.filter(task => task.id === here())
  }
  const hasChosen = () => here() !== null || getSelection().ids.size > 0
  const anchor = () => rowOf(here() ?? '')
  const step = (by: number, select = false) => {
    const order = control.current?.order ?? []
    const from = here()
    const at = from === null ? -1 : order.indexOf(from)
    const next = order[at < 0 ? 0 : Math.min(Math.max(at + by, 0), order.length - 1)]
    if (!next) return
    if (select) selectTo(next, from, order)
    control.current?.focusTask(next)
  }
  const complete = () => {
    const list = chosen()
    actions.complete(
      list,
      list.some(task => !task.completed),
    )
  }
  const moveBy = (by: -1 | 1) => {
    const focused = tasks.find(task => task.id === here())
    if (focused) moves.current?.(focused)?.(by)
  }
  const inTrash = view.kind === 'trash'
  useShortcuts([
    {
      keys: ['q', 'n'],
      group: 'general',
      label: t.add,
      when: () => input.current !== null,
      run: () => input.current?.focus(),
    },
    { keys: 'j', group: 'list', label: t.next, repeats: true, run: () => step(1) },
    { keys: 'k', group: 'list', label: t.previous, repeats: true, run: () => step(-1) },
    { keys: 'x', group: 'task', label: t.toggle, when: () => hasChosen() && !inTrash, run: complete },
    {
      keys: 'e',
      group: 'task',
      label: t.edit,
      when: () => here() !== null && !inTrash,
      run: () => editTitle(here()!),
    },
    {
      keys: 'o',
      group: 'task',
      label: t.open,
      when: () => here() !== null && !inTrash,
      run: () => edit(here()),
    },
    {
      keys: ['#', 'Delete'],
      group: 'task',
      label: t.remove,
      when: () => hasChosen() && !inTrash,
      run: () => actions.remove(chosen()),
    },
  ])
  useShortcuts(
    organizes
      ? [
          { keys: 'Shift+j', group: 'list', label: t.selectNext, repeats: true, run: () => step(1, true) },
          {
            keys: 'Shift+k',
            group: 'list',
            label: t.selectPrevious,
            repeats: true,
            run: () => step(-1, true),
          },
          {
            keys: 'Escape',
            group: 'list',
            label: t.unselect,
            when: () => getSelection().ids.size > 0,
            run: clearSelection,
          },
          ...([-1, 1] as const).map(by => ({
            keys: by < 0 ? 'Alt+ArrowUp' : 'Alt+ArrowDown',
            group: 'task' as const,
            label: by < 0 ? t.moveUp : t.moveDown,
            repeats: true,
            when: () => moves.current !== null && here() !== null,
            run: () => moveBy(by),
          })),
          ...PRIORITIES.map(priority => ({
            keys: String(priority),
            group: 'task' as const,
            label: t.priority({ priority }),
            when: () => hasChosen() && !inTrash,
            run: () => actions.setPriority(chosen(), priority),
          })),
          {
            keys: 't',
            group: 'task',
            label: t.reschedule,
            when: () => hasChosen() && !inTrash,
            run: () => openOverlay({ kind: 'date', tasks: chosen(), anchor: anchor() }),
          },
          {
            keys: 'v',
            group: 'task',
            label: t.move,
            when: () => hasChosen() && !inTrash,
            run: () => openOverlay({ kind: 'move', tasks: chosen(), anchor: anchor() }),
          },
        ]
      : [],
  )
}
