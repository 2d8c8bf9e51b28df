import type { KeyboardEvent, ReactNode } from 'react'
import { ErrorSummary } from '../components/error-summary.tsx'
import { Failed } from '../components/failed.tsx'
import { TextArea } from '../components/field.tsx'
import { useSubmit } from '../components/use-submit.ts'
import { wholeMoment } from '../dates.ts'
import type { List, Task } from '../tasks/task.ts'
import { texts } from '../texts.ts'
import type { Content } from './content.ts'
import { changesIn, type Draft, type DraftChanges } from './draft.ts'
import { DueField } from './due-field.tsx'
import { editorTexts } from './editor-texts.ts'
import { findFaults } from './faults.ts'
import { ListField } from './list-field.tsx'
import { PriorityField } from './priority-field.tsx'
import { RepeatField } from './repeat-field.tsx'
import { SubtaskField } from './subtask-field.tsx'
import type { SubtaskDraft } from './subtasks.ts'
import { TagField } from './tag-field.tsx'
import { useEditorDraft } from './use-editor-draft.ts'
import type { Subtasks } from './use-subtasks.ts'

type Props = {
  userId: string
  task: Task
  subtasks: Subtasks
  lists: readonly List[]
  tags: readonly string[]
  /** False with a backend of the core alone: title and description are all there is. */
  organizes: boolean
  /** Leads to the task that this is a step of. */
  above?: ReactNode
  onSave(changes: DraftChanges, draft: Draft): void
  onClose(): void
}

export function EditorForm({
  userId,
  task,
  subtasks,
  lists,
  tags,
  organizes,
  above,
  onSave,
  onClose,
}: Props) {
  const { draft, isRestored, edit, forget } = useEditorDraft(userId, task, subtasks.tasks)
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
    <form onSubmit={submit} noValidate className="grid grid-cols-1 gap-5">
      {above}
      {isRestored && <Restored onDiscard={forget} />}
      <ErrorSummary faults={faults} />
      <TextArea
        id="task-title"
        name="title"
        label={editorTexts.name}
        className="field-sizing-content resize-none"
        rows={1}
        autoFocus
        enterKeyHint="done"
        value={content.title}
        error={errorOf('task-title')}
        onChange={event => change({ title: event.target.value.replaceAll('\n', ' ') })}
        onKeyDown={submitOnEnter}
      />
      <TextArea
        id="task-description"
        name="description"
        label={editorTexts.description}
        className="field-sizing-content max-h-[40dvh] min-h-20 resize-none"
        rows={3}
        value={content.description ?? ''}
        error={errorOf('task-description')}
        onChange={event => change({ description: event.target.value })}
        onKeyDown={event => (event.ctrlKey || event.metaKey) && submitOnEnter(event)}
      />
      {organizes && (
        <>
          <div className="grid grid-cols-1 gap-5 sm:grid-cols-2 sm:gap-4">
            <DueField due={content.due} recurrence={content.recurrence} onChange={change} />
            <RepeatField due={content.due} recurrence={content.recurrence} onChange={change} />
          </div>
          <PriorityField value={content.priority} onChange={priority => change({ priority })} />
          {task.parent === null && (
            <ListField value={content.list} lists={lists} onChange={list => change({ list })} />
          )}
          <TagField value={content.tags} known={tags} onChange={next => change({ tags: next })} />
          {task.parent === null && (
            <Steps subtasks={subtasks} draft={draft} onChange={next => edit({ subtasks: next })} />
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

type StepsProps = { subtasks: Subtasks; draft: Draft; onChange(subtasks: SubtaskDraft): void }

function Steps({ subtasks: { error, refetch }, draft, onChange }: StepsProps) {
  if (draft.subtasks) return <SubtaskField value={draft.subtasks} onChange={onChange} />
  if (error) return <Failed text={editorTexts.subtasksFailed} error={error} onRetry={refetch} />
  return <div className="skeleton h-11" role="status" aria-label={texts.loading} />
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
