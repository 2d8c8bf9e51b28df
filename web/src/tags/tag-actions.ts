/**
 * What can be done to tags. A new name is sent at once and undone by the old one; a merge and a deletion, which no
 * request takes back, wait until their time to undo is over.
 */
import type { QueryClient } from '@tanstack/react-query'
import { reportFailure } from '../components/report-failure.ts'
import { deferUntilSaid } from '../tasks/defer.ts'
import type { Deferral, Deferrals } from '../tasks/deferrals.ts'
import type { Offer, Said } from '../tasks/offer-undo.ts'
import type { Tag } from '../tasks/task.ts'
import type { Call, TasksApi } from '../tasks/tasks-api.ts'
import type { UndoStack } from '../tasks/undo-stack.ts'
import { reloadViews } from '../tasks/view-cache.ts'
import { tagTexts } from './tag-texts.ts'

type Parts = {
  api: Pick<TasksApi, 'ask' | 'request' | 'requestWhileLeaving'>
  client: QueryClient
  deferrals: Deferrals
  offerUndo: Offer
  undoStack: UndoStack
}

export type TagActions = ReturnType<typeof createTagActions>

export function createTagActions(parts: Parts) {
  const { api, client, offerUndo } = parts
  const patch = (tag: Tag, name: string) =>
    api.ask<Tag>({ method: 'PATCH', path: `/tags/${tag.id}`, body: { name } })

  async function renameBack(tag: Tag) {
    try {
      await patch(tag, tag.name)
    } catch (error) {
      reportFailure(tagTexts.renameFailed({ tag: tag.name }), error)
    }
    await reloadViews(client)
  }

  function defer(call: Call, tag: Tag, becomes: string | null, texts: { done: Said; failed: string }) {
    const deferral: Deferral = {
      hides: [tag.id],
      tags: { [tag.name.toLowerCase()]: becomes },
      async send() {
        await api.request(call)
        await reloadViews(client)
      },
      sendWhileLeaving: () => api.requestWhileLeaving(call),
      onFailed: error => reportFailure(texts.failed, error),
    }
    deferUntilSaid(parts, deferral, texts.done)
  }

  return {
    /** Throws when it did not work; `tag_exists` is the offer to merge. */
    async rename(tag: Tag, name: string): Promise<void> {
      await patch(tag, name)
      offerUndo({ text: tagTexts.renamed({ from: tag.name, to: name }) }, () => void renameBack(tag))
      await reloadViews(client)
    },
    merge(tag: Tag, into: Tag) {
      const call = { method: 'POST', path: `/tags/${tag.id}/merge`, body: { into: into.id } }
      defer(call, tag, into.name, {
        done: { text: tagTexts.merged({ from: tag.name, to: into.name }) },
        failed: tagTexts.mergeFailed({ tag: tag.name }),
      })
    },
    remove(tag: Tag) {
      defer({ method: 'DELETE', path: `/tags/${tag.id}` }, tag, null, {
        done: { text: tagTexts.removed({ tag: tag.name }) },
        failed: tagTexts.removeFailed({ tag: tag.name }),
      })
    },
  }
}
