import { CalendarDays, Check, Flag, FolderInput, Hash, RotateCcw, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuItem } from '../components/action-menu.tsx'
import { menuTexts as t } from './menu-texts.ts'
import { useOrganizing } from './organizing.ts'
import { openOverlay } from './overlays.ts'
import { clearSelection, useSelection } from './selection.ts'
import { PRIORITIES, type Task } from './task.ts'

type Props = { tasks: readonly Task[]; inTrash: boolean }

/** What can be done to all that is selected. */
export default function ActionBar({ tasks: loaded, inTrash }: Props) {
  const { ids } = useSelection()
  const tasks = loaded.filter(task => ids.has(task.id))
  if (tasks.length === 0) return null
  return (
    <section className="action-bar" aria-label={t.bar}>
      <p role="status" className="me-auto ps-2 font-semibold">
        {t.selected(tasks.length)}
      </p>
      <div className="flex flex-wrap items-center gap-1">
        {inTrash ? <RestoreButton tasks={tasks} /> : <Buttons tasks={tasks} />}
        <button
          type="button"
          className="bar-btn"
          aria-label={t.clear}
          title={t.clear}
          onClick={clearSelection}
        >
          <X size={18} aria-hidden="true" />
        </button>
      </div>
    </section>
  )
}

function RestoreButton({ tasks }: { tasks: readonly Task[] }) {
  const actions = useOrganizing()
  const restore = () => {
    actions.restore(tasks)
    clearSelection()
  }
  return <BarButton Icon={RotateCcw} label={t.restore} onClick={restore} />
}

function Buttons({ tasks }: { tasks: readonly Task[] }) {
  const actions = useOrganizing()
  const [flags, setFlags] = useState<Element | null>(null)
  const isOpen = tasks.some(task => !task.completed)
  const remove = () => {
    actions.remove(tasks)
    clearSelection()
  }
  const open = (kind: 'date' | 'move' | 'tags') => (event: React.MouseEvent) =>
    openOverlay({ kind, tasks, anchor: event.currentTarget })
  return (
    <>
      <BarButton
        Icon={Check}
        label={isOpen ? t.complete : t.reopen}
        onClick={() => actions.complete(tasks, isOpen)}
      />
      <BarButton Icon={CalendarDays} label={t.reschedule} onClick={open('date')} />
      <BarButton Icon={FolderInput} label={t.move} onClick={open('move')} />
      <BarButton Icon={Flag} label={t.priority} onClick={event => setFlags(event.currentTarget)} />
      <BarButton Icon={Hash} label={t.tags} onClick={open('tags')} />
      <BarButton Icon={Trash2} label={t.remove} onClick={remove} />
      {flags && (
        <Menu anchor={flags} label={t.priority} onClose={() => setFlags(null)}>
          {PRIORITIES.map(priority => (
            <MenuItem
              key={priority}
              mark={<Flag size={17} aria-hidden="true" className={`flag-p${priority}`} />}
              label={priority === 4 ? t.noPriority : t.priorityOf({ priority })}
              onChoose={() => {
                setFlags(null)
                actions.setPriority(tasks, priority)
              }}
            />
          ))}
        </Menu>
      )}
    </>
  )
}

type ButtonProps = { Icon: typeof Check; label: string; onClick(event: React.MouseEvent): void }

function BarButton({ Icon, label, onClick }: ButtonProps) {
  return (
    <button type="button" className="bar-btn" aria-label={label} title={label} onClick={onClick}>
      <Icon size={18} aria-hidden="true" />
    </button>
  )
}
