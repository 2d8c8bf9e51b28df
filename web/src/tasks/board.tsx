import { Keyboard } from 'lucide-react'
import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { prefetched } from '../components/prefetched.tsx'
import { showToast } from '../components/toasts.ts'
import type { Show } from './old-api.ts'
import { QuickAdd } from './quick-add.tsx'
import { TaskList } from './task-list.tsx'
import { taskTexts } from './task-texts.ts'
import { useEdited } from './use-edited.ts'
import { useListKeys } from './use-list-keys.ts'
import { useRemove } from './use-remove.ts'
import { useTaskList } from './use-tasks.ts'

const EditTask = prefetched(() => import('./edit-task.tsx'))
const ShortcutHelp = prefetched(() => import('./shortcut-help.tsx'))

/** One filter of the list, and all that can be done to it. */
export function Board({ show }: { show: Show }) {
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set())
  const query = useTaskList(show, kept)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [helping, setHelping] = useState(false)
  const [editing, edit] = useEdited()
  const remove = useRemove(list, input)
  const keep = useCallback((id: string) => setKept(ids => new Set(ids).add(id)), [])

  usePrefetch()
  useListKeys({ list, input, tasks: query.tasks, edit, remove, help: () => setHelping(true) })

  return (
    <>
      <QuickAdd
        input={input}
        onAdded={title => show === 'done' && showToast({ text: taskTexts.addedElsewhere, detail: title })}
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

function HelpButton({ onOpen }: { onOpen(): void }) {
  return (
    <p className="mt-8 hidden justify-center lg:flex">
      <button
        type="button"
        className="inline-flex items-center gap-2 rounded-md px-2 py-1 text-sm text-ink-3 hover:text-ink"
        onClick={onOpen}
      >
        <Keyboard size={16} aria-hidden="true" />
        {taskTexts.shortcuts}
      </button>
    </p>
  )
}

/** Once the list is there, what it opens is fetched too, so that opening takes no time, with a network or without. */
function usePrefetch() {
  useEffect(() => {
    const timer = setTimeout(() => {
      void EditTask.prefetch()
      void ShortcutHelp.prefetch()
    }, 500)
    return () => clearTimeout(timer)
  }, [])
}
