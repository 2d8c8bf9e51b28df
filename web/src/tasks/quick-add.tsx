import { Plus } from 'lucide-react'
import { type RefObject, type SubmitEvent, useState } from 'react'
import { drafts } from '../session/current.ts'
import { currentDate } from '../today.ts'
import { LONGEST_TITLE } from './task.ts'
import { useActions, useTaskServices } from './task-services.ts'
import { taskTexts as t } from './task-texts.ts'
import { defaultsIn, type View } from './views.ts'

type Props = { view: View; input: RefObject<HTMLInputElement | null> }

const DRAFT = 'add'

export function QuickAdd({ view, input }: Props) {
  const { user } = useTaskServices()
  const actions = useActions()
  const [text, setText] = useState(() => drafts.read(user.id, DRAFT))
  const write = (next: string) => {
    setText(next)
    drafts.write(user.id, DRAFT, next)
  }
  const title = text.trim()
  const over = [...title].length - LONGEST_TITLE
  const problem = over > 0 ? t.tooLong(over) : ''
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!title || problem) return
    actions.add([{ ...defaultsIn(view, currentDate()), title }])
    write('')
    input.current?.focus()
  }
  return (
    <form onSubmit={submit} className="mb-4">
      <div className="focus-frame flex items-center rounded-xl bg-surface">
        <Plus size={19} aria-hidden="true" className="mx-3 flex-none text-ink-3" />
        <input
          ref={input}
          className="h-12 min-w-0 flex-1 bg-transparent text-base placeholder:text-ink-3 placeholder:opacity-100 focus:outline-none"
          aria-label={t.add}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'quick-add-problem' : undefined}
          aria-keyshortcuts="q n"
          placeholder={t.addHint}
          autoComplete="off"
          enterKeyHint="done"
          value={text}
          onChange={event => write(event.target.value)}
          onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
        />
        {title ? (
          <button type="submit" className="btn btn-primary me-1.5 min-h-9 rounded-md px-3.5">
            {t.addButton}
          </button>
        ) : (
          <span className="kbd me-3 hidden sm:inline-grid" aria-hidden="true">
            Q
          </span>
        )}
      </div>
      <p
        id="quick-add-problem"
        role="alert"
        className="px-1 pt-2 text-sm wrap-anywhere text-danger empty:hidden"
      >
        {problem}
      </p>
    </form>
  )
}
