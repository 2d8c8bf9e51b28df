import { Plus } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { attachReorder, type OnMove } from '../components/reorder-drag.ts'
import { uuidv7 } from '../uuid.ts'
import { editorTexts } from './editor-texts.ts'
import { SubtaskRow } from './subtask-row.tsx'
import {
  addSubtasks,
  editSubtask,
  moveSubtask,
  removeSubtask,
  type Subtask,
  type SubtaskDraft,
  titlesOf,
} from './subtasks.ts'

type Props = { value: SubtaskDraft; onChange(draft: SubtaskDraft): void }

/** The steps of a task. They are saved with it, so that Cancel and Undo are about all of it. */
export function SubtaskField({ value, onChange }: Props) {
  const { rows, leaving } = value
  const [text, setText] = useState('')
  const [said, say] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const adding = useRef<HTMLInputElement>(null)
  const moved = useMovedFocus(list)
  useSubtaskDrag(list, rows, move)
  const setRows = (next: SubtaskDraft['rows']) => onChange({ ...value, rows: next })

  function add(titles: string[]) {
    setRows(
      addSubtasks(
        rows,
        titles.map(title => ({ id: uuidv7(), title })),
      ),
    )
    setText('')
  }
  function move(id: string, to: number) {
    if (to < 0 || to >= rows.length) return
    const { title } = rows.find(row => row.id === id)!
    moved.current = id
    setRows(moveSubtask(rows, id, to))
    say(editorTexts.moved({ title, position: to + 1, total: rows.length }))
  }
  /** The focus goes to the neighbour, and from the last row to the field for a new one. */
  function focusNeighbour(id: string) {
    const at = rows.findIndex(row => row.id === id)
    const neighbour = rows[at + 1] ?? rows[at - 1]
    if (neighbour) titleField(list.current, neighbour.id)?.focus()
    else adding.current?.focus()
  }
  function remove(id: string) {
    focusNeighbour(id)
    setRows(removeSubtask(rows, id))
  }
  function promote(id: string) {
    focusNeighbour(id)
    const row = rows.find(other => other.id === id)!
    onChange({ rows: removeSubtask(rows, id), leaving: [...leaving, row] })
    say(editorTexts.promoted({ title: row.title }))
  }
  function keep(id: string) {
    const row = leaving.find(other => other.id === id)!
    onChange({ rows: moveSubtask([...rows, row], id, rows.length), leaving: removeSubtask(leaving, id) })
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !text.trim()) return
    event.preventDefault()
    add([text.trim()])
  }

  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 flex w-full items-baseline justify-between gap-3 font-medium">
        {editorTexts.subtasks}
        {rows.length > 0 && (
          <span className="text-sm font-normal text-ink-3">
            {editorTexts.subtasksDone({
              completed: rows.filter(row => row.completed).length,
              total: rows.length,
            })}
          </span>
        )}
      </legend>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the semantics of an unstyled list */}
      <ul ref={list} role="list" className="empty:hidden">
        {rows.map((row, at) => (
          <SubtaskRow
            key={row.id}
            row={row}
            at={at}
            total={rows.length}
            onEdit={change => setRows(editSubtask(rows, row.id, change))}
            onMove={to => move(row.id, to)}
            onRemove={() => remove(row.id)}
            onPromote={row.revision === undefined ? undefined : () => promote(row.id)}
            onNext={() => (titleField(list.current, rows[at + 1]?.id) ?? adding.current)?.focus()}
          />
        ))}
      </ul>
      {leaving.map(row => (
        <p key={row.id} className="note my-1.5 flex flex-wrap items-center gap-2 text-sm">
          <span className="min-w-0 flex-[1_1_12rem]">{editorTexts.promoted({ title: row.title })}</span>
          <button type="button" className="btn btn-quiet min-h-9" onClick={() => keep(row.id)}>
            {editorTexts.keepAsSubtask}
          </button>
        </p>
      ))}
      <div className="subtask">
        <span className="hit" aria-hidden="true">
          <Plus size={18} className="text-ink-3" />
        </span>
        <input
          ref={adding}
          className="subtask-title"
          aria-label={editorTexts.addSubtask}
          placeholder={editorTexts.addSubtaskHint}
          autoComplete="off"
          enterKeyHint="enter"
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => text.trim() && add([text.trim()])}
          onPaste={event => {
            const titles = titlesOf(event.clipboardData.getData('text'))
            if (titles.length < 2) return
            event.preventDefault()
            add(titles)
          }}
        />
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
    </fieldset>
  )
}

/** Dragging is for a mouse: a finger that moves over the sheet scrolls it. */
function useSubtaskDrag(list: RefObject<HTMLElement | null>, rows: readonly Subtask[], onMove: OnMove) {
  const latest = useRef(onMove)
  latest.current = onMove
  const order = rows.map(row => row.id).join()
  useEffect(() => {
    if (!list.current || !order.includes(',')) return
    const drawn = [...list.current.querySelectorAll<HTMLElement>('[data-subtask]')].map(row => ({
      id: row.dataset.subtask!,
      row,
      handle: row.querySelector<HTMLElement>('.subtask-grip')!,
    }))
    return attachReorder('subtask', drawn, (id, to) => latest.current(id, to))
  }, [list, order])
}

/** A row that moves is another place in the document, and the focus comes along. */
function useMovedFocus(list: { current: HTMLElement | null }) {
  const moved = useRef<string | null>(null)
  useEffect(() => {
    if (moved.current) titleField(list.current, moved.current)?.focus()
    moved.current = null
  })
  return moved
}

const titleField = (list: HTMLElement | null, id: string | undefined) =>
  id ? list?.querySelector<HTMLElement>(`[data-subtask="${CSS.escape(id)}"] .subtask-title`) : null
