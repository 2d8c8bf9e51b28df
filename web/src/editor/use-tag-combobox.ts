import { type KeyboardEvent, useRef, useState } from 'react'
import { addTags, hasTag, MOST_TAGS, readTags, suggestTags } from '../tags/tag-names.ts'
import { editorTexts } from './editor-texts.ts'

export type TagProps = { value: string[]; known: readonly string[]; onChange(tags: string[]): void }

/** The state and the keys of the field that adds tags; the suggestions never take the focus from it. */
export function useTagCombobox({ value, known, onChange }: TagProps) {
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
  /** What was typed and not chosen yet is meant as well. */
  function leave() {
    if (text.trim()) add(readTags(text))
    setOpen(false)
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

  return {
    field,
    text,
    options,
    active,
    isFull,
    said,
    write,
    add,
    remove,
    enter: () => setOpen(true),
    leave,
    onKeyDown,
  }
}

function optionsFor(text: string, known: readonly string[], chosen: readonly string[]) {
  const found = suggestTags(known, chosen, text).map(name => ({ name, label: `#${name}` }))
  const [typed] = readTags(text)
  if (!typed || hasTag(known, typed) || hasTag(chosen, typed)) return found
  return [...found, { name: typed, label: editorTexts.createTag({ tag: typed }) }]
}
