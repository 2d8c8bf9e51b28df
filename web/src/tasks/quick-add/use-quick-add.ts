import { useRef, useState } from 'react'
import { drafts } from '../../session/current.ts'
import { useToday } from '../../today.ts'
import { actionTexts } from '../action-texts.ts'
import { viewTitles } from '../board-texts.ts'
import { quickAddTexts as texts } from '../quick-add-texts.ts'
import { LONGEST_TITLE, type NewTask, type Task } from '../task.ts'
import { useTaskServices } from '../task-services.ts'
import { useLists, useTags } from '../use-view.ts'
import { belongs, defaultsIn, type View } from '../views.ts'
import { contentOf, plainLine } from './content.ts'
import { type Grammar, grammarInHand, loadGrammar, useGrammar } from './grammar.ts'
import { contextOf, EMPTY, type Line, readLine, typed, writeLine } from './line.ts'
import type { KnownList } from './marks.ts'
import type { ParsedLine } from './parse.ts'

const DRAFT = 'add'
/** How long Enter waits for a grammar that is still under way before it takes the line as words. */
const PATIENCE = 2_000

/** The line being typed, what it means, and how it becomes a task. Nothing typed is ever lost. */
export function useQuickAdd(view: View) {
  const services = useTaskServices()
  const { user, organizes, actions } = services
  const today = useToday()
  const grammar = useGrammar(organizes)
  const lists = useLists().data ?? NONE
  const tags = useTags().data ?? NONE
  const [line, setLine] = useState(() => readLine(drafts.read(user.id, DRAFT)))
  const [fault, setFault] = useState('')
  const isBusy = useRef(false)

  const known = { lists: [{ id: null, name: viewTitles.inbox }, ...lists], tags: tags.map(tag => tag.name) }
  const understand = (by: Grammar | null, text: Line) =>
    by ? by.understand(text, known) : plainLine(text.text)
  const parsed = understand(grammar, line)
  const context = contextOf(line, defaultsIn(view, today))
  const over = [...parsed.title].length - LONGEST_TITLE

  function write(next: Line) {
    setLine(next)
    setFault('')
    drafts.write(user.id, DRAFT, writeLine(next))
  }

  /** The task that was added; undefined when something is missing, which is said then. */
  async function submit(): Promise<Task | undefined> {
    if (isBusy.current || !line.text.trim()) return undefined
    isBusy.current = true
    const by = grammarInHand() ?? (organizes ? await soon(loadGrammar()) : null)
    isBusy.current = false
    const meant = understand(by, line)
    if (!meant.title) setFault(texts.titleMissing)
    if (!meant.title || [...meant.title].length > LONGEST_TITLE) return undefined
    const newList = meant.list && meant.list.id === undefined && meant.list.name
    const made = newList ? by?.makeLists(services, [newList]) : undefined
    const content = contentOf(meant, context, made?.ids.values().next().value)
    const [task] = actions.add([content], saidElsewhere(content, meant), made?.undo)
    write(EMPTY)
    return task
  }

  /** What is not seen where it was written is said. */
  function saidElsewhere(content: NewTask, meant: ParsedLine) {
    const task = {
      completed: false,
      deleted_at: null,
      due: null,
      list: null,
      parent: null,
      tags: [],
      ...content,
    }
    if (belongs(task as unknown as Task, view, today) !== false) return null
    const list = meant.list ?? lists.find(({ id }) => id === content.list)
    const isPlanned = view.kind === 'today' || view.kind === 'upcoming'
    const place = list?.name ?? (isPlanned && content.due ? viewTitles.upcoming : viewTitles.inbox)
    return { text: actionTexts.added({ place }), detail: content.title }
  }

  return {
    ...{ line, write, parsed, context, grammar, known, lists, submit },
    type: (text: string) => write(typed(line, text)),
    problem: fault || (over > 0 ? texts.tooLong(over) : ''),
  }
}

const NONE: never[] = []

export type Known = { lists: readonly KnownList[]; tags: readonly string[] }
export type Understand = (line: Line, known: Known) => ParsedLine

function soon(grammar: Promise<Grammar>): Promise<Grammar | null> {
  const late = new Promise<null>(resolve => setTimeout(resolve, PATIENCE, null))
  return Promise.race([grammar.catch(() => null), late])
}
