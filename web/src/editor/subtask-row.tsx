import { ArrowDown, ArrowUp, CornerLeftUp, Trash2 } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { Menu, type MenuItem } from '../components/menu.tsx'
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

export function SubtaskRow({ row, at, total, onEdit, onMove, onRemove, onPromote, onNext }: Props) {
  const title = row.title.trim() || editorTexts.untitled
  const items: MenuItem[] = [
    { label: editorTexts.moveUp, icon: <ArrowUp size={16} />, disabled: at === 0, run: () => onMove(at - 1) },
    {
      label: editorTexts.moveDown,
      icon: <ArrowDown size={16} />,
      disabled: at === total - 1,
      run: () => onMove(at + 1),
    },
    ...(onPromote ? [{ label: editorTexts.promote, icon: <CornerLeftUp size={16} />, run: onPromote }] : []),
    { label: editorTexts.remove, icon: <Trash2 size={16} />, tone: 'danger', run: onRemove },
  ]

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
      <Menu label={editorTexts.subtaskMenu({ title })} items={items} className="subtask-menu" />
    </li>
  )
}
