import { Folder, Hash } from 'lucide-react'
import {
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { asWords, typed } from './line.ts'
import { type Suggestions, suggestionsFor, withName } from './suggestions.ts'
import { understandingTexts as texts } from './understanding-texts.ts'
import type { useQuickAdd } from './use-quick-add.ts'

export interface AssistHandle {
  /** True when the key was meant for it. */
  onKeyDown(event: KeyboardEvent<HTMLInputElement>): boolean
}

export interface AssistState {
  isOpen: boolean
  activeId?: string
}

type Props = {
  ref: Ref<AssistHandle>
  add: Pick<ReturnType<typeof useQuickAdd>, 'line' | 'write' | 'parsed' | 'known'>
  input: RefObject<HTMLInputElement | null>
  caret: number
  setCaret(caret: number): void
  isActive: boolean
  onState(state: AssistState): void
}

const optionId = (at: number) => `quick-add-suggestion-${at}`

/** Names to choose from after # and /, and Backspace that turns what was understood back into words. */
export function Assist({ ref, add, input, caret, setCaret, isActive, onState }: Props) {
  const { line, write, parsed, known } = add
  const [dismissed, setDismissed] = useState(-1)
  const [chosen, setChosen] = useState<{ text: string; at: number } | null>(null)
  const goTo = useRef<number | null>(null)
  const found = isActive ? suggestionsFor(line, caret, known) : undefined
  const suggestions = found && found.place.start !== dismissed ? found : undefined
  const active = chosen?.text === line.text ? chosen.at : suggestions?.isNarrowed ? 0 : -1

  useLayoutEffect(() => {
    if (goTo.current === null) return
    input.current?.setSelectionRange(goTo.current, goTo.current)
    goTo.current = null
  })

  const isOpen = suggestions !== undefined
  useLayoutEffect(() => {
    onState(isOpen && active >= 0 ? { isOpen, activeId: optionId(active) } : { isOpen })
  }, [isOpen, active, onState])

  function choose(from: Suggestions, name: string) {
    const next = withName(line.text, from, name)
    goTo.current = next.caret
    setCaret(next.caret)
    write(typed(line, next.text))
    input.current?.focus()
  }

  /** Right behind what was understood. */
  function backToWords({ currentTarget: field }: KeyboardEvent<HTMLInputElement>): boolean {
    if (field.selectionStart !== field.selectionEnd) return false
    const span = parsed.spans.find(({ kind, end }) => kind !== 'text' && end === field.selectionEnd)
    if (span) write(asWords(line, [span]))
    return span !== undefined
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>): boolean {
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
    if (event.key === 'Backspace' && isPlain) return backToWords(event)
    if (!suggestions || !isPlain) return false
    const { names, place } = suggestions
    const name = names[active]
    if (event.key === 'Escape') setDismissed(place.start)
    else if (event.key === 'ArrowDown') setChosen({ text: line.text, at: (active + 1) % names.length })
    else if (event.key === 'ArrowUp') {
      setChosen({ text: line.text, at: (Math.max(active, 0) - 1 + names.length) % names.length })
    } else if ((event.key === 'Enter' || event.key === 'Tab') && name) choose(suggestions, name)
    else return false
    return true
  }

  useImperativeHandle(ref, () => ({
    onKeyDown(event) {
      const isMine = onKey(event)
      if (isMine) event.preventDefault()
      return isMine
    },
  }))

  if (!suggestions) return null
  const isTag = suggestions.kind === 'tag'
  const Icon = isTag ? Hash : Folder
  return (
    <ul
      id="quick-add-suggestions"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern of a combobox with a list
      role="listbox"
      className="suggestions"
      aria-label={isTag ? texts.tags : texts.lists}
    >
      {suggestions.names.map((name, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, where the focus stays
        <li
          key={name}
          id={optionId(at)}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: as above
          role="option"
          tabIndex={-1}
          className="suggestion"
          aria-selected={at === active}
          onMouseDown={event => event.preventDefault()}
          onClick={() => choose(suggestions, name)}
        >
          <Icon size={15} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  )
}
