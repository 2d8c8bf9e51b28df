import { Plus } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { editorTexts } from './editor-texts.ts'
import { SubtaskRow } from './subtask-row.tsx'
import { type Subtask, type SubtaskDraft, titlesOf } from './subtasks.ts'
import { type SubtaskRows, useSubtaskRows } from './use-subtask-rows.ts'

type Props = { value: SubtaskDraft; onChange(draft: SubtaskDraft): void }

/** The steps of a task. They are saved with it, so that Cancel and Undo are about all of it. */
export function SubtaskField({ value, onChange }: Props) {
  const { rows, leaving } = value
  const actions = useSubtaskRows(value, onChange)
  return (
    <fieldset className="min-w-0">
      <Legend rows={rows} />
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the semantics of an unstyled list */}
      <ul ref={actions.list} role="list" className="empty:hidden">
        {rows.map((row, at) => (
          <SubtaskRow
            key={row.id}
            row={row}
            at={at}
            total={rows.length}
            onEdit={change => actions.edit(row.id, change)}
            onMove={to => actions.move(row.id, to)}
            onRemove={() => actions.remove(row.id)}
            onPromote={row.revision === undefined ? undefined : () => actions.promote(row)}
            onNext={() => actions.focusTitle(rows[at + 1]?.id)}
          />
        ))}
      </ul>
      {leaving.map(row => (
        <Leaving key={row.id} row={row} onKeep={() => actions.keep(row)} />
      ))}
      <AddSubtask field={actions.adding} onAdd={actions.add} />
      <p role="status" className="sr-only">
        {actions.said}
      </p>
    </fieldset>
  )
}

function Legend({ rows }: { rows: readonly Subtask[] }) {
  const completed = rows.filter(row => row.completed).length
  return (
    <legend className="mb-1 flex w-full items-baseline justify-between gap-3 font-medium">
      {editorTexts.subtasks}
      {rows.length > 0 && (
        <span className="text-sm font-normal text-ink-3">
          {editorTexts.subtasksDone({ completed, total: rows.length })}
        </span>
      )}
    </legend>
  )
}

function Leaving({ row, onKeep }: { row: Subtask; onKeep(): void }) {
  return (
    <p className="note my-1.5 flex flex-wrap items-center gap-2 text-sm">
      <span className="min-w-0 flex-[1_1_12rem]">{editorTexts.promoted({ title: row.title })}</span>
      <button type="button" className="btn btn-quiet min-h-9" onClick={onKeep}>
        {editorTexts.keepAsSubtask}
      </button>
    </p>
  )
}

type AddProps = { field: SubtaskRows['adding']; onAdd(titles: string[]): void }

function AddSubtask({ field, onAdd }: AddProps) {
  const [text, setText] = useState('')
  function add() {
    if (text.trim()) onAdd([text.trim()])
    setText('')
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !text.trim()) return
    event.preventDefault()
    add()
  }
  return (
    <div className="subtask">
      <span className="hit" aria-hidden="true">
        <Plus size={18} className="text-ink-3" />
      </span>
      <input
        ref={field}
        className="subtask-title"
        aria-label={editorTexts.addSubtask}
        placeholder={editorTexts.addSubtaskHint}
        autoComplete="off"
        enterKeyHint="enter"
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
        onPaste={event => {
          const titles = titlesOf(event.clipboardData.getData('text'))
          if (titles.length < 2) return
          event.preventDefault()
          onAdd(titles)
        }}
      />
    </div>
  )
}
