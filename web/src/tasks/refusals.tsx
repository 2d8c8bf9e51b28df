import { explain } from '../explain.ts'
import { texts } from '../texts.ts'
import { boardTexts as t } from './board-texts.ts'
import { menuTexts } from './menu-texts.ts'
import type { Entry } from './outbox-entry.ts'
import { openOverlay } from './overlays.ts'
import { listRefusals, tagRefusals } from './place-texts.ts'
import type { Place } from './places.ts'
import { useOutbox, useTaskServices } from './task-services.ts'

/** What waits for its author. */
export default function Unsettled() {
  return (
    <>
      <Refusals />
      <Conflicts />
    </>
  )
}

/** What the server would not have: the words stay here until they are sent again or given up. */
function Refusals() {
  const { outbox } = useTaskServices()
  const { waiting } = useOutbox()
  const refused = waiting.filter(entry => entry.refused)
  return refused.map(entry => (
    <div
      key={entry.id}
      role="alert"
      className="note note-danger mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm"
    >
      <div className="min-w-0 flex-[1_1_12rem]">
        <p>
          {entry.place ? placeSentence(entry.place) : sentence(entry)}{' '}
          {entry.refused && explain(entry.refused)}
        </p>
        {entry.change?.description && <p className="whitespace-pre-wrap">{entry.change.description}</p>}
      </div>
      <button type="button" className="btn btn-quiet min-h-9" onClick={() => outbox.retry(entry.id)}>
        {texts.tryAgain}
      </button>
      <button type="button" className="btn btn-quiet min-h-9" onClick={() => outbox.discard(entry.id)}>
        {menuTexts.discard}
      </button>
    </div>
  ))
}

/** What was changed here and somewhere else waits here for a decision. */
function Conflicts() {
  const { entries } = useOutbox()
  const first = new Map<string, Entry>()
  for (const entry of entries)
    if (entry.theirs && !entry.refused && !first.has(entry.taskId)) first.set(entry.taskId, entry)
  return [...first.values()].map(entry => (
    <div
      key={entry.taskId}
      role="status"
      className="note mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm"
    >
      <p className="min-w-0 flex-[1_1_12rem]">{t.unsettled({ title: entry.base.title })}</p>
      <button
        type="button"
        className="btn btn-quiet min-h-9"
        onClick={() => openOverlay({ kind: 'conflict', entry })}
      >
        {t.decide}
      </button>
    </div>
  ))
}

function placeSentence({ kind, does, name, retags }: Place): string {
  if (kind === 'tag' && does === 'rename') return tagRefusals.rename({ name, to: retags?.to ?? '' })
  if (kind === 'tag') return tagRefusals[does === 'merge' ? 'merge' : 'remove']({ name })
  if (does === 'restore' && !name) return listRefusals.restoreUnnamed
  return listRefusals[does as Exclude<typeof does, 'rename' | 'merge'>]({ name })
}

function sentence({ isNew, base, change }: Entry): string {
  const title = change.title ?? base.title
  if (isNew) return menuTexts.refusedAdd({ title })
  return 'title' in change || 'description' in change
    ? menuTexts.refusedEdit({ title })
    : t.refused({ title })
}
