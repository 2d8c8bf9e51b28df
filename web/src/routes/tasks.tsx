import { Keyboard } from 'lucide-react'
import { lazy, Suspense, useCallback, useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { Page } from '../components/page.tsx'
import { showToast } from '../components/toasts.ts'
import { QuickAdd } from '../tasks/quick-add.tsx'
import type { ListedTask } from '../tasks/task-cache.ts'
import { TaskList } from '../tasks/task-list.tsx'
import { useTaskServices } from '../tasks/task-services.ts'
import type { Show } from '../tasks/tasks-api.ts'
import { useShortcuts } from '../tasks/use-shortcuts.ts'
import { useTaskList } from '../tasks/use-tasks.ts'
import { texts } from '../texts.ts'

const EditTask = lazy(() => import('../tasks/edit-task.tsx'))
const ShortcutHelp = lazy(() => import('../tasks/shortcut-help.tsx'))

const today = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })

export default function Tasks() {
  const [params] = useSearchParams()
  const asked = params.get('show')
  const show: Show = asked === 'open' || asked === 'done' ? asked : 'all'
  return (
    <Page title={texts.tasks.title} lead={today.format(new Date())} aside={<Filters show={show} />}>
      <Board key={show} show={show} />
    </Page>
  )
}

function Filters({ show }: { show: Show }) {
  return (
    <nav aria-label={texts.tasks.show} className="segments">
      {(['all', 'open', 'done'] as const).map(filter => (
        <Link
          key={filter}
          href={filter === 'all' ? '/tasks' : `/tasks?show=${filter}`}
          className="segment"
          aria-current={filter === show ? 'page' : undefined}
        >
          {texts.tasks.filters[filter]}
        </Link>
      ))}
    </nav>
  )
}

function Board({ show }: { show: Show }) {
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set())
  const query = useTaskList(show, kept)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [helping, setHelping] = useState(false)
  const [editing, edit] = useEdited()
  const remove = useRemove(list, input)
  const keep = useCallback((id: string) => setKept(ids => new Set(ids).add(id)), [])

  useListKeys({ list, input, tasks: query.tasks, edit, remove, help: () => setHelping(true) })

  return (
    <>
      <QuickAdd
        input={input}
        onAdded={title => show === 'done' && showToast({ text: texts.tasks.addedElsewhere, detail: title })}
      />
      <TaskList show={show} list={list} query={query} onKeep={keep} onEdit={edit} onDelete={remove} />
      <HelpButton onOpen={() => setHelping(true)} />
      <Suspense>
        {editing && <EditTask key={editing} id={editing} onClose={() => edit(null)} />}
        {helping && <ShortcutHelp onClose={() => setHelping(false)} />}
      </Suspense>
    </>
  )
}

/** The task being edited is part of the address: Back closes it, and signing in again comes back to it. */
function useEdited(): [string | null, (id: string | null) => void] {
  const [params, setParams] = useSearchParams()
  const edit = useCallback(
    (id: string | null) =>
      setParams(
        before => {
          const after = new URLSearchParams(before)
          if (id) after.set('edit', id)
          else after.delete('edit')
          return after
        },
        { replace: id === null },
      ),
    [setParams],
  )
  return [params.get('edit'), edit]
}

type ListRef = React.RefObject<HTMLDivElement | null>
type InputRef = React.RefObject<HTMLInputElement | null>

const rowsOf = (list: ListRef) => [...(list.current?.querySelectorAll<HTMLElement>('.row-title') ?? [])]
const taskIdAt = (element: Element | null) => element?.closest<HTMLElement>('[data-task]')?.dataset.task

function useRemove(list: ListRef, input: InputRef) {
  const { deletions } = useTaskServices()
  return useCallback(
    (task: ListedTask) => {
      const rows = rowsOf(list)
      const at = rows.findIndex(row => taskIdAt(row) === task.id)
      const neighbour = rows[at + 1] ?? rows[at - 1] ?? input.current
      neighbour?.focus()
      deletions.schedule(task.id)
      showToast({
        text: texts.tasks.removed,
        detail: task.title,
        action: { label: texts.tasks.undo, run: () => undo(task.id) },
        onEnd: () => deletions.commit(task.id),
      })
      function undo(id: string) {
        if (!deletions.undo(id)) return showToast({ text: texts.tasks.tooLate })
        requestAnimationFrame(() =>
          rowsOf(list)
            .find(row => taskIdAt(row) === id)
            ?.focus(),
        )
      }
    },
    [deletions, list, input],
  )
}

type Keys = {
  list: ListRef
  input: InputRef
  tasks: ListedTask[]
  edit(id: string): void
  remove(task: ListedTask): void
  help(): void
}

function useListKeys({ list, input, tasks, edit, remove, help }: Keys) {
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

function HelpButton({ onOpen }: { onOpen(): void }) {
  return (
    <p className="mt-8 hidden justify-center lg:flex">
      <button
        type="button"
        className="inline-flex items-center gap-2 rounded-md px-2 py-1 text-sm text-ink-3 hover:text-ink"
        onClick={onOpen}
      >
        <Keyboard size={16} aria-hidden="true" />
        {texts.keys.open}
      </button>
    </p>
  )
}
