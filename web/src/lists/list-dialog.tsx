import './lists.css'
import { Dialog } from '../components/dialog.tsx'
import type { OverlayProps } from '../tasks/overlays.ts'
import { type ListContent, ListForm } from './list-form.tsx'
import { listTexts } from './list-texts.ts'
import { useListActions } from './use-list-actions.ts'

/** Makes a list, or changes or deletes one. */
export default function ListDialog({ list, onClose }: OverlayProps<'list'>) {
  const actions = useListActions()
  function submit(content: ListContent) {
    onClose()
    if (!list) actions.create(content)
    else if (content.name !== list.name || content.color !== list.color) actions.change(list, content)
  }
  function remove() {
    onClose()
    if (list) actions.remove(list)
  }
  return (
    <Dialog title={list ? listTexts.edit : listTexts.create} onClose={onClose}>
      <ListForm
        content={list ?? { name: '', color: 'blue' }}
        submitLabel={list ? listTexts.save : listTexts.add}
        onSubmit={submit}
        onCancel={onClose}
        onRemove={list ? remove : undefined}
      />
    </Dialog>
  )
}
