/** What is deleted for good waits until it can no longer be undone, since nothing brings it back. */
import { reportFailure } from '../components/report-failure.ts'
import { failureOf } from '../http.ts'
import { deferUntilSaid } from '../tasks/defer.ts'
import type { Task } from '../tasks/task.ts'
import type { TaskServices } from '../tasks/task-services.ts'
import { reloadViews } from '../tasks/view-cache.ts'
import { trashTexts } from './trash-texts.ts'

type Parts = Pick<TaskServices, 'api' | 'client' | 'outbox' | 'deferrals' | 'offerUndo' | 'undoStack'>

const EVERYTHING = { method: 'DELETE', path: '/trash' }
const purgeCall = (id: string) => ({ method: 'DELETE', path: `/trash/${id}` })

export function createTrashActions(parts: Parts) {
  const { api, client, outbox } = parts
  const isDeleting = () =>
    outbox
      .getState()
      .waiting.some(entry => (entry.place ? entry.place.does === 'remove' : entry.change.deleted))

  async function purge(id: string) {
    await api.request(purgeCall(id)).catch(error => {
      if (failureOf(error).status !== 404) throw error
    })
  }

  /** What was deleted after the person emptied the trash is not what they meant: it stays. */
  async function emptyUntil(moment: string) {
    const found = await readTrash()
    const old = found.filter(task => task.deleted_at! <= moment)
    if (old.length === found.length && !isDeleting()) await api.request(EVERYTHING)
    else for (const { id } of old) await purge(id)
  }

  async function readTrash(): Promise<Task[]> {
    const found: Task[] = []
    let page: string | null = '?trash=true&sort=deleted&limit=100'
    while (page) {
      const { tasks, next } = await api.list(page)
      found.push(...tasks)
      page = next
    }
    return found
  }

  return {
    purge(task: Task) {
      const deferral = {
        hides: [task.id],
        async send() {
          await purge(task.id)
          await reloadViews(client)
        },
        sendWhileLeaving: () => api.requestWhileLeaving(purgeCall(task.id)),
        onFailed: (error: unknown) => reportFailure(trashTexts.purgeFailed({ title: task.title }), error),
      }
      deferUntilSaid(parts, deferral, { text: trashTexts.purged, detail: task.title })
    },
    /** Everything that is in the trash now: `tasks` is what of it is loaded, latest first. */
    empty(tasks: readonly Task[]) {
      const moment = tasks.reduce(
        (latest, { deleted_at }) => (deleted_at! > latest ? deleted_at! : latest),
        '',
      )
      const deferral = {
        hides: [],
        trashUntil: moment,
        async send() {
          await emptyUntil(moment)
          await reloadViews(client)
        },
        sendWhileLeaving: () => isDeleting() || api.requestWhileLeaving(EVERYTHING),
        onFailed: (error: unknown) => reportFailure(trashTexts.emptyFailed, error),
      }
      deferUntilSaid(parts, deferral, { text: trashTexts.emptied })
    },
  }
}
