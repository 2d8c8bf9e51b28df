import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { drafts } from '../session/current.ts'
import { focusRow } from '../tasks/row-focus.ts'
import { LONGEST_TITLE, type Task } from '../tasks/task.ts'
import { useActions, useTaskServices } from '../tasks/task-services.ts'
import { endTitleEdit } from '../tasks/title-edit.ts'
import { editorTexts } from './editor-texts.ts'

/** The title as a field in its row: Enter and leaving it save, Escape gives back what was there. */
export default function TitleField({ task }: { task: Task }) {
  const { user } = useTaskServices()
  const actions = useActions()
  // What another device makes of it meanwhile is theirs: the change is for the title that was read here.
  const [before] = useState(task)
  const draft = `title:${task.id}`
  const [title, setTitle] = useState(() => drafts.read(user.id, draft) || before.title)
  const field = useRef<HTMLTextAreaElement>(null)
  const isOver = useRef(false)
  const id = useId()
  const over = [...title.trim()].length - LONGEST_TITLE
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])

  function write(next: string) {
    setTitle(next)
    drafts.write(user.id, draft, next === before.title ? '' : next)
  }
  function end({ keepsFocus }: { keepsFocus: boolean }) {
    if (isOver.current) return
    isOver.current = true
    drafts.write(user.id, draft, '')
    endTitleEdit(task.id)
    if (keepsFocus) focusRow(task.id)
  }
  /** Nothing is no title: what was there stays. */
  function save({ keepsFocus }: { keepsFocus: boolean }) {
    const next = title.trim()
    if (over > 0 || isOver.current) return
    end({ keepsFocus })
    if (next && next !== before.title)
      actions.change([before], { title: next }, { text: editorTexts.renamed, detail: next })
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') save({ keepsFocus: true })
    else if (event.key === 'Escape') end({ keepsFocus: true })
    else return
    event.preventDefault()
  }

  return (
    <>
      <textarea
        ref={field}
        rows={1}
        className="row-field field-sizing-content"
        aria-label={editorTexts.name}
        aria-invalid={over > 0}
        aria-describedby={over > 0 ? id : undefined}
        autoComplete="off"
        enterKeyHint="done"
        value={title}
        onChange={event => write(event.target.value.replaceAll('\n', ' '))}
        onKeyDown={onKeyDown}
        onBlur={() => save({ keepsFocus: false })}
      />
      {over > 0 && (
        <p id={id} role="alert" className="text-sm text-danger">
          {editorTexts.nameTooLong(over)}
        </p>
      )}
    </>
  )
}
