import { type SubmitEvent, useId, useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { ErrorSummary, type Fault } from '../components/error-summary.tsx'
import { Field } from '../components/field.tsx'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import type { OverlayProps } from '../tasks/overlays.ts'
import type { Tag } from '../tasks/task.ts'
import { useTags } from '../tasks/use-view.ts'
import { isSameTag, readTags } from './tag-names.ts'
import { tagTexts } from './tag-texts.ts'
import { useTagActions } from './use-tag-actions.ts'

const focusOnMount = (element: HTMLElement | null) => element?.focus()

/** Renames a tag, merges it into another by giving it that one's name, or deletes it. */
export default function TagDialog({ tag, onClose }: OverlayProps<'tag'>) {
  const actions = useTagActions(tag)
  const { refetch, data: tags = [] } = useTags()
  const [name, setName] = useState(tag.name)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const [target, setTarget] = useState<Tag | null>(null)
  const id = useId()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const typed = name.trim().replace(/^#/, '')
    const [wanted] = readTags(typed)
    if (!wanted || wanted !== typed) return setFaults([{ fieldId: id, message: tagTexts.fault }])
    if (wanted === tag.name) return onClose()
    const findOther = (all: readonly Tag[]) =>
      all.find(known => known.id !== tag.id && isSameTag(known.name, wanted))
    const other = findOther(tags)
    if (other) return setTarget(other)
    try {
      await actions.rename(wanted)
      onClose()
    } catch (error) {
      // Another device may have made a tag of this name meanwhile.
      const made = failureOf(error).code === 'tag_exists' && findOther((await refetch()).data ?? [])
      if (made) return setTarget(made)
      setFaults([{ fieldId: id, message: explain(failureOf(error)) }])
    }
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
            onClick={() => finish(() => actions.merge(target))}
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
            onClick={() => finish(() => actions.remove())}
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
