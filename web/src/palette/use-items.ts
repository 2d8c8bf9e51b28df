import {
  CalendarDays,
  Check,
  CircleCheck,
  CircleUserRound,
  Flag,
  FolderInput,
  Hash,
  Inbox,
  Keyboard,
  Languages,
  ListPlus,
  LogOut,
  Monitor,
  Moon,
  Pencil,
  Plus,
  RotateCcw,
  Search,
  Sun,
  Trash2,
  Undo2,
} from 'lucide-react'
import { useLocation } from 'wouter'
import { setLanguage } from '../language.ts'
import { LANGUAGES } from '../locales.ts'
import type { Language } from '../messages.ts'
import { setTheme } from '../preferences.ts'
import { viewTitles } from '../tasks/board-texts.ts'
import { focusQuickAdd } from '../tasks/focus-quick-add.ts'
import { useOrganizing } from '../tasks/organizing.ts'
import { openOverlay } from '../tasks/overlays.ts'
import { rowOf } from '../tasks/row-focus.ts'
import { PRIORITIES, type Task } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { useEdited } from '../tasks/use-edited.ts'
import { useSignOut } from '../tasks/use-sign-out.ts'
import { useLists, useTags } from '../tasks/use-view.ts'
import { viewPath } from '../tasks/views.ts'
import type { FoundTasks } from './found-tasks.ts'
import type { Item } from './item.ts'
import { paletteTexts as t, paletteWords as words } from './palette-texts.ts'

const VIEWS = [
  { kind: 'today', Icon: Sun, keys: 'g t' },
  { kind: 'upcoming', Icon: CalendarDays, keys: 'g u' },
  { kind: 'inbox', Icon: Inbox, keys: 'g i' },
  { kind: 'done', Icon: Check, keys: 'g d' },
  { kind: 'trash', Icon: Trash2, keys: 'g x' },
] as const

/** Where one can go. */
export function usePlaces(): Item[] {
  const { organizes } = useTaskServices()
  const [, navigate] = useLocation()
  const { data: lists = [] } = useLists()
  const { data: tags = [] } = useTags()
  const go = (path: string) => ({ group: 'go' as const, run: () => navigate(path) })
  const account: Item = {
    ...{ id: 'account', label: t.account, words: words.account, keys: 'g a', Icon: CircleUserRound },
    ...go('/account'),
  }
  if (!organizes) return [{ id: 'tasks', label: viewTitles.all, Icon: CircleCheck, ...go('/tasks') }, account]
  return [
    ...VIEWS.map(({ kind, Icon, keys }) => ({
      ...{ id: kind, label: viewTitles[kind], Icon, keys },
      ...go(viewPath({ kind })),
    })),
    account,
    ...lists.map(({ id, name, color }) => ({
      ...{ id: `list:${id}`, label: name, color, onlyFound: lists.length > 5 },
      ...go(viewPath({ kind: 'list', id })),
    })),
    ...tags.map(({ id, name }) => ({
      ...{ id: `tag:${id}`, label: `#${name}`, Icon: Hash, onlyFound: true },
      ...go(viewPath({ kind: 'tag', name })),
    })),
  ]
}

/** What can be done anywhere. */
export function useDeeds(): Item[] {
  const { organizes } = useTaskServices()
  const actions = useOrganizing()
  const [, navigate] = useLocation()
  const signOut = useSignOut()
  const deed = (id: string, label: string, Icon: Item['Icon'], run: () => void, more: Partial<Item> = {}) =>
    ({ id, group: 'do', label, Icon, run, ...more }) satisfies Item
  const theme = { onlyFound: true, words: words.theme }
  const language = { onlyFound: true, words: words.language }
  const addTask = () => focusQuickAdd(navigate)
  return [
    deed('new-task', t.newTask, Plus, addTask, { keys: 'q', words: words.newTask }),
    ...(organizes
      ? [deed('new-list', t.newList, ListPlus, () => openOverlay({ kind: 'list', list: null }))]
      : []),
    ...(actions.canUndo() ? [deed('undo', t.undo, Undo2, actions.undoLast, { keys: 'Mod+z' })] : []),
    deed('light', t.light, Sun, () => setTheme('light'), theme),
    deed('dark', t.dark, Moon, () => setTheme('dark'), theme),
    deed('system', t.system, Monitor, () => setTheme('system'), theme),
    ...(Object.keys(LANGUAGES) as Language[]).map(name =>
      deed(`language:${name}`, LANGUAGES[name], Languages, () => void setLanguage(name), language),
    ),
    deed('language', t.systemLanguage, Languages, () => void setLanguage('system'), language),
    deed('help', t.help, Keyboard, () => openOverlay({ kind: 'help' }), { keys: '?' }),
    deed('sign-out', t.signOut, LogOut, () => void signOut(), { words: words.signOut }),
  ]
}

/** What can be done with the tasks that are selected, or with the one that had the focus. */
export function useChosenDeeds(tasks: readonly Task[]): Item[] {
  const { organizes } = useTaskServices()
  const actions = useOrganizing()
  const [, edit] = useEdited()
  const [first] = tasks
  if (!first) return []
  const isOpen = tasks.some(task => !task.completed)
  const anchor = () => rowOf(first.id)
  const deed = (id: string, label: string, Icon: Item['Icon'], run: () => void, more: Partial<Item> = {}) =>
    ({ id: `chosen:${id}`, group: 'chosen', label, Icon, run, ...more }) satisfies Item
  const complete = () => actions.complete(tasks, isOpen)
  return [
    deed('complete', isOpen ? t.complete : t.reopen, isOpen ? Check : RotateCcw, complete, {
      ...{ keys: 'x', words: words.complete },
    }),
    ...(tasks.length === 1 ? [deed('edit', t.edit, Pencil, () => edit(first.id), { keys: 'o' })] : []),
    ...(organizes
      ? [
          deed(
            'reschedule',
            t.reschedule,
            CalendarDays,
            () => openOverlay({ kind: 'date', tasks, anchor: anchor() }),
            { keys: 't', words: words.reschedule },
          ),
          deed('move', t.move, FolderInput, () => openOverlay({ kind: 'move', tasks, anchor: anchor() }), {
            keys: 'v',
          }),
          deed('tags', t.tags, Hash, () => openOverlay({ kind: 'tags', tasks, anchor: anchor() })),
          ...PRIORITIES.map(priority =>
            deed(
              `priority-${priority}`,
              priority === 4 ? t.noPriority : t.priority({ priority }),
              Flag,
              () => actions.setPriority(tasks, priority),
              { keys: String(priority), onlyFound: true },
            ),
          ),
        ]
      : []),
    deed('remove', t.remove, Trash2, () => actions.remove(tasks), { keys: '#', words: words.remove }),
  ]
}

export function useTaskItems({ tasks, hits }: FoundTasks): Item[] {
  const [, edit] = useEdited()
  return tasks.map(({ id, title, completed }) => ({
    ...{ id: `task:${id}`, group: 'task', label: title, onlyFound: true, isHit: hits.has(id) },
    ...{ Icon: completed ? CircleCheck : Pencil, run: () => edit(id) },
  }))
}

/** The way on, when none of it is what was meant. */
export function useEverything(query: string): Item[] {
  const { organizes } = useTaskServices()
  const [, navigate] = useLocation()
  const q = query.trim()
  if (!organizes || q === '') return []
  const run = () => navigate(viewPath({ kind: 'search', q }))
  return [{ id: 'everything', group: 'everything', label: t.everything({ q }), Icon: Search, run }]
}
