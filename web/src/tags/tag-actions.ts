/**
 * What can be done to tags. A new name is undone by the old one; a merge and a deletion, which no request takes back,
 * wait in the outbox until their time to undo is over.
 */
import { showToast } from '../components/toasts.ts'
import { actionTexts } from '../tasks/action-texts.ts'
import type { Said } from '../tasks/offer-undo.ts'
import type { Place } from '../tasks/places.ts'
import type { Tag } from '../tasks/task.ts'
import type { TaskServices } from '../tasks/task-services.ts'
import { followTag, keepTagView } from './follow-tag.ts'
import { tagTexts } from './tag-texts.ts'

type Parts = Pick<TaskServices, 'client' | 'outbox' | 'offerUndo' | 'undoStack'>

export type TagActions = ReturnType<typeof createTagActions>

const pathTo = ({ id }: Tag) => `/tags/${id}`

export function createTagActions({ client, outbox, offerUndo, undoStack }: Parts) {
  function rename(tag: Tag, from: string, to: string) {
    keepTagView(client, from, to)
    outbox.putPlace({
      ...{ kind: 'tag', does: 'rename', of: tag.id, name: from, shows: { name: to }, retags: { from, to } },
      call: { method: 'PATCH', path: pathTo(tag), body: { name: to } },
    })
    followTag(from, to)
  }

  function holdUntilSaid(place: Place, said: Said) {
    const id = outbox.putPlace(place, true)
    const undo = () => {
      if (!outbox.cancel([id])) showToast({ text: actionTexts.tooLate })
    }
    const undoable = offerUndo(said, undo, () => {
      undoStack.drop(undoable)
      outbox.release(id)
    })
  }

  const goneTo = (tag: Tag, to: string | null) =>
    ({ kind: 'tag', of: tag.id, name: tag.name, shows: null, retags: { from: tag.name, to } }) as const

  return {
    rename(tag: Tag, name: string) {
      rename(tag, tag.name, name)
      const said = { text: tagTexts.renamed({ from: tag.name, to: name }) }
      offerUndo(said, () => rename(tag, name, tag.name))
    },
    merge(tag: Tag, into: Tag) {
      const call = { method: 'POST', path: `${pathTo(tag)}/merge`, body: { into: into.id } }
      const said = { text: tagTexts.merged({ from: tag.name, to: into.name }) }
      holdUntilSaid({ ...goneTo(tag, into.name), does: 'merge', call }, said)
      followTag(tag.name, into.name)
    },
    remove(tag: Tag) {
      const call = { method: 'DELETE', path: pathTo(tag) }
      const said = { text: tagTexts.removed({ tag: tag.name }) }
      holdUntilSaid({ ...goneTo(tag, null), does: 'remove', call }, said)
      followTag(tag.name, null)
    },
  }
}
