import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { ErrorSummary, type Fault } from '../components/error-summary.tsx'
import { Failed } from '../components/failed.tsx'
import { TextArea } from '../components/field.tsx'
import { useSubmit } from '../components/use-submit.ts'
import { wholeMoment } from '../dates.ts'
import { drafts } from '../session/current.ts'
import { texts } from '../texts.ts'
import { editorTexts } from './editor-texts.ts'
import { LONGEST_DESCRIPTION, LONGEST_TITLE, type Task } from './old-task.ts'
import { findTask } from './task-cache.ts'
import { useTaskServices } from './task-services.ts'
import { taskTexts } from './task-texts.ts'
import { useSaveTask } from './use-tasks.ts'

type Props = { id: string; onClose(): void }

export default function EditTask({ id, onClose }: Props) {
  const { api, client } = useTaskServices()
  const [listed] = useState(() => findTask(client, id))
  const read = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => api.read(id, signal),
    enabled: !listed,
    retry: false,
    gcTime: 0,
  })
  const task = listed ?? read.data
  return (
    <Dialog title={editorTexts.title} onClose={onClose}>
      {task && <Editor task={task} onClose={onClose} />}
      {read.isLoading && <div className="skeleton h-44" role="status" aria-label={texts.loading} />}
      {read.isError && (
        <Failed text={editorTexts.loadFailed} error={read.error} onRetry={() => void read.refetch()} />
      )}
    </Dialog>
  )
}

function Editor({ task, onClose }: { task: Task; onClose(): void }) {
  const { title, description, restored, setTitle, setDescription, forget } = useEditorDraft(task)
  const save = useSaveTask(task.id)
  const titleField = useRef<HTMLTextAreaElement>(null)
  const close = () => {
    forget()
    onClose()
  }
  const { faults, busy, submit, errorOf } = useSubmit({
    check: () => findFaults(title, description),
    send: async () => {
      await save({ title: title.trim(), description: description.trim() || null })
      close()
    },
  })
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {restored && (
        <p role="status" className="note">
          {editorTexts.restored}
        </p>
      )}
      <ErrorSummary faults={faults} />
      <TextArea
        ref={titleField}
        name="title"
        label={editorTexts.name}
        className="field-sizing-content resize-none"
        rows={1}
        autoFocus
        enterKeyHint="done"
        value={title}
        error={errorOf('title')}
        onChange={event => setTitle(event.target.value.replaceAll('\n', ' '))}
        onKeyDown={submitOnEnter}
      />
      <TextArea
        name="description"
        label={editorTexts.description}
        className="field-sizing-content max-h-[40dvh] min-h-24 resize-none"
        rows={4}
        value={description}
        error={errorOf('description')}
        onChange={event => setDescription(event.target.value)}
        onKeyDown={event => (event.ctrlKey || event.metaKey) && submitOnEnter(event)}
      />
      <p className="text-[0.8125rem] text-ink-3">{whenOf(task)}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={close}>
          {texts.cancel}
        </button>
        <button type="submit" className="btn btn-primary" aria-disabled={busy}>
          {busy ? editorTexts.saving : editorTexts.save}
        </button>
      </div>
    </form>
  )
}

function whenOf({ created_at, updated_at }: Task): string {
  const added = wholeMoment(created_at)
  if (created_at === updated_at) return taskTexts.added({ when: added })
  return editorTexts.addedAndChanged({ added, changed: wholeMoment(updated_at) })
}

function submitOnEnter(event: React.KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}

/** What is typed survives a reload and a session that ends, until it is saved or cancelled. */
function useEditorDraft(task: Task) {
  const { user } = useTaskServices()
  const name = `edit:${task.id}`
  const [draft, setDraft] = useState(() => readDraft(drafts.read(user.id, name)))
  const [restored] = useState(draft !== null)
  const current = draft ?? { title: task.title, description: task.description ?? '' }
  const change = (part: Partial<typeof current>) => {
    const next = { ...current, ...part }
    setDraft(next)
    drafts.write(user.id, name, JSON.stringify(next))
  }
  return {
    ...current,
    restored,
    setTitle: (title: string) => change({ title }),
    setDescription: (description: string) => change({ description }),
    forget: () => drafts.write(user.id, name, ''),
  }
}

function readDraft(text: string): { title: string; description: string } | null {
  return text ? JSON.parse(text) : null
}

function findFaults(title: string, description: string): Fault[] {
  const faults: Fault[] = []
  const titleOver = [...title.trim()].length - LONGEST_TITLE
  const descriptionOver = [...description.trim()].length - LONGEST_DESCRIPTION
  if (!title.trim()) faults.push({ fieldId: 'title', message: editorTexts.nameMissing })
  if (titleOver > 0) faults.push({ fieldId: 'title', message: taskTexts.tooLong(titleOver) })
  if (descriptionOver > 0) {
    faults.push({ fieldId: 'description', message: editorTexts.descriptionTooLong(descriptionOver) })
  }
  return faults
}
