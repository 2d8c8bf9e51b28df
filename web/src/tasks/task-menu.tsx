import {
  ArrowDown,
  ArrowUp,
  CalendarDays,
  Flag,
  FolderInput,
  Hash,
  Pencil,
  RotateCcw,
  SquareCheck,
  Trash2,
} from 'lucide-react'
import { Menu, MenuItem, MenuLine } from '../components/action-menu.tsx'
import { createTrashActions } from '../trash/trash-actions.ts'
import { menuTexts as t } from './menu-texts.ts'
import { useOrganizing } from './organizing.ts'
import { type OverlayProps, openOverlay } from './overlays.ts'
import { startSelecting } from './selection.ts'
import { PRIORITIES, type Task } from './task.ts'
import { useTaskServices } from './task-services.ts'
import { useEdited } from './use-edited.ts'
import { useRestore } from './use-restore.ts'

/** All that can be done to one task. */
export default function TaskMenu({ task, anchor, moveByOne, onClose }: OverlayProps<'task-menu'>) {
  const { organizes } = useTaskServices()
  const then = (act: () => void) => () => {
    onClose()
    act()
  }
  return (
    <Menu anchor={anchor} label={t.taskMenu({ title: task.title })} onClose={onClose}>
      {task.deleted_at !== null ? (
        <DeletedItems task={task} then={then} />
      ) : (
        <>
          <EditItem task={task} then={then} />
          {organizes && <OrganizeItems {...{ task, anchor, then, moveByOne }} />}
          <RemoveItem task={task} then={then} />
        </>
      )}
    </Menu>
  )
}

type ItemProps = { task: Task; then(act: () => void): () => void }

function EditItem({ task, then }: ItemProps) {
  const [, edit] = useEdited()
  return <MenuItem Icon={Pencil} label={t.edit} keys="O" onChoose={then(() => edit(task.id))} />
}

function RemoveItem({ task, then }: ItemProps) {
  const actions = useOrganizing()
  const remove = then(() => actions.remove([task]))
  return <MenuItem Icon={Trash2} label={t.remove} keys="#" danger onChoose={remove} />
}

function OrganizeItems({
  task,
  anchor,
  then,
  moveByOne,
}: ItemProps & Pick<OverlayProps<'task-menu'>, 'anchor' | 'moveByOne'>) {
  const actions = useOrganizing()
  const tasks = [task]
  return (
    <>
      <MenuItem
        Icon={CalendarDays}
        label={t.reschedule}
        keys="T"
        onChoose={then(() => openOverlay({ kind: 'date', tasks, anchor }))}
      />
      <MenuItem
        Icon={FolderInput}
        label={t.move}
        keys="V"
        onChoose={then(() => openOverlay({ kind: 'move', tasks, anchor }))}
      />
      <MenuItem
        Icon={Hash}
        label={t.tags}
        onChoose={then(() => openOverlay({ kind: 'tags', tasks, anchor }))}
      />
      {moveByOne && (
        <>
          <MenuItem Icon={ArrowUp} label={t.moveUp} keys="Alt ↑" onChoose={then(() => moveByOne(-1))} />
          <MenuItem Icon={ArrowDown} label={t.moveDown} keys="Alt ↓" onChoose={then(() => moveByOne(1))} />
        </>
      )}
      <MenuItem Icon={SquareCheck} label={t.select} onChoose={then(() => startSelecting(task.id))} />
      <MenuLine />
      {PRIORITIES.map(priority => (
        <MenuItem
          key={priority}
          mark={<Flag size={17} aria-hidden="true" className={`flag-p${priority}`} />}
          label={priority === 4 ? t.noPriority : t.priorityOf({ priority })}
          keys={String(priority)}
          checked={task.priority === priority}
          onChoose={then(() => actions.setPriority(tasks, priority))}
        />
      ))}
      <MenuLine />
    </>
  )
}

function DeletedItems({ task, then }: ItemProps) {
  const services = useTaskServices()
  const restore = useRestore()
  return (
    <>
      <MenuItem Icon={RotateCcw} label={t.restore} onChoose={then(() => restore(task))} />
      <MenuItem
        Icon={Trash2}
        label={t.purge}
        danger
        onChoose={then(() => createTrashActions(services).purge(task))}
      />
    </>
  )
}
