import { useState } from 'react'
import { Popover } from '../components/popover.tsx'
import { menuTexts as t } from './menu-texts.ts'
import { useOrganizing } from './organizing.ts'
import type { OverlayProps } from './overlays.ts'
import { isSameTag, type Task } from './task.ts'
import { useOutbox } from './task-services.ts'
import { useTags } from './use-view.ts'

/** Puts tags on all of them and takes them off. */
export default function TagMenu({ tasks: chosen, anchor, onClose }: OverlayProps<'tags'>) {
  const actions = useOrganizing()
  const { locals } = useOutbox()
  const tasks = chosen.map(task => locals.get(task.id)?.task ?? task)
  const [text, setText] = useState('')
  const name = text.trim().replace(/^#/, '')
  const isValid = /^[^\s#/,]{1,50}$/u.test(name)
  const add = (event: React.SubmitEvent) => {
    event.preventDefault()
    if (!isValid) return
    actions.tag(tasks, name, true)
    setText('')
  }
  return (
    <Popover anchor={anchor} label={t.tagTitle} onClose={onClose}>
      <form onSubmit={add} className="flex gap-2 p-1 pb-2">
        <input
          className="input min-h-9 min-w-0 flex-1"
          aria-label={t.newTag}
          placeholder={t.newTag}
          maxLength={51}
          autoComplete="off"
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <button type="submit" className="btn btn-quiet min-h-9" aria-disabled={!isValid}>
          {t.addTag}
        </button>
      </form>
      <TagBoxes tasks={tasks} />
    </Popover>
  )
}

function TagBoxes({ tasks }: { tasks: readonly Task[] }) {
  const { data: known = [] } = useTags()
  const actions = useOrganizing()
  const names = [...known.map(tag => tag.name), ...tasks.flatMap(task => task.tags)]
  const unique = names.filter((name, at) => names.findIndex(other => isSameTag(other, name)) === at)
  if (unique.length === 0) return <p className="px-2 pb-2 text-sm text-ink-3">{t.noTags}</p>
  return unique.map(name => {
    const having = tasks.filter(task => task.tags.some(tag => isSameTag(tag, name))).length
    return (
      <label key={name} className="menu-item">
        <input
          type="checkbox"
          className="check check-square"
          ref={box => {
            if (box) box.indeterminate = having > 0 && having < tasks.length
          }}
          checked={having === tasks.length}
          onChange={event => actions.tag(tasks, name, event.target.checked)}
        />
        <span className="wrap-anywhere">#{name}</span>
      </label>
    )
  })
}
