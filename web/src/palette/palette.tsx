import { Search, X } from 'lucide-react'
import { Fragment, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { Keys } from '../components/keys.tsx'
import { useShortcuts } from '../components/shortcuts.ts'
import type { OverlayProps } from '../tasks/overlays.ts'
import { taskIdAt } from '../tasks/row-focus.ts'
import { getSelection } from '../tasks/selection.ts'
import type { Task } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { type FoundTasks, useFoundTasks } from './found-tasks.ts'
import { type Found, findItems } from './item.ts'
import { Option } from './option.tsx'
import { paletteTexts as t } from './palette-texts.ts'
import { readRecent, remember } from './recent.ts'
import { useChosenDeeds, useDeeds, useEverything, usePlaces, useTaskItems } from './use-items.ts'

/** Goes, finds and does: one field over everything. */
export default function Palette({ onClose }: OverlayProps<'palette'>) {
  const { user } = useTaskServices()
  const [query, setQuery] = useState('')
  const [chosenIds] = useState(findChosen)
  const [recent] = useState(() => readRecent(user.id))
  const dialog = useModal()
  const listId = useId()
  const found = useFoundTasks(query)
  const chosen = chosenIds.flatMap(id => found.tasks.find(task => task.id === id) ?? [])
  const items = useFound(query, chosen, recent, found)
  const [active, setActive] = useActive(query, items)
  useShortcuts([{ keys: 'Mod+k', group: 'general', label: t.title, inFields: true, run: onClose }], {
    within: dialog,
  })

  /** Closing gives the focus back first, so that what is done next finds the page as it was. */
  function choose(item: Found | undefined) {
    if (!item) return
    remember(user.id, item.id)
    flushSync(onClose)
    item.run()
  }

  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t.title}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={event => event.target === event.currentTarget && onClose()}
    >
      <div className="palette-box">
        <div className="palette-head">
          <Search size={19} aria-hidden="true" className="flex-none text-ink-3" />
          <input
            type="text"
            role="combobox"
            aria-label={t.title}
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={items[active] && optionId(listId, active)}
            aria-autocomplete="list"
            className="palette-field"
            placeholder={t.hint}
            maxLength={200}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            data-autofocus
            value={query}
            onChange={event => setQuery(event.target.value)}
            onKeyDown={event => {
              if (event.nativeEvent.isComposing) return
              const next = stepOf(event.key, active, items.length)
              if (next === null && event.key !== 'Enter') return
              event.preventDefault()
              if (next === null) choose(items[active])
              else setActive(next)
            }}
          />
          <button type="button" className="rounded-md" onClick={onClose}>
            <span className="sr-only">{t.close}</span>
            <span className="max-sm:hidden" aria-hidden="true">
              <Keys keys="Escape" />
            </span>
            <X size={20} aria-hidden="true" className="sm:hidden" />
          </button>
        </div>
        <Options
          {...{ listId, items, active, query, setActive, choose }}
          chosen={chosen.length === 1 ? chosen[0]!.title : t.selected}
          isSearching={found.isSearching}
        />
      </div>
    </dialog>
  )
}

/** The tasks that are selected, or the one that has the focus while the palette opens. */
function findChosen(): readonly string[] {
  const { ids } = getSelection()
  if (ids.size > 0) return [...ids]
  const focused = taskIdAt(document.activeElement)
  return focused ? [focused] : []
}

function useFound(query: string, chosen: readonly Task[], recent: readonly string[], found: FoundTasks) {
  const places = usePlaces()
  const deeds = useDeeds()
  const chosenDeeds = useChosenDeeds(chosen)
  const tasks = useTaskItems(found)
  const everything = useEverything(query)
  const items = findItems(query, [...chosenDeeds, ...places, ...deeds, ...tasks], recent)
  return [...items, ...everything.map(item => ({ ...item, at: [] }))]
}

/** The first line again whenever something else is asked; the same line while answers come in. */
function useActive(query: string, items: readonly Found[]) {
  const [at, setAt] = useState({ query, id: '' })
  const index = at.query === query ? items.findIndex(({ id }) => id === at.id) : 0
  const setActive = (next: number) => setAt({ query, id: items[next]?.id ?? '' })
  return [Math.max(index, 0), setActive] as const
}

function stepOf(key: string, active: number, length: number): number | null {
  if (length === 0) return null
  if (key === 'ArrowDown') return (active + 1) % length
  if (key === 'ArrowUp') return (active - 1 + length) % length
  if (key === 'PageDown') return Math.min(active + 8, length - 1)
  return key === 'PageUp' ? Math.max(active - 8, 0) : null
}

/** Open while it is there; the focus goes back to where it was. */
function useModal() {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return dialog
}

const optionId = (listId: string, at: number) => `${listId}-${at}`

const headings = (chosen: string): Record<Found['group'], string> => ({
  ...{ recent: t.recent, chosen, go: t.goTo, do: t.doThis, task: t.tasks, everything: '' },
})

type OptionsProps = {
  listId: string
  items: readonly Found[]
  active: number
  /** What the actions on tasks are about. */
  chosen: string
  query: string
  isSearching: boolean
  setActive(at: number): void
  choose(item: Found): void
}

function Options({ listId, items, active, chosen, query, isSearching, setActive, choose }: OptionsProps) {
  const titles = headings(chosen)
  const groups = [...new Set(items.map(({ group }) => group))]
  const hasFound = items.some(({ group }) => group !== 'everything')
  useEffect(() => {
    document.getElementById(optionId(listId, active))?.scrollIntoView({ block: 'nearest' })
  }, [listId, active])
  return (
    <>
      {/* A press must not take the focus out of the field. */}
      <div
        id={listId}
        role="listbox"
        tabIndex={-1}
        aria-label={t.title}
        aria-busy={isSearching}
        className="palette-list"
        onPointerDown={event => event.preventDefault()}
      >
        {groups.map(group => (
          // biome-ignore lint/a11y/useSemanticElements: options are grouped by role; a fieldset may not stand in a listbox
          <div key={group} role="group" aria-label={titles[group] || undefined}>
            {titles[group] && (
              <div className="palette-heading" aria-hidden="true">
                {titles[group]}
              </div>
            )}
            {items.map((item, at) =>
              item.group === group ? (
                <Option
                  key={item.id}
                  id={optionId(listId, at)}
                  item={item}
                  isActive={at === active}
                  onPoint={() => setActive(at)}
                  onChoose={() => choose(item)}
                />
              ) : (
                <Fragment key={item.id} />
              ),
            )}
          </div>
        ))}
      </div>
      <p role="status" className="palette-status">
        {query.trim() && !hasFound && !isSearching ? t.nothing : ''}
      </p>
    </>
  )
}
