import './editor.css'
import { Dialog } from '../components/dialog.tsx'
import { Failed } from '../components/failed.tsx'
import type { Task } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { useEdited } from '../tasks/use-edited.ts'
import { useLists, useTags, useTask } from '../tasks/use-view.ts'
import { texts } from '../texts.ts'
import { EditorForm } from './editor-form.tsx'
import { editorTexts } from './editor-texts.ts'
import { saveDraft } from './save.ts'
import { useSubtasks } from './use-subtasks.ts'

type Props = { id: string; onClose(): void }

export default function EditTask({ id, onClose }: Props) {
  const { task, error, isLoading, refetch } = useTask(id)
  return (
    <Dialog title={editorTexts.title} onClose={onClose}>
      {task && <WithSubtasks task={task} onClose={onClose} />}
      {isLoading && <div className="skeleton h-44" role="status" aria-label={texts.loading} />}
      {!task && error && (
        <Failed text={editorTexts.loadFailed} error={error} onRetry={() => void refetch()} />
      )}
    </Dialog>
  )
}

/** The form is there at once; what hangs on the task comes into it. */
function WithSubtasks({ task, onClose }: { task: Task; onClose(): void }) {
  const { user, organizes, outbox, offerUndo } = useTaskServices()
  const hasSubtasks = organizes && task.parent === null
  const subtasks = useSubtasks(task, hasSubtasks)
  const { data: lists = [] } = useLists()
  const { data: tags = [] } = useTags()
  return (
    <EditorForm
      userId={user.id}
      task={task}
      subtasks={subtasks}
      lists={lists}
      tags={tags.map(tag => tag.name)}
      organizes={organizes}
      above={task.parent !== null && <ParentLink id={task.parent} />}
      onSave={(changes, draft) => saveDraft({ userId: user.id, outbox, offerUndo }, changes, draft)}
      onClose={onClose}
    />
  )
}

function ParentLink({ id }: { id: string }) {
  const { task } = useTask(id)
  const [, edit] = useEdited()
  if (!task) return null
  return (
    <p className="text-sm">
      <button type="button" className="link min-h-6 text-start wrap-anywhere" onClick={() => edit(id)}>
        {editorTexts.subtaskOf({ title: task.title })}
      </button>
    </p>
  )
}
