import { ArrowUp, Maximize2, Plus } from 'lucide-react'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type RefObject,
  type SubmitEvent,
  Suspense,
  useEffect,
  useRef,
  useState,
} from 'react'
import { prefetched } from '../components/prefetched.tsx'
import { whenIdle } from '../idle.ts'
import { drafts } from '../session/current.ts'
import { isManyLines } from './quick-add/line.ts'
import type { AssistHandle, AssistState } from './quick-add/understanding.tsx'
import { useQuickAdd } from './quick-add/use-quick-add.ts'
import { quickAddTexts as texts } from './quick-add-texts.ts'
import { useTaskServices } from './task-services.ts'
import { useEdited } from './use-edited.ts'
import type { View } from './views.ts'

type Props = { view: View; input: RefObject<HTMLInputElement | null> }

const PasteDialog = prefetched(() => import('./quick-add/paste-dialog.tsx'))
const PASTED = 'pasted'
const CLOSED: AssistState = { isOpen: false }

export function QuickAdd({ view, input }: Props) {
  const { user, organizes } = useTaskServices()
  const [, open] = useEdited()
  const add = useQuickAdd(view)
  const { line, parsed, grammar, problem } = add
  const [pasted, setPasted] = useState(() => drafts.read(user.id, PASTED))
  const [isFocused, setFocused] = useState(false)
  const [caret, setCaret] = useState(0)
  const [assistance, setAssistance] = useState(CLOSED)
  const assist = useRef<AssistHandle>(null)
  useEffect(() => whenIdle(PasteDialog.prefetch), [])

  async function submit(opensDetails: boolean) {
    input.current?.focus()
    const task = await add.submit()
    if (task && opensDetails) open(task.id)
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing || assist.current?.onKeyDown(event)) return
    if (event.key === 'Escape') return event.currentTarget.blur()
    if (event.key !== 'Enter') return
    event.preventDefault()
    void submit(event.shiftKey)
  }

  function keepPasted(text: string) {
    drafts.write(user.id, PASTED, text)
    setPasted(text)
  }

  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData('text/plain')
    if (!isManyLines(text)) return
    event.preventDefault()
    keepPasted(text)
  }

  const hasText = line.text.trim() !== ''
  const isUnderstanding = grammar !== null && (isFocused || hasText)
  return (
    <>
      <form
        className="quick-add"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault()
          void submit(false)
        }}
        onFocus={() => setFocused(true)}
        onBlur={event => setFocused(event.currentTarget.contains(event.relatedTarget))}
      >
        <div className="focus-frame quick-add-field">
          <Plus size={19} aria-hidden="true" className="mx-3 flex-none text-ink-3" />
          <div className="quick-add-line">
            {grammar && <grammar.Marks text={line.text} spans={parsed.spans} input={input} />}
            <input
              ref={input}
              className="quick-add-input"
              aria-label={texts.add}
              aria-invalid={problem ? true : undefined}
              aria-describedby={problem ? 'quick-add-problem' : undefined}
              aria-keyshortcuts="q n"
              {...(organizes && comboboxOf(assistance))}
              placeholder={texts.placeholder}
              autoComplete="off"
              enterKeyHint="done"
              value={line.text}
              onChange={event => {
                add.type(event.target.value)
                setCaret(event.target.selectionStart ?? event.target.value.length)
              }}
              onSelect={event => setCaret(event.currentTarget.selectionStart ?? 0)}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
          </div>
          {hasText ? (
            <>
              <button
                type="button"
                className="icon-btn"
                aria-label={texts.details}
                title={texts.details}
                onClick={() => void submit(true)}
              >
                <Maximize2 size={16} aria-hidden="true" />
              </button>
              <button type="submit" className="btn btn-primary quick-add-button">
                <ArrowUp size={18} aria-hidden="true" className="sm:hidden" />
                <span className="max-sm:sr-only">{texts.addButton}</span>
              </button>
            </>
          ) : (
            <span className="kbd me-3 hidden sm:inline-grid" aria-hidden="true">
              Q
            </span>
          )}
        </div>
        {grammar && (
          <grammar.Assist
            ref={assist}
            caret={caret}
            isActive={isFocused}
            onState={setAssistance}
            {...{ add, input, setCaret }}
          />
        )}
        <div className="quick-add-below">
          <p id="quick-add-problem" role="alert" className="quick-add-problem empty:hidden">
            {problem}
          </p>
          {isUnderstanding && <grammar.Chips add={add} input={input} />}
        </div>
      </form>
      <Suspense>
        {pasted && (
          <PasteDialog
            text={pasted}
            context={add.context}
            known={add.known}
            onText={keepPasted}
            onClose={() => keepPasted('')}
          />
        )}
      </Suspense>
    </>
  )
}

function comboboxOf({ isOpen, activeId }: AssistState) {
  return {
    role: 'combobox',
    'aria-autocomplete': 'list' as const,
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? 'quick-add-suggestions' : undefined,
    'aria-activedescendant': activeId,
  }
}
