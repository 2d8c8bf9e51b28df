import { CalendarDays, Flag, Folder, Hash, Inbox, type LucideIcon, Repeat, X } from 'lucide-react'
import type { RefObject } from 'react'
import { dayWords, dueLabel } from '../../dates.ts'
import { currentDate } from '../../today.ts'
import type { NewTask } from '../task.ts'
import { asWords, type ContextPart, without } from './line.ts'
import type { ParsedLine, Span } from './parse.ts'
import { recurrenceWords } from './recurrence-words.ts'
import { understandingTexts as texts } from './understanding-texts.ts'
import type { useQuickAdd } from './use-quick-add.ts'

export interface Chip {
  key: string
  icon: LucideIcon
  text: string
  tone?: string
  /** Where it stands in the line; or the part of the view it comes from. */
  from: readonly Span[] | ContextPart
}

type Props = {
  add: Pick<ReturnType<typeof useQuickAdd>, 'line' | 'write' | 'parsed' | 'context' | 'lists'>
  input: RefObject<HTMLInputElement | null>
}

/** What was understood, and what the view adds to it; each can be taken back. */
export function Chips({ add, input }: Props) {
  const { line, write, parsed, context, lists } = add
  const chips = [
    ...chipsOf(parsed),
    ...contextChips(parsed, context, id => lists.find(list => list.id === id)?.name),
  ]
  const remove = ({ from }: Chip) => {
    write(typeof from === 'string' ? without(line, from) : asWords(line, from))
    input.current?.focus()
  }
  return (
    <>
      <ul className="quick-chips" aria-label={texts.understood}>
        {chips.map(chip => (
          <ChipItem key={chip.key} chip={chip} onRemove={() => remove(chip)} />
        ))}
      </ul>
      <p role="status" className="sr-only">
        {chips.map(chip => chip.text).join(', ')}
      </p>
      {line.text === '' && <p className="quick-add-hint">{texts.hint}</p>}
    </>
  )
}

function ChipItem({ chip, onRemove }: { chip: Chip; onRemove(): void }) {
  const { icon: Icon, text, tone = '', from } = chip
  const label = typeof from === 'string' ? texts.notHere({ what: text }) : texts.asWords({ what: text })
  return (
    <li className={`quick-chip ${tone}`}>
      <Icon size={14} aria-hidden="true" />
      <span className="quick-chip-text">{text}</span>
      <button type="button" className="quick-chip-x" aria-label={label} title={label} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  )
}

export function chipsOf(parsed: ParsedLine): Chip[] {
  const { due, priority, tags, list, recurrence, spans } = parsed
  const of = (kind: Span['kind']) => spans.filter(span => span.kind === kind)
  const today = currentDate()
  const chips: Chip[] = []
  const dues = of('due')
  if (due && dues.length > 0) {
    chips.push({
      key: 'due',
      icon: CalendarDays,
      text: dueLabel(due, today),
      tone: 'quick-chip-due',
      from: dues,
    })
  }
  if (recurrence) {
    const repetition = recurrenceWords(recurrence)
    const text =
      due && dues.length === 0
        ? texts.from({ repetition, day: dayWords(due.slice(0, 10), today) })
        : repetition
    chips.push({ key: 'recurrence', icon: Repeat, text, tone: 'quick-chip-due', from: of('recurrence') })
  }
  if (priority) {
    const tone = `quick-chip-p${priority}`
    chips.push({
      key: 'priority',
      icon: Flag,
      text: texts.priority({ priority }),
      tone,
      from: of('priority'),
    })
  }
  if (list) {
    const text = list.id === undefined ? texts.newList({ name: list.name }) : list.name
    chips.push({ key: 'list', icon: list.id === null ? Inbox : Folder, text, from: of('list') })
  }
  const tagSpans = of('tag')
  const tagChips = tags.map((tag, at) => ({ key: `#${tag}`, icon: Hash, text: tag, from: [tagSpans[at]!] }))
  return [...chips, ...tagChips]
}

function contextChips(
  parsed: ParsedLine,
  { due, list, tags = [] }: Partial<NewTask>,
  nameOf: (list: string) => string | undefined,
): Chip[] {
  const chips: Chip[] = []
  if (due && !parsed.due) {
    const text = dueLabel(due, currentDate())
    chips.push({ key: 'context due', icon: CalendarDays, text, from: 'due' })
  }
  const name = list && !parsed.list && nameOf(list)
  if (name) chips.push({ key: 'context list', icon: Folder, text: name, from: 'list' })
  const said = new Set(parsed.tags.map(tag => tag.toLowerCase()))
  const own = tags.filter(tag => !said.has(tag.toLowerCase()))
  return [
    ...chips,
    ...own.map(tag => ({ key: `context ${tag}`, icon: Hash, text: tag, from: 'tags' as const })),
  ]
}
