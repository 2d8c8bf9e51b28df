import { X } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { addTags, hasTag, MOST_TAGS, readTags, suggestTags } from '../tags/tag-names.ts'
import { editorTexts } from './editor-texts.ts'

type Props = { value: string[]; known: readonly string[]; onChange(tags: string[]): void }

/**
 * Chips, and a combobox to add more. The suggestions stand in the flow of the form, where no keyboard of a phone
 * covers them and no edge of the dialog cuts them off.
 */
export function TagField({ value, known, onChange }: Props) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [said, say] = useState('')
  const isFull = value.length >= MOST_TAGS
  const options = isOpen && !isFull ? optionsFor(text, known, value) : []

  function write(next: string) {
    // A space or a comma ends a tag, as it does where tasks are added.
    if (/[\s,]/.test(next)) return add(readTags(next))
    setText(next)
    setOpen(true)
    setActive(-1)
  }
  function add(names: string[]) {
    const next = addTags(value, names, known)
    if (next.length > value.length) say(editorTexts.tagAdded({ tag: next.at(-1)! }))
    onChange(next)
    setText('')
    setActive(-1)
  }
  function remove(tag: string) {
    onChange(value.filter(other => other !== tag))
    say(editorTexts.tagRemoved({ tag }))
    field.current?.focus()
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && options.length > 0) {
      event.preventDefault()
      setActive(at => (at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length)
    } else if (event.key === 'Enter' && (active >= 0 || text.trim())) {
      event.preventDefault()
      add(active >= 0 ? [options[active]!.name] : readTags(text))
    } else if (event.key === 'Escape' && isOpen && (text || active >= 0)) {
      event.preventDefault()
      event.stopPropagation()
      setText('')
      setOpen(false)
    } else if (event.key === 'Backspace' && !text && value.length > 0) remove(value.at(-1)!)
  }

  return (
    <div className="grid grid-cols-1 gap-1.5">
      <label htmlFor={id} className="font-medium">
        {editorTexts.tags}
      </label>
      <div className="input chips">
        {value.map(tag => (
          <Chip key={tag} tag={tag} onRemove={() => remove(tag)} />
        ))}
        <input
          ref={field}
          id={id}
          className="chips-input"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={options.length > 0}
          aria-controls={`${id}-options`}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-describedby={isFull ? `${id}-full` : undefined}
          placeholder={value.length === 0 ? editorTexts.addTag : undefined}
          autoCapitalize="none"
          autoComplete="off"
          enterKeyHint="done"
          value={text}
          onChange={event => write(event.target.value)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            if (text.trim()) add(readTags(text))
            setOpen(false)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label={editorTexts.tagSuggestions}
        className="flex flex-wrap gap-1.5 empty:hidden"
      >
        {options.map(({ name, label }, at) => (
          <Option
            key={name}
            id={`${id}-${at}`}
            label={label}
            isActive={at === active}
            onChoose={() => add([name])}
          />
        ))}
      </div>
      {isFull && (
        <p id={`${id}-full`} className="text-sm text-ink-3">
          {editorTexts.tagsFull}
        </p>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  )
}

function Chip({ tag, onRemove }: { tag: string; onRemove(): void }) {
  return (
    <span className="chip">
      <span className="truncate">#{tag}</span>
      <button type="button" className="chip-x" aria-label={editorTexts.removeTag({ tag })} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  )
}

type OptionProps = { id: string; label: string; isActive: boolean; onChoose(): void }

function Option({ id, label, isActive, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, which keeps the focus
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className="chip chip-option"
      // The field keeps the focus, and with it what is typed.
      onPointerDown={event => event.preventDefault()}
      onMouseDown={event => event.preventDefault()}
      onClick={onChoose}
    >
      {label}
    </div>
  )
}

function optionsFor(text: string, known: readonly string[], chosen: readonly string[]) {
  const found = suggestTags(known, chosen, text).map(name => ({ name, label: `#${name}` }))
  const [typed] = readTags(text)
  if (!typed || hasTag(known, typed) || hasTag(chosen, typed)) return found
  return [...found, { name: typed, label: editorTexts.createTag({ tag: typed }) }]
}
