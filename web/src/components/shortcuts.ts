/**
 * Every keyboard shortcut of the page, in one registry: what acts, what the help lists and what the hint after `g`
 * offers are the same list. A component says which keys it knows by `useShortcuts`; they act while it is there.
 *
 *   useShortcuts([
 *     { keys: 'e', group: 'task', label: t.edit, run: () => edit(focused()) },
 *     { keys: 'Shift+j', group: 'list', label: t.selectNext, repeats: true, run: () => selectBy(1) },
 *     { keys: 'g t', group: 'go', label: t.today, run: () => navigate('/today') },
 *     { keys: 'Mod+z', group: 'task', label: t.undo, when: canUndo, run: undo },
 *   ])
 *   useShortcuts([{ keys: 'Mod+Enter', … }], { within: dialogRef })
 *
 * Keys are what is printed on them (`event.key`), whatever the layout: a lower-case letter, a character such as `#`
 * or `?`, or a named key such as `Delete` or `ArrowUp`. `Mod` is ⌘ on a Mac and Ctrl elsewhere. Characters that are
 * no letters carry no Shift or Alt, since layouts differ in what they need for them. A blank makes a sequence of two.
 */
import { type RefObject, useEffect, useRef, useSyncExternalStore } from 'react'
import { areSingleKeysOn } from '../preferences.ts'
import { isMac } from './is-mac.ts'
import { isCharacters, nameKey } from './key-name.ts'

export type ShortcutGroup = 'general' | 'go' | 'list' | 'task'

export type Shortcut = {
  /** One way to press it, or several. */
  keys: string | readonly string[]
  /** What it does, in the page's language, for the help. */
  label: string
  group: ShortcutGroup
  run(event: KeyboardEvent): void
  /** When false the key is left alone, as if nothing were registered. */
  when?(): boolean
  /** Acts in a text field too: only for keys with a modifier. */
  inFields?: boolean
  /** Acts again and again while the key is held. */
  repeats?: boolean
}

type Scope = { within?: RefObject<HTMLElement | null> }
type Entry = { shortcuts: RefObject<readonly Shortcut[]>; within?: Scope['within'] }

/** Later ones come first, so that the part of the page that was opened last has the say. */
const entries: Entry[] = []
const SEQUENCE_TIME = 4_000
const FIELDS =
  'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])'
const OWN_KEYS = '[role=menu], [role=listbox], [role=combobox]'

let started = ''
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** Acts while the component is mounted; `within` names the dialog it belongs to. */
export function useShortcuts(shortcuts: readonly Shortcut[], { within }: Scope = {}) {
  const current = useRef(shortcuts)
  current.current = shortcuts
  useEffect(() => {
    const entry = { shortcuts: current, within }
    entries.unshift(entry)
    if (entries.length === 1) addEventListener('keydown', onKeyDown)
    return () => {
      entries.splice(entries.indexOf(entry), 1)
      if (entries.length === 0) removeEventListener('keydown', onKeyDown)
    }
  }, [within])
}

/** All that the page itself registered, for the help. What belongs to a dialog is said there. */
export const listShortcuts = (): readonly Shortcut[] =>
  entries.toReversed().flatMap(({ shortcuts, within }) => (within ? [] : shortcuts.current))

/** The first key of a sequence that waits for its second, or nothing. */
export const useStartedSequence = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => started,
  )

export const keysOf = ({ keys }: Pick<Shortcut, 'keys'>): readonly string[] =>
  typeof keys === 'string' ? [keys] : keys

function setStarted(key: string) {
  clearTimeout(timer)
  if (key) timer = setTimeout(setStarted, SEQUENCE_TIME, '')
  if (started === key) return
  started = key
  for (const listener of listeners) listener()
}

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || isComposing(event) || isModifier(event.key)) return
  const key = nameKey(event, isMac())
  const pressed = started ? `${started} ${key}` : key
  const before = started
  setStarted('')
  const usable = entries.filter(entry => mayAct(entry.within)).flatMap(({ shortcuts }) => shortcuts.current)
  const inField = ownsItsKeys(event.target)
  const act = usable.find(shortcut => fits(shortcut, pressed, inField) && (shortcut.when?.() ?? true))
  if (act) {
    event.preventDefault()
    if (!event.repeat || act.repeats) act.run(event)
  } else if (before && key === 'Escape') event.preventDefault()
  else if (!before && usable.some(shortcut => fits(shortcut, `${key} `, inField, true))) setStarted(key)
}

function fits(shortcut: Shortcut, pressed: string, inField: boolean, asStart = false): boolean {
  if (inField && !shortcut.inFields) return false
  return keysOf(shortcut).some(keys => {
    const same = asStart ? keys.startsWith(pressed) : keys === pressed
    // WCAG 2.1.4: what is pressed as a mere character can be switched off.
    return same && (areSingleKeysOn() || !isCharacters(keys))
  })
}

/** While a dialog is open, only what belongs to the one on top may act. */
function mayAct(within: Scope['within']): boolean {
  const open = [...document.querySelectorAll('dialog:modal')]
  const top = document.activeElement?.closest('dialog:modal') ?? open.at(-1) ?? null
  return within ? within.current !== null && within.current.closest('dialog') === top : top === null
}

function ownsItsKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${FIELDS}, ${OWN_KEYS}`) !== null
}

/** Safari ends a composition before the key that ended it; 229 is how it says so. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229

const isModifier = (key: string) =>
  ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead'].includes(key)
