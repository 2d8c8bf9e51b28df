import { type RefObject, useEffect, useRef, useState } from 'react'
import { attachReorder, type OnMove } from '../components/reorder-drag.ts'
import { uuidv7 } from '../uuid.ts'
import { editorTexts } from './editor-texts.ts'
import {
  addSubtasks,
  editSubtask,
  moveSubtask,
  removeSubtask,
  returnSubtask,
  type Subtask,
  type SubtaskDraft,
} from './subtasks.ts'

export type SubtaskRows = ReturnType<typeof useSubtaskRows>

/** What can be done to the rows, and where the focus goes then. */
export function useSubtaskRows({ rows, leaving }: SubtaskDraft, onChange: (draft: SubtaskDraft) => void) {
  const list = useRef<HTMLUListElement>(null)
  const adding = useRef<HTMLInputElement>(null)
  const [said, say] = useState('')
  const moved = useMovedFocus(list)
  useSubtaskDrag(list, rows, move)
  const setRows = (next: Subtask[]) => onChange({ rows: next, leaving })
  const focusTitle = (id: string | undefined) => (titleField(list.current, id) ?? adding.current)?.focus()
  /** From the last row it goes to the field for a new one. */
  const focusNeighbour = (id: string) => {
    const at = rows.findIndex(row => row.id === id)
    focusTitle((rows[at + 1] ?? rows[at - 1])?.id)
  }

  function move(id: string, to: number) {
    const row = rows.find(other => other.id === id)
    if (!row || to < 0 || to >= rows.length) return
    moved.current = id
    setRows(moveSubtask(rows, id, to))
    say(editorTexts.moved({ title: row.title, position: to + 1, total: rows.length }))
  }
  return {
    list,
    adding,
    said,
    move,
    focusTitle,
    add: (titles: string[]) => setRows(addSubtasks(rows, titles.map(newRow))),
    edit: (id: string, change: Partial<Subtask>) => setRows(editSubtask(rows, id, change)),
    remove(id: string) {
      focusNeighbour(id)
      setRows(removeSubtask(rows, id))
    },
    promote(row: Subtask) {
      focusNeighbour(row.id)
      onChange({ rows: removeSubtask(rows, row.id), leaving: [...leaving, row] })
      say(editorTexts.promoted({ title: row.title }))
    },
    keep(row: Subtask) {
      moved.current = row.id
      onChange({ rows: returnSubtask(rows, row), leaving: removeSubtask(leaving, row.id) })
    },
  }
}

const newRow = (title: string) => ({ id: uuidv7(), title })

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
