import './lists.css'
import { useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import type { OverlayProps } from '../tasks/overlays.ts'
import { uuidv7 } from '../uuid.ts'
import { type ListContent, ListForm } from './list-form.tsx'
import { listTexts } from './list-texts.ts'
import { useListActions } from './use-list-actions.ts'

/** Makes a list, or changes or deletes one. */
export default function ListDialog({ list, onClose }: OverlayProps<'list'>) {
  const actions = useListActions()
  const [id] = useState(() => uuidv7())
  async function submit(content: ListContent) {
    if (!list) await actions.create(id, content)
    else if (content.name !== list.name || content.color !== list.color) void actions.change(list, content)
    onClose()
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
