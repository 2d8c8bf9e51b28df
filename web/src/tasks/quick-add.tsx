import { Plus } from 'lucide-react'
import { type RefObject, type SubmitEvent, useRef, useState } from 'react'
import { failureOf } from '../http.ts'
import { randomKey } from '../random-key.ts'
import { drafts } from '../session/current.ts'
import { SessionEnded } from '../session/session.ts'
import { explain, texts } from '../texts.ts'
import { LONGEST_TITLE } from './task.ts'
import { useTaskServices } from './task-services.ts'
import { type NewTask, useAddTask } from './use-tasks.ts'

type Props = { input: RefObject<HTMLInputElement | null>; onAdded(title: string): void }
type Unsent = NewTask & { reason: string }

const DRAFT = 'add'

export function QuickAdd({ input, onAdded }: Props) {
  const { user } = useTaskServices()
  const [text, setText] = useState(() => drafts.read(user.id, DRAFT))
  const [unsent, setUnsent] = useState<Unsent | null>(null)
  const latest = useRef(text)
  const write = (next: string) => {
    latest.current = next
    setText(next)
    drafts.write(user.id, DRAFT, next)
  }
  const add = useAddTask((task, error) => {
    // Back into the field; what has been typed meanwhile is kept behind it. In the draft either way, since a
    // session that ended takes this field away.
    write(latest.current ? `${task.title} ${latest.current}` : task.title)
    if (!(error instanceof SessionEnded)) setUnsent({ ...task, reason: explain(failureOf(error)) })
  })

  const title = text.trim()
  const over = [...title].length - LONGEST_TITLE
  const problem =
    over > 0 ? texts.tasks.tooLong(over) : unsent && `${texts.tasks.addFailed(unsent.title)} ${unsent.reason}`

  function submit(event: SubmitEvent) {
    event.preventDefault()
    input.current?.focus()
    if (!title || over > 0) return
    // The same text again is the same request again: its key keeps the server from adding it twice.
    const key = unsent?.title === title ? unsent.key : randomKey()
    write('')
    setUnsent(null)
    add.mutate({ title, key }, { onSuccess: () => onAdded(title) })
  }

  return (
    <form onSubmit={submit} className="mb-4">
      <div className="focus-frame flex items-center rounded-xl bg-surface">
        <Plus size={19} aria-hidden="true" className="mx-3 flex-none text-ink-3" />
        <input
          ref={input}
          className="h-12 min-w-0 flex-1 bg-transparent text-base placeholder:text-ink-3 placeholder:opacity-100 focus:outline-none"
          aria-label={texts.tasks.add}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'quick-add-problem' : undefined}
          aria-keyshortcuts="q n"
          placeholder={texts.tasks.addHint}
          autoComplete="off"
          enterKeyHint="done"
          value={text}
          onChange={event => write(event.target.value)}
          onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
        />
        {title ? (
          <button type="submit" className="btn btn-primary me-1.5 min-h-9 rounded-md px-3.5">
            {texts.tasks.addButton}
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
