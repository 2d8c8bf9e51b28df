import { type SubmitEvent, useId, useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { ErrorSummary, type Fault } from '../components/error-summary.tsx'
import { Field } from '../components/field.tsx'
import type { OverlayProps } from '../tasks/overlays.ts'
import type { Tag } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { useTags } from '../tasks/use-view.ts'
import { createTagActions } from './tag-actions.ts'
import { isSameTag, readTags } from './tag-names.ts'
import { tagTexts } from './tag-texts.ts'

const focusOnMount = (element: HTMLElement | null) => element?.focus()

/** Renames a tag, merges it into another by giving it that one's name, or deletes it. */
export default function TagDialog({ tag, onClose }: OverlayProps<'tag'>) {
  const actions = createTagActions(useTaskServices())
  const { data: tags = [] } = useTags()
  const [name, setName] = useState(tag.name)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const [target, setTarget] = useState<Tag | null>(null)
  const id = useId()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const typed = name.trim().replace(/^#/, '')
    const [wanted] = readTags(typed)
    if (!wanted || wanted !== typed) return setFaults([{ fieldId: id, message: tagTexts.fault }])
    if (wanted === tag.name) return onClose()
    const other = tags.find(known => known.id !== tag.id && isSameTag(known.name, wanted))
    if (other) return setTarget(other)
    finish(() => actions.rename(tag, wanted))
  }
  function finish(act: () => void) {
    onClose()
    act()
  }

  if (target) {
    return (
      <Dialog title={tagTexts.merge({ to: target.name })} onClose={onClose}>
        <p className="mb-5 text-ink-2 wrap-anywhere">
          {tagTexts.mergeLead(tag.open, { from: tag.name, to: target.name })}
        </p>
        <div className="dialog-choices">
          <button type="button" className="btn btn-quiet" onClick={() => setTarget(null)}>
            {tagTexts.cancel}
          </button>
          <button
            type="button"
            className="btn btn-primary"
            ref={focusOnMount}
            onClick={() => finish(() => actions.merge(tag, target))}
          >
            {tagTexts.merge({ to: target.name })}
          </button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={`#${tag.name}`} onClose={onClose}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <ErrorSummary faults={faults} />
        <Field
          id={id}
          label={tagTexts.name}
          hint={tagTexts.open(tag.open)}
          error={faults[0]?.message}
          autoFocus
          autoCapitalize="none"
          autoComplete="off"
          enterKeyHint="done"
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <button
            type="button"
            className="btn btn-danger me-auto"
            onClick={() => finish(() => actions.remove(tag))}
          >
            {tagTexts.remove}
          </button>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {tagTexts.cancel}
          </button>
          <button type="submit" className="btn btn-primary">
            {tagTexts.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
