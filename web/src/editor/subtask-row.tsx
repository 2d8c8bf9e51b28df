import { ArrowDown, ArrowUp, CornerLeftUp, Ellipsis, GripVertical, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { Menu, MenuItem } from '../components/action-menu.tsx'
import { editorTexts } from './editor-texts.ts'
import type { Subtask } from './subtasks.ts'

type Props = {
  row: Subtask
  at: number
  total: number
  onEdit(change: Partial<Subtask>): void
  onMove(to: number): void
  onRemove(): void
  /** Absent for a row that is not a task yet. */
  onPromote?: (() => void) | undefined
  /** Enter goes on to what comes next. */
  onNext(): void
}

export function SubtaskRow(props: Props) {
  const { row, at, onEdit, onMove, onRemove, onNext } = props
  const title = row.title.trim() || editorTexts.untitled

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    const isEmptied = event.key === 'Backspace' && row.title === ''
    if (event.altKey && step) onMove(at + step)
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) onNext()
    else if (isEmptied) onRemove()
    else return
    event.preventDefault()
  }

  return (
    <li className={`subtask ${row.completed ? 'subtask-done' : ''}`} data-subtask={row.id}>
      <span className="subtask-grip" aria-hidden="true">
        <GripVertical size={16} />
      </span>
      <label className="hit">
        <input
          type="checkbox"
          className="check"
          aria-label={editorTexts.completeSubtask({ title })}
          checked={row.completed}
          onChange={event => onEdit({ completed: event.target.checked })}
        />
      </label>
      <textarea
        className="subtask-title field-sizing-content resize-none"
        rows={1}
        aria-label={editorTexts.subtaskTitle({ position: at + 1 })}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        autoComplete="off"
        enterKeyHint="next"
        value={row.title}
        onChange={event => onEdit({ title: event.target.value.replaceAll('\n', ' ') })}
        onKeyDown={onKeyDown}
      />
      <SubtaskMenu title={title} {...props} />
    </li>
  )
}

function SubtaskMenu({ title, at, total, onMove, onRemove, onPromote }: Props & { title: string }) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const label = editorTexts.subtaskMenu({ title })
  const close = () => setOpen(false)
  const then = (act: () => void) => () => {
    close()
    act()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-btn subtask-menu"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      >
        <Ellipsis size={18} aria-hidden="true" />
      </button>
      {isOpen && (
        <Menu anchor={button.current} label={label} onClose={close}>
          {at > 0 && (
            <MenuItem
              Icon={ArrowUp}
              label={editorTexts.moveUp}
              keys="Alt ↑"
              onChoose={then(() => onMove(at - 1))}
            />
          )}
          {at < total - 1 && (
            <MenuItem
              Icon={ArrowDown}
              label={editorTexts.moveDown}
              keys="Alt ↓"
              onChoose={then(() => onMove(at + 1))}
            />
          )}
          {onPromote && (
            <MenuItem Icon={CornerLeftUp} label={editorTexts.promote} onChoose={then(onPromote)} />
          )}
          <MenuItem Icon={Trash2} label={editorTexts.remove} danger onChoose={then(onRemove)} />
        </Menu>
      )}
    </>
  )
}
