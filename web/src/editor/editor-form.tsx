import type { KeyboardEvent } from 'react'
import { ErrorSummary } from '../components/error-summary.tsx'
import { TextArea } from '../components/field.tsx'
import { useSubmit } from '../components/use-submit.ts'
import { wholeMoment } from '../dates.ts'
import { todayHere } from '../plain-dates.ts'
import type { List, Task } from '../tasks/task.ts'
import type { Content } from './content.ts'
import { changesIn, type Draft, type DraftChanges } from './draft.ts'
import { editorTexts } from './editor-texts.ts'
import { DueField } from './due-field.tsx'
import { findFaults } from './faults.ts'
import { ListField } from './list-field.tsx'
import { PriorityField } from './priority-field.tsx'
import { SubtaskField } from './subtask-field.tsx'
import { TagField } from './tag-field.tsx'
import { useEditorDraft } from './use-editor-draft.ts'

type Props = {
  userId: string
  task: Task
  subtasks: Task[]
  lists: readonly List[]
  tags: readonly string[]
  /** False with a backend of the core alone: title and description are all there is. */
  organizes: boolean
  onSave(changes: DraftChanges, draft: Draft): void
  onClose(): void
}

export function EditorForm({ userId, task, subtasks, lists, tags, organizes, onSave, onClose }: Props) {
  const { draft, isRestored, edit, forget } = useEditorDraft(userId, task, subtasks)
  const { content } = draft
  const change = (part: Partial<Content>) => edit({ content: { ...content, ...part } })
  const close = () => {
    forget()
    onClose()
  }
  const { faults, submit, errorOf } = useSubmit({
    check: () => findFaults(draft),
    send: async () => {
      const changes = changesIn(draft)
      if (changes) onSave(changes, draft)
      close()
    },
  })
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      {isRestored && <Restored onDiscard={forget} />}
      <ErrorSummary faults={faults} />
      <TextArea
        name="title"
        label={editorTexts.name}
        className="field-sizing-content resize-none"
        rows={1}
        autoFocus
        enterKeyHint="done"
        value={content.title}
        error={errorOf('title')}
        onChange={event => change({ title: event.target.value.replaceAll('\n', ' ') })}
        onKeyDown={submitOnEnter}
      />
      <TextArea
        name="description"
        label={editorTexts.description}
        className="field-sizing-content max-h-[40dvh] min-h-20 resize-none"
        rows={3}
        value={content.description ?? ''}
        error={errorOf('description')}
        onChange={event => change({ description: event.target.value })}
        onKeyDown={event => (event.ctrlKey || event.metaKey) && submitOnEnter(event)}
      />
      {organizes && (
        <>
          <DueField
            due={content.due}
            recurrence={content.recurrence}
            onChange={change}
          />
          <PriorityField value={content.priority} onChange={priority => change({ priority })} />
          {task.parent === null && (
            <ListField value={content.list} lists={lists} onChange={list => change({ list })} />
          )}
          <TagField value={content.tags} known={tags} onChange={next => change({ tags: next })} />
          {task.parent === null && (
            <SubtaskField value={draft.subtasks} onChange={next => edit({ subtasks: next })} />
          )}
        </>
      )}
      <p className="text-[0.8125rem] text-ink-3">{whenOf(task)}</p>
      <div className="dialog-foot">
        <button type="button" className="btn btn-quiet" onClick={close}>
          {editorTexts.cancel}
        </button>
        <button type="submit" className="btn btn-primary">
          {editorTexts.save}
        </button>
      </div>
    </form>
  )
}

function Restored({ onDiscard }: { onDiscard(): void }) {
  return (
    <div role="status" className="note flex flex-wrap items-center gap-x-3 gap-y-1">
      <p className="min-w-0 flex-[1_1_12rem]">{editorTexts.restored}</p>
      <button type="button" className="btn btn-quiet min-h-9" onClick={onDiscard}>
        {editorTexts.discard}
      </button>
    </div>
  )
}

function whenOf({ created_at, updated_at }: Task): string {
  const added = wholeMoment(created_at)
  if (created_at === updated_at) return editorTexts.added({ when: added })
  return editorTexts.addedChanged({ added, changed: wholeMoment(updated_at) })
}

function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}
