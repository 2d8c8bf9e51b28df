import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { pathTo, removal } from '../lists/list-places.ts'
import type { OverlayProps } from '../tasks/overlays.ts'
import type { Task } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { useLists } from '../tasks/use-view.ts'
import { findParent } from './find-parent.ts'
import { trashTexts } from './trash-texts.ts'

type Props = OverlayProps<'restore'>

/** What a task belonged to may be in the trash as well: then the person says what comes back. */
export default function RestoreDialog({ task, onClose }: Props) {
  const { api, actions } = useTaskServices()
  const lists = useLists()
  const parent = useQuery({
    queryKey: ['parent', task.id],
    queryFn: () => findParent(api, task.parent!),
    enabled: task.parent !== null,
    gcTime: 0,
    retry: false,
  })
  const listIsGone = task.list !== null && lists.isSuccess && !lists.data?.some(({ id }) => id === task.list)
  const isKnown = (task.parent === null || !parent.isPending) && !lists.isPending
  const asksForParent = task.parent !== null && parent.data !== undefined && parent.data !== 'there'
  const isPlain = isKnown && !asksForParent && !listIsGone
  // What cannot be asked now is not asked: the server knows where a task without its parent goes.
  useEffect(() => {
    if (!isPlain) return
    onClose()
    actions.restore([task])
  }, [isPlain, actions, task, onClose])
  if (!isKnown || isPlain) return null
  if (listIsGone) return <AskForList task={task} onClose={onClose} />
  return <AskForParent task={task} parent={parent.data as Task | 'gone'} onClose={onClose} />
}

function AskForParent({ task, parent, onClose }: Props & { parent: Task | 'gone' }) {
  const { actions } = useTaskServices()
  const { title } = task
  const restore = (...tasks: Task[]) => {
    onClose()
    actions.restore(tasks)
  }
  if (parent === 'gone') {
    return (
      <Question
        title={trashTexts.asTask}
        lead={trashTexts.parentGone({ title })}
        yes={trashTexts.asTask}
        onYes={() => restore(task)}
        onClose={onClose}
      />
    )
  }
  return (
    <Question
      title={trashTexts.parentTitle}
      lead={trashTexts.parentLead({ title, parent: parent.title })}
      yes={trashTexts.both}
      onYes={() => restore(parent, task)}
      onClose={onClose}
    >
      <button type="button" className="btn btn-quiet" onClick={() => restore(task)}>
        {trashTexts.onlySubtask}
      </button>
    </Question>
  )
}

function AskForList({ task, onClose }: Props) {
  const { actions, outbox, offerUndo } = useTaskServices()
  const { title } = task
  const of = task.list!
  const only = () => {
    onClose()
    actions.restore([task])
  }
  /** The task comes back in any case: a list that is gone for good leaves it to the Inbox. */
  function withList() {
    onClose()
    const call = { method: 'POST', path: `${pathTo(of)}/restore` }
    outbox.putPlace({ kind: 'list', does: 'restore', of, name: '', call })
    outbox.put([{ task, change: { deleted: false } }])
    offerUndo({ text: trashTexts.listRestored }, () => void outbox.putPlace(removal(of, '')))
  }
  return (
    <Question
      title={trashTexts.listTitle}
      lead={trashTexts.listLead({ title })}
      yes={trashTexts.withList}
      onYes={withList}
      onClose={onClose}
    >
      <button type="button" className="btn btn-quiet" onClick={only}>
        {trashTexts.onlyTask}
      </button>
    </Question>
  )
}

type QuestionProps = {
  title: string
  lead: string
  yes: string
  onYes(): void
  onClose(): void
  children?: ReactNode
}

function Question({ title, lead, yes, onYes, onClose, children }: QuestionProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="mb-5 text-ink-2 wrap-anywhere">{lead}</p>
      <div className="dialog-choices">
        <button type="button" className="btn btn-quiet" onClick={onClose}>
          {trashTexts.cancel}
        </button>
        {children}
        <button type="button" className="btn btn-primary" data-autofocus onClick={onYes}>
          {yes}
        </button>
      </div>
    </Dialog>
  )
}
