import './paste-dialog.css'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorSummary, type Fault } from '../../components/error-summary.tsx'
import { TextArea } from '../../components/field.tsx'
import { useSubmit } from '../../components/use-submit.ts'
import { texts as common } from '../../texts.ts'
import { LONGEST_TITLE, MOST_AT_ONCE, type NewTask } from '../task.ts'
import { useTaskServices } from '../task-services.ts'
import { chipsOf } from './chips.tsx'
import { contentOf } from './content.ts'
import { makeLists } from './make-lists.ts'
import type { ParsedLine } from './parse.ts'
import { linesOf, type PastedLine } from './paste.ts'
import { understand } from './understand.ts'
import { pasteTexts as texts } from './understanding-texts.ts'
import type { Known } from './use-quick-add.ts'

type Props = {
  text: string
  context: Partial<NewTask>
  known: Known
  onText(text: string): void
  onClose(): void
}

type Understood = PastedLine & { parsed: ParsedLine }

/** Many lines before they become as many tasks: what each of them says, and which cannot be one yet. */
export default function PasteDialog({ text, context, known, onText, onClose }: Props) {
  const services = useTaskServices()
  const lines = useUnderstood(useDeferredValue(text), known, services.organizes)
  const { faults, busy, submit } = useSubmit({
    check: () => faultsOf(understandAll(text, known, services.organizes)),
    send: async () => {
      const understood = understandAll(text, known, services.organizes)
      const { ids, undo } = makeLists(services, newLists(understood))
      const tasks = understood.map(line => taskOf(line, context, ids))
      services.actions.add(sameTags(tasks), { text: texts.added(tasks.length) }, undo)
      onClose()
    },
  })
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form className="grid gap-4" noValidate onSubmit={submit}>
        <ErrorSummary faults={faults} />
        <TextArea
          name="pasted"
          label={texts.lines}
          className="max-h-[28dvh] min-h-28 resize-none"
          rows={5}
          autoFocus
          value={text}
          onChange={event => onText(event.target.value)}
        />
        <Preview lines={lines} />
        <div className="flex flex-wrap justify-end gap-2">
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {common.cancel}
          </button>
          <button type="submit" className="btn btn-primary" aria-disabled={busy}>
            {busy ? texts.adding : texts.add(lines.length)}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** Enough to see what becomes of it; the rest scrolls. */
const SHOWN = 100

function Preview({ lines }: { lines: readonly Understood[] }) {
  return (
    <section aria-label={texts.preview} className="paste-preview" tabIndex={-1}>
      <ul>
        {lines.slice(0, SHOWN).map(({ number, completed, parsed }) => (
          <li key={number}>
            <span className={completed ? 'text-ink-3 line-through' : ''}>{parsed.title}</span>
            {chipsOf(parsed).map(({ key, icon: Icon, text }) => (
              <span key={key} className="paste-detail">
                <Icon size={13} aria-hidden="true" />
                {text}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

function useUnderstood(text: string, known: Known, organizes: boolean): Understood[] {
  const [first] = useState(known)
  const latest = useRef(first)
  return useMemo(() => understandAll(text, latest.current, organizes), [text, organizes])
}

function understandAll(text: string, known: Known, organizes: boolean): Understood[] {
  return linesOf(text).map(line => ({ ...line, parsed: understandOne(line.text, known, organizes) }))
}

/** A line of which nothing would be left as a title is a title. */
function understandOne(text: string, known: Known, organizes: boolean): ParsedLine {
  const parsed = organizes ? understand({ text, literal: [] }, known) : undefined
  return parsed?.title ? parsed : { title: text, tags: [], spans: [] }
}

function faultsOf(lines: readonly Understood[]): Fault[] {
  const fieldId = 'pasted'
  if (lines.length === 0) return [{ fieldId, message: texts.nothing }]
  const faults = lines.flatMap(({ number, parsed: { title } }) => {
    const over = [...title].length - LONGEST_TITLE
    const values = { line: number, title: `${title.slice(0, 40)}…` }
    return over > 0 ? [{ fieldId, message: texts.tooLong(over, values) }] : []
  })
  const surplus = lines.length - MOST_AT_ONCE
  return surplus > 0 ? [{ fieldId, message: texts.tooMany(surplus) }, ...faults] : faults
}

function newLists(lines: readonly Understood[]): string[] {
  return lines.flatMap(({ parsed: { list } }) => (list && list.id === undefined ? [list.name] : []))
}

function taskOf({ parsed, completed }: Understood, context: Partial<NewTask>, lists: Map<string, string>) {
  const task = contentOf(parsed, context, parsed.list && lists.get(parsed.list.name.toLowerCase()))
  return completed ? { ...task, completed } : task
}

/** A new tag is written as it was written first. */
function sameTags(tasks: readonly NewTask[]): NewTask[] {
  const names = new Map<string, string>()
  const asFirst = (tag: string) => {
    const key = tag.toLowerCase()
    if (!names.has(key)) names.set(key, tag)
    return names.get(key)!
  }
  return tasks.map(task => (task.tags ? { ...task, tags: task.tags.map(asFirst) } : task))
}
